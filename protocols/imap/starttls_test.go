package imap_test

import (
	"encoding/base64"
	"maps"
	"slices"
	"strings"
	"testing"

	"wireline/protocols/conformance"
	"wireline/protocols/fault"
	"wireline/protocols/wire"
)

// Q8, S01 to S06, M01: what somebody who sits between may do to a client that
// wants TLS. Nothing of a login goes in the clear, nothing that was said in the
// clear counts inside, and none of it is followed.
func TestStartTLSTable(t *testing.T) {
	const (
		hello = "* OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] ready\r\n"
		goes  = "a OK go\r\n"
	)
	type answers = map[string]string
	plain := func(starttls string) answers { return answers{"A": starttls} }
	ok := answers{
		"X1": "* CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR\r\nX1 OK\r\n",
		"T1": "T1 OK [CAPABILITY IMAP4rev1] in\r\n",
		"X2": "X2 OK bye\r\n",
	}
	but := func(tag, say string) answers {
		m := maps.Clone(ok)
		m[tag] = say
		return m
	}
	for _, c := range []struct {
		name     string
		greeting string
		plain    answers
		after    string
		secure   answers
		hail     string
		kind     *fault.Kind
	}{
		{"as it should be", hello, plain(goes), "", ok, "", nil},
		{"yes without words", hello, plain("a OK\r\n"), "", ok, "", nil},
		{"untagged before the go-ahead", hello, plain("* OK [ALERT] now\r\n" + goes), "", ok, "", nil},
		{"not offered, but done", "* OK [CAPABILITY IMAP4rev1] ready\r\n", plain(goes), "", ok, "", nil},
		{"no capabilities told", "* OK ready\r\n", plain(goes), "", ok, "", nil},
		{"mechanisms of the clear do not count", "* OK [CAPABILITY IMAP4rev1 STARTTLS AUTH=X] ready\r\n", plain(goes), "", ok, "", nil},
		{"an alert of the clear", "* OK [ALERT] type your password at evil.example\r\n", plain(goes), "", ok, "", nil},

		{"refused", hello, plain("a NO not today\r\n"), "", nil, "", fault.TLSRequired},
		{"unknown", hello, plain("a BAD what\r\n"), "", nil, "", fault.TLSRequired},
		{"refused, then yes", hello, plain("a NO no\r\n" + goes), "", nil, "", fault.TLSRequired},
		{"logged in instead", hello, plain("* PREAUTH in\r\na NO no\r\n"), "", nil, "", fault.TLSRequired},
		{"another tag", hello, plain("b OK go\r\n"), "", ok, "", fault.TLSRequired},
		{"no tag", hello, plain("OK go\r\n"), "", ok, "", fault.TLSRequired},
		{"asks for more", hello, plain("+ go\r\n"), "", ok, "", fault.TLSRequired},
		{"of another protocol", hello, plain("220 go\r\n"), "", ok, "", fault.TLSRequired},
		{"empty line", hello, plain("\r\n"), "", ok, "", fault.TLSRequired},
		{"hangs up", hello, plain(""), "", nil, "", fault.Recv},

		{"capabilities behind the go-ahead", hello, plain(goes + "* CAPABILITY IMAP4rev1 AUTH=LOGIN\r\n"), "", ok, "", fault.TLSRequired},
		{"an answer behind the go-ahead", hello, plain(goes + "X1 OK [CAPABILITY IMAP4rev1] go\r\n"), "", ok, "", fault.TLSRequired},
		{"logged in behind the go-ahead", hello, plain(goes + "* PREAUTH in\r\n"), "", ok, "", fault.TLSRequired},
		{"half a line behind the go-ahead", hello, plain(goes + "*"), "", ok, "", fault.TLSRequired},
		{"words before the handshake", hello, plain(goes), "* BYE EVIL\r\n", ok, "", fault.TLSHandshake},
		{"the answer behind the greeting", hello + goes, plain(goes), "", ok, "", fault.TLSRequired},
		{"a refusal behind the greeting", hello + "a NO no\r\n", plain(goes), "", ok, "", fault.TLSRequired},

		{"logged in before TLS", "* PREAUTH [CAPABILITY IMAP4rev1] in\r\n", plain(goes), "", ok, "", fault.TLSRequired},
		{"greeting of another protocol", "220 mx\r\n", plain(goes), "", ok, "", fault.Protocol},
		{"greeting with a tag", "a OK ready\r\n", plain(goes), "", ok, "", fault.Protocol},
		{"greeting that says no", "* NO ready\r\n", plain(goes), "", ok, "", fault.Protocol},
		{"greeting that says bad", "* BAD ready\r\n", plain(goes), "", ok, "", fault.Protocol},
		{"greeting that is goodbye", "* BYE full\r\n", plain(goes), "", ok, "", fault.Refused},
		{"greeting that refers elsewhere", "* BYE [REFERRAL imap://evil.example/] go there\r\n", plain(goes), "", ok, "", fault.Refused},

		{"inside it hangs up", hello, plain(goes), "", but("X1", ""), "", fault.Recv},
		{"inside nobody may log in", hello, plain(goes), "", but("X1", "* CAPABILITY IMAP4rev1 LOGINDISABLED\r\nX1 OK\r\n"), "", fault.TLSRequired},
		{"inside the login is refused", hello, plain(goes), "", but("T1", "T1 NO [AUTHENTICATIONFAILED] no\r\n"), "", fault.Login},
		{"inside it refers elsewhere", hello, plain(goes), "", but("T1", "T1 NO [REFERRAL imap://evil.example/] go there\r\n"), "", fault.Login},
		{"inside another tag", hello, plain(goes), "", but("X1", "Y1 OK\r\n"), "", fault.Protocol},
		{"inside the login is answered before it is asked", hello, plain(goes), "", but("X1", "* CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR\r\nX1 OK\r\nZ1 OK in\r\n"), "", fault.Protocol},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			o := &conformance.Opening{Greeting: c.greeting, Plain: c.plain, Ask: "A", After: c.after, Secure: c.secure, Hail: c.hail, Else: "* BYE\r\n"}
			p := o.Start(t, scheme(t, "imap"))
			x := at(t, p.Target.URL.String())
			x.wire.Options = wire.Options{TLS: "require", Insecure: true}
			err := x.connect()
			if k := fault.Of(err); k != c.kind && !(c.kind == fault.TLSRequired && k == fault.TLSHandshake) {
				// The handshake meets what comes too late to be seen before it.
				t.Errorf("got %v [%v], want [%v]", err, fault.Of(err), c.kind)
			}
			if err == nil {
				x.sess.Close()
			}
			clear, secure := o.Heard()
			before, _, _ := strings.Cut(clear, "\x16\x03") // where the handshake begins
			for line := range strings.Lines(before) {
				if line != "a STARTTLS\r\n" && !strings.HasSuffix(line, " LOGOUT\r\n") {
					t.Errorf("said in the clear: %q", line)
				}
			}
			if strings.Contains(clear, "secret") || strings.Contains(clear, base64.StdEncoding.EncodeToString([]byte("\x00ann\x00secret"))) {
				t.Errorf("the password was said in the clear: %q", before)
			}
			if c.kind != nil && c.kind != fault.Login && c.kind != fault.Protocol && slices.Contains(secure, "T1") {
				t.Errorf("logged in all the same: %q", secure)
			}
			for _, said := range x.said() {
				if strings.Contains(said, "evil") {
					t.Errorf("passed on as the server's words: %q", said)
				}
			}
		})
	}
}
