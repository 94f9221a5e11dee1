package smtp_test

import (
	"slices"
	"testing"

	"go.uber.org/goleak"

	"wireline/protocols/conformance"
	"wireline/protocols/smtp"
	"wireline/protocols/verb"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// same are the arguments of send that are no other with LMTP.
var same = []string{"send.from", "send.to", "send.cc", "send.bcc", "send.subject", "send.reply-to", "send.header", "send.envid", "send.orcpt", "send.mail-param"}

// The text of a message is the user's: lines of it are no injection.
var texts = conformance.Raw("send.body", "send.html")

func Test(t *testing.T) {
	conformance.Test(t, smtp.Protocols()[0], "testdata", texts)
}

// LMTP has the verbs of SMTP, of which those that differ are tested again.
func TestLMTP(t *testing.T) {
	p := smtp.Protocols()[1]
	p.Verbs = slices.DeleteFunc(slices.Clone(p.Verbs), func(v verb.Verb) bool { return v.Name != "lhlo" && v.Name != "send" })
	exempt := append([]string{"send.body", "send.html"}, same...)
	conformance.Test(t, p, "testdata/lmtp", conformance.Raw(exempt...))
}
