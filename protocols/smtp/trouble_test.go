package smtp_test

import (
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"wireline/protocols/conformance"
	"wireline/protocols/fault"
	"wireline/protocols/smtp"
	"wireline/protocols/wire"
)

const small = "From: a@x.example\r\n\r\ntext\r\n"

const opening = `S: 220 mail.example ESMTP
C: EHLO [127.0.0.1]
S: 250-mail.example
S: 250 PIPELINING
`

// SMTP-02, S01, S02: TLS that is demanded and not to be had. SMTP-17: the
// phase says how far it came.
func TestNoSession(t *testing.T) {
	for _, c := range []struct {
		name, script string
		tls          string
		kind         *fault.Kind
		phase, text  string
	}{
		{"refused", "S: 554 5.7.1 go away\nS: close\n", "", fault.Refused, "greeting", "554 5.7.1 go away"},
		{"no smtp", "S: +OK POP3 here\n", "", fault.Protocol, "greeting", "no reply of SMTP"},
		{"silent end", "S: close\n", "", fault.Empty, "greeting", "before it greeted"},
		{"no hello", "S: 220 x\nC: EHLO [127.0.0.1]\nS: 550 no\nC: HELO [127.0.0.1]\nS: 550 no\n", "", fault.Refused, "helo", "550 no"},
		{"stripped", "S: 220 x\nC: EHLO localhost\nS: 250-x\nS: 250 HELP\n", "require", fault.TLSRequired, "tls", "does not offer STARTTLS"},
		{"no ehlo", "S: 220 x\nC: EHLO localhost\nS: 502 no\n", "require", fault.TLSRequired, "tls", "refuses EHLO"},
		{"refused tls", "S: 220 x\nC: EHLO localhost\nS: 250-x\nS: 250 STARTTLS\nC: STARTTLS\nS: 454 not now\n", "require", fault.TLSRequired, "tls", "454 not now"},
		{"injected", "S: 220 x\nC: EHLO localhost\nS: 250-x\nS: 250 STARTTLS\nC: STARTTLS\nS-raw: \"220 go\\r\\n250 EVIL\\r\\n\"\n", "require", fault.TLSRequired, "tls", "injected"},
	} {
		t.Run(c.name, func(t *testing.T) {
			peer := conformance.Play(t, smtp.Protocols()[0].Schemes[0], ended(c.script))
			_, err := connect(t, smtp.Protocols()[0], peer.Target, wire.Options{TLS: c.tls, Insecure: true}, "-u", "ann")
			fails(t, err, c.kind, c.phase, c.text)
		})
	}
}

// S01: text behind the go-ahead of the verb starttls.
func TestStarttlsInjected(t *testing.T) {
	u := meet(t, "S: 220 x\nC: EHLO [127.0.0.1]\nS: 250-x\nS: 250 STARTTLS\nC: STARTTLS\nS-raw: \"220 go\\r\\n250 EVIL\\r\\n\"\n")
	_, err := u.do(t.Context(), "starttls", "")
	fails(t, err, fault.TLSRequired, "tls", "injected")
	_, err = u.do(t.Context(), "noop", "")
	fails(t, err, fault.TLSRequired, "", "the session has ended")
}

// R02, R03: no reply to the message, no 354, 421 at any time.
func TestTrouble(t *testing.T) {
	const envelope = "C: MAIL FROM:<a@x.example>\nC: RCPT TO:<b@y>\nC: DATA\n"
	const message = "S: 250 ok\nS: 250 ok\nS: 354 go\nC: From: a@x.example\nC: \nC: text\nC: .\n"
	for _, c := range []struct {
		name, script string
		kind         *fault.Kind
		phase, text  string
		result       string
	}{
		{"lost", envelope + message + "S: close\n", fault.UnknownOutcome, "data", "did not say", "unknown"},
		{"lost early", envelope + "S: 250 ok\nS: close\n", fault.Recv, "mail", "before it answered RCPT", "not sent"},
		{"go-ahead is none", envelope + "S: 250 ok\nS: 250 ok\nS: 250 what\n", fault.Protocol, "data", "250 not what DATA should give", "refused"},
		{"no go-ahead", envelope + "S: 250 ok\nS: 250 ok\nS: 554 no\nC: RSET\nS: 250 ok\nC: QUIT\nS: 221 bye\n", fault.Refused, "data", "554 no", "refused"},
		{"refused late", envelope + message + "S: 451 4.3.0 later\nC: QUIT\nS: 221 bye\n", fault.Refused, "data", "451 4.3.0 later", "refused"},
		{"closing in rcpt", envelope + "S: 250 ok\nS: 421 4.3.2 going\nS: close\n", fault.Refused, "rcpt", "421 the server is closing", "refused"},
		{"closing after the message", envelope + message + "S: 421 4.3.2 going\nS: close\n", fault.Refused, "data", "421", "refused"},
		{"3xx for MAIL", envelope + "S: 354 go\n", fault.Protocol, "mail", "354 not what MAIL should give", "refused"},
		{"nonsense", envelope + "S: what?\n", fault.Protocol, "mail", "no reply of SMTP", "not sent"},
	} {
		t.Run(c.name, func(t *testing.T) {
			u := meet(t, opening+c.script)
			got, err := u.do(t.Context(), "send", small, "m.eml", "-t", "b@y")
			fails(t, err, c.kind, c.phase, c.text)
			contains(t, got, `"result":"`+c.result+`"`)
		})
	}
}

// SMTP-11: stop points.
func TestStopPoints(t *testing.T) {
	for _, c := range []struct{ flags, script string }{
		{"--quit-after connect", "C: QUIT\nS: 221 bye\n"},
		{"--quit-after mail", "C: MAIL FROM:<a@x.example>\nS: 250 ok\nC: QUIT\nS: 221 bye\n"},
		{"--quit-after rcpt", "C: MAIL FROM:<a@x.example>\nC: RCPT TO:<b@y>\nS: 250 ok\nS: 250 ok\nC: QUIT\nS: 221 bye\n"},
		{"--drop-after rcpt", "C: MAIL FROM:<a@x.example>\nC: RCPT TO:<b@y>\nS: 250 ok\nS: 250 ok\n"},
		{"--drop-after data", "C: MAIL FROM:<a@x.example>\nC: RCPT TO:<b@y>\nS: 250 ok\nS: 250 ok\nC: DATA\nS: 354 go\n"},
	} {
		t.Run(c.flags, func(t *testing.T) {
			u := meet(t, opening+c.script)
			if _, err := u.do(t.Context(), "send", small, append(strings.Fields(c.flags), "m.eml", "-t", "b@y")...); err != nil {
				t.Error(err)
			}
		})
	}
}

// L15: a login has at most ten rounds.
func TestEndlessLogin(t *testing.T) {
	script := "S: 220 x\nC: EHLO [127.0.0.1]\nS: 250-x\nS: 250 AUTH PLAIN\nC~: AUTH XOAUTH2 \\S+\n" +
		strings.Repeat("S: 334 \nC: \n", 10) + "S: 334 \nC: *\nS: 501 cancelled\nC: QUIT\nS: 221 bye\n"
	u := meet(t, script)
	_, err := u.do(t.Context(), "login", "", "-u", "ann", "--mech", "xoauth2")
	fails(t, err, fault.Login, "auth", "more than 10 steps")
}

// SMTP-18: nothing is sent.
func TestDryRun(t *testing.T) {
	u := meet(t, opening+"C: QUIT\nS: 221 bye\n")
	got, err := u.do(t.Context(), "send", "From: a@x.example\nBcc: c@z,\n d@z\nTo: b@y\n\n.text\n", "m.eml", "-n")
	if want := "From: a@x.example\r\nTo: b@y\r\n\r\n.text\r\n"; err != nil || got != want {
		t.Errorf("%q, %v; want %q", got, err, want)
	}
}

// S11: a server that waits for the client to speak first, as one does at a
// port of TLS.
func TestSilentPort(t *testing.T) {
	peer := conformance.Serve(t, smtp.Protocols()[0].Schemes[0], func(c net.Conn) { io.Copy(io.Discard, c) })
	_, err := connect(t, smtp.Protocols()[0], peer.Target, wire.Options{ReplyTime: 50 * time.Millisecond})
	fails(t, err, fault.Timeout, "greeting", "no complete reply")
	var f *fault.Error
	if !errors.As(err, &f) || !strings.Contains(f.Hint, "a scheme that ends in s") {
		t.Errorf("the hint is %q", f.Hint)
	}
}
