package ftp_test

import (
	"strings"
	"testing"

	"wireline/protocols/fault"
)

// Once a server has answered EPSV, the next EPSV and the command behind it are
// said in one go. Whatever the server makes of them, the answers are told
// apart, and the session lives. (F01, F02, FTP-06)
func TestBoth(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		later map[string]string
		shut  bool
		words string
		want  string
		kind  *fault.Kind
	}{
		{"again", nil, false, "cat x", "hello", nil},
		{"from a byte on", nil, false, "cat x --from 2", "hello", nil},
		{"EPSV refused", map[string]string{"EPSV": "500 no", "PASV": "227 (192,0,2,77,%h,%l)"}, false, "cat x", "hello", nil},
		{"EPSV with an address", map[string]string{"EPSV": "229 (|1|192.0.2.77|%d|)", "PASV": "227 (192,0,2,77,%h,%l)", "RETR x": "425 none"}, false, "cat x", "", fault.Connect},
		{"a port of others", map[string]string{"EPSV": "229 (|||22|)"}, false, "cat x", "", fault.Protocol},
		{"no port at all", map[string]string{"EPSV": "229 (|||99999|)", "RETR x": "425 none"}, false, "cat x", "", fault.Protocol},
		{"no such file", map[string]string{"RETR x": "550 no such file"}, false, "cat x", "", fault.NotFound},
		{"no such file, and nobody waits", map[string]string{"RETR x": "550 no such file", "ABOR": "226 nothing"}, true, "cat x", "", fault.NotFound},
		{"nobody waits", map[string]string{"RETR x": "425 none", "ABOR": "226 nothing"}, true, "cat x", "", fault.Connect},
		{"no REST", map[string]string{"REST": "502 no", "RETR x": "550 no"}, false, "cat x --from 2", "", fault.Unsupported},
		{"going down", map[string]string{"EPSV": "421 bye"}, false, "cat x", "hello", nil}, // on another connection
		{"done before it began", map[string]string{"RETR x": "226 done"}, false, "cat x", "", fault.Protocol},
		{"nonsense", map[string]string{"EPSV": "229"}, false, "cat x", "", fault.Protocol},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t, &fake{body: send("hello"), last: "226 done", later: c.later, shut: map[string]bool{}})
			if c.shut {
				f.shut["RETR x"] = true
			}
			s := must(t, f.url(), "--tls", "off", "--reply-timeout", "5")
			if got := s.ok("cat", "first"); got != "hello" {
				t.Fatalf("the first time it is %q", got)
			}
			got, err := s.run(strings.Fields(c.words)...)
			if got != c.want || fault.Of(err) != c.kind {
				t.Errorf("it is %q, %v of kind %v\n%s", got, err, fault.Of(err), f.said())
			}
			s.ok("noop")
		})
	}
}

// A server that refuses REST and sends all the same, from another byte than was
// asked for, is hung up on. (D10, F05)
func TestBothWithoutREST(t *testing.T) {
	t.Parallel()
	f := newFake(t, &fake{body: send("hello"), last: "226 done", later: map[string]string{"REST": "502 no"}})
	s := must(t, f.url(), "--tls", "off", "--reply-timeout", "5")
	s.ok("cat", "first")
	if got, err := s.run("cat", "x", "--from", "2"); fault.Of(err) != fault.Unsupported || got != "" {
		t.Errorf("it is %q, %v", got, err)
	}
	if s.ok("noop"); strings.Count(f.said(), "USER") != 2 {
		t.Errorf("the connection was kept:\n%s", f.said())
	}
}
