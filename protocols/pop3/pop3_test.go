package pop3_test

import (
	"testing"

	"go.uber.org/goleak"

	"wireline/protocols/conformance"
	"wireline/protocols/pop3"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func Test(t *testing.T) {
	conformance.Test(t, pop3.Protocol(), "testdata")
}
