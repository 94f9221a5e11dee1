package imap_test

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"wireline/protocols/fault"
	"wireline/protocols/imap"
)

// IMAP-01, S06: TLS may begin in an open session, as with imaplib's starttls;
// what the server said it could before that is asked anew.
func TestDovecotStarttls(t *testing.T) {
	r := dovecot(t, 1, "")
	cert, err := r.Cert()
	if err != nil {
		t.Fatal(err)
	}
	x := at(t, r.URL, "--no-login")
	x.wire.Options.CA = []string{cert}
	x.mustConnect()
	if v := x.must("starttls")[0].(imap.Secured); !strings.HasPrefix(v.Version, "TLS 1.") {
		t.Errorf("%+v", v)
	}
	x.fails(fault.Unsupported, "starttls")
	x.must("login")
	x.must("status", "INBOX")

	y := at(t, r.URL)
	y.mustConnect()
	y.fails(fault.Usage, "starttls")
	z := at(t, r.URL, "--no-login")
	z.mustConnect()
	z.fails(fault.TLSCert, "starttls")
	z.fails(fault.TLSCert, "noop") // nothing goes on in the clear
}

// S01, S02: what comes behind the go-ahead is not taken for an answer, and a
// server without STARTTLS is not asked for it.
func TestStarttlsInjected(t *testing.T) {
	x := talk(t, "* OK [CAPABILITY IMAP4rev1 STARTTLS] ready", func(c io.Writer, tag, line string) bool {
		fmt.Fprintf(c, "%s OK go\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n", tag)
		return true
	})
	x.flags = []string{"--no-login"}
	x.mustConnect()
	x.fails(fault.TLSRequired, "starttls")
	x.fails(fault.TLSRequired, "login")
	y := play(t, "S: * OK [CAPABILITY IMAP4rev1] ready\nC: X1 LOGOUT\nS: X1 OK\n")
	y.flags = []string{"--no-login"}
	y.mustConnect()
	y.fails(fault.Unsupported, "starttls")
}
