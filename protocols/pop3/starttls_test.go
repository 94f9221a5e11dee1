package pop3_test

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"

	"wireline/protocols/conformance"
	"wireline/protocols/fault"
	"wireline/protocols/pop3"
	"wireline/protocols/wire"
)

// says is what a server says in the clear.
func says(capa, stls string) map[string]string {
	return map[string]string{"CAPA": capa, "STLS": stls, "USER": "+OK\r\n", "PASS": "+OK\r\n", "AUTH": "+OK\r\n", "APOP": "+OK\r\n", "STAT": "+OK 0 0\r\n", "QUIT": "+OK\r\n"}
}

// inside is what one says under TLS, with the capabilities of a login.
func inside(caps string) map[string]string {
	m := says("+OK\r\n"+caps+".\r\n", "-ERR\r\n")
	return m
}

// Q8, S01, S02, S05, S06: what somebody who sits between may do to a client that
// wants TLS. Nothing of a login goes in the clear, and nothing that was said
// in the clear counts inside.
func TestStlsTable(t *testing.T) {
	const hello, capa, goes = "+OK ready <1.2@mx>\r\n", "+OK\r\nSTLS\r\nUSER\r\n.\r\n", "+OK go\r\n"
	ok := inside("USER\r\n")
	for _, c := range []struct {
		name     string
		greeting string
		plain    map[string]string
		after    string
		secure   map[string]string
		hail     string
		kind     *fault.Kind
	}{
		{"as it should be", hello, says(capa, goes), "", ok, "", nil},
		{"yes without words", hello, says(capa, "+OK\r\n"), "", ok, "", nil},
		{"not offered, but done", hello, says("+OK\r\nUSER\r\n.\r\n", goes), "", ok, "", nil},
		{"CAPA unknown", hello, says("-ERR\r\n", goes), "", ok, "", nil},

		{"refused", hello, says(capa, "-ERR no\r\n"), "", nil, "", fault.TLSRequired},
		{"refused without words", hello, says(capa, "-ERR\r\n"), "", nil, "", fault.TLSRequired},
		{"refused, then yes", hello, says(capa, "-ERR no\r\n+OK go\r\n"), "", nil, "", fault.TLSRequired},
		{"not offered and refused", hello, says("+OK\r\nUSER\r\n.\r\n", "-ERR unknown\r\n"), "", nil, "", fault.TLSRequired},
		{"small letters", hello, says(capa, "+ok go\r\n"), "", nil, "", fault.TLSRequired},
		{"asks for more", hello, says(capa, "+ go\r\n"), "", nil, "", fault.TLSRequired},
		{"of another protocol", hello, says(capa, "220 go\r\n"), "", nil, "", fault.TLSRequired},
		{"empty line", hello, says(capa, "\r\n"), "", nil, "", fault.TLSRequired},
		{"hangs up", hello, says(capa, ""), "", nil, "", fault.Recv},

		{"reply behind the go-ahead", hello, says(capa, goes+"+OK logged in\r\n"), "", ok, "", fault.TLSRequired},
		{"capabilities behind it", hello, says(capa, goes+"+OK\r\nSASL PLAIN\r\n.\r\n"), "", ok, "", fault.TLSRequired},
		{"half a line behind it", hello, says(capa, goes+"+"), "", ok, "", fault.TLSRequired},
		{"words before the handshake", hello, says(capa, goes), "+OK EVIL\r\n", ok, "", fault.TLSHandshake},
		{"the answer behind the greeting", hello + goes, says(capa, goes), "", ok, "", fault.TLSRequired},
		{"a refusal behind the greeting", hello + "-ERR no\r\n", says(capa, goes), "", ok, "", fault.TLSRequired},

		{"no greeting of POP3", "220 mx\r\n", says(capa, goes), "", ok, "", fault.Protocol},
		{"greeting that refuses", "-ERR later\r\n", says(capa, goes), "", ok, "", fault.Refused},

		{"inside it hangs up", hello, says(capa, goes), "", map[string]string{"CAPA": ""}, "", fault.Recv},
		{"the login is refused inside", hello, says(capa, goes), "", map[string]string{"CAPA": "+OK\r\nUSER\r\n.\r\n", "USER": "-ERR no\r\n"}, "", fault.Login},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			o := &conformance.Opening{Greeting: c.greeting, Plain: c.plain, Ask: "STLS", After: c.after, Secure: c.secure, Hail: c.hail, Else: "-ERR\r\n"}
			u, err := connect(t, o.Start(t, pop3.Protocol().Schemes[0]).Target, wire.Options{TLS: "require", Insecure: true}, "-u", "ann")
			if k := fault.Of(err); k != c.kind && !(c.kind == fault.TLSRequired && k == fault.TLSHandshake) {
				// The handshake meets what comes too late to be seen before it.
				t.Errorf("got %v [%v], want [%v]", err, fault.Of(err), c.kind)
			}
			if strings.HasPrefix(c.name, "refused") && !strings.Contains(err.Error(), "unauthenticated server text") {
				t.Errorf("a refusal before TLS is told as the server's own words: %v", err) // S05
			}
			if err == nil {
				u.sess.Close()
			}
			clear, secure := o.Heard()
			plain, _, _ := strings.Cut(clear, "\x16\x03") // where the handshake begins
			for line := range strings.Lines(plain) {
				if line != "STLS\r\n" && line != "QUIT\r\n" {
					t.Errorf("said in the clear: %q", line)
				}
			}
			if strings.Contains(clear, password) || strings.Contains(clear, base64.StdEncoding.EncodeToString([]byte("\x00ann\x00"+password))) {
				t.Errorf("the password was said in the clear: %q", plain)
			}
			if c.kind != nil && slices.Contains(secure, "PASS") {
				t.Errorf("logged in all the same: %q", secure)
			}
		})
	}
}
