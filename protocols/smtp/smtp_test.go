package smtp_test

import (
	"testing"

	"go.uber.org/goleak"

	"wireline/protocols/conformance"
	"wireline/protocols/smtp"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// The text of a message is the user's: lines of it are no injection.
var texts = conformance.Raw("send.body", "send.html")

func Test(t *testing.T) {
	conformance.Test(t, smtp.Protocols()[0], "testdata", texts)
}

func TestLMTP(t *testing.T) {
	conformance.Test(t, smtp.Protocols()[1], "testdata/lmtp", texts)
}
