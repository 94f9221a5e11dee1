package repl

import (
	"strings"
	"testing"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/wire"
)

// RAW-02, RAW-03, I12: the forms of a target, and what is none.
func TestTarget(t *testing.T) {
	sh := testShell()
	tcp, http, unix := *sh.protocol("tcp"), *sh.protocol("http"), *sh.protocol("unix")
	for _, c := range []struct {
		p         protocols.Protocol
		listening bool
		words     string
		n         int
		want      string
	}{
		{tcp, false, "localhost 12345 rest", 2, "localhost:12345"},
		{tcp, false, "localhost smtp", 2, "localhost:25"},
		{tcp, false, "localhost:12345 rest", 1, "localhost:12345"},
		{tcp, false, "[::1]:80", 1, "[::1]:80"},
		{tcp, false, "::1 80", 2, "[::1]:80"},
		{tcp, false, "[::1] 80", 2, "[::1]:80"},
		{tcp, false, "tcp://h:1", 1, "h:1"},
		{tcp, false, "2130706433 80", 2, "127.0.0.1:80"},
		{tcp, true, ":12345", 1, ":12345"},
		{tcp, true, "12345", 1, ":12345"},
		{tcp, true, "127.0.0.1:0", 1, "127.0.0.1:0"},
		{tcp, true, "0.0.0.0 80", 2, "0.0.0.0:80"},
		{http, false, "example.org", 1, "example.org:80"},
		{http, false, "example.org/x?a=1&b=2", 1, "example.org:80"},
		{http, false, "https://example.org/x", 1, "example.org:443"},
		{http, false, ":8080/x", 1, "localhost:8080"},
		{http, false, "ann@example.org", 1, "example.org:80"},
		{http, false, "ann@example.org 8080", 2, "example.org:8080"},
		{unix, false, "/run/x", 1, "/run/x"},
		{unix, false, "@x", 1, "@x"},
		{unix, false, "unix:///run/x", 1, "/run/x"},
		{unix, false, "unix:/run/x", 1, "/run/x"},

		{tcp, false, "localhost", 0, "? missing port"},
		{tcp, false, "", 0, "? missing HOST PORT"},
		{tcp, false, "http://h/", 0, "? not a scheme of tcp"},
		{tcp, false, "h:99999", 0, "? 99999"},
		{http, false, "http://h:99999/", 0, "?"},
		{http, false, `http://good\@evil/`, 0, "? backslash"},
		{http, false, "http://[::1%25x/", 0, "?"},
		{http, false, "http:///x", 0, "? no host"},
		{http, false, "http://u:secret@h:x/", 0, "?"},
	} {
		got, n, err := target(c.p, strings.Fields(c.words), c.listening)
		if want, bad := strings.CutPrefix(c.want, "?"); bad {
			if err == nil || !strings.Contains(err.Error(), strings.TrimSpace(want)) {
				t.Errorf("%s %s: %v, %v; want an error with %q", c.p.Name, c.words, got, err, want)
			} else if strings.Contains(err.Error(), "secret") {
				t.Errorf("%s: the password is in %q", c.words, err)
			} else if k := fault.Of(err); k != fault.Usage && k != fault.BadArgument {
				t.Errorf("%s: kind %v", c.words, k)
			}
			continue
		}
		if err != nil || n != c.n || got.Address() != c.want {
			t.Errorf("%s %s: %v, %d, %v; want %s, %d", c.p.Name, c.words, got, n, err, c.want, c.n)
		}
	}
	for _, w := range []string{"h\r\nX:1", "h\x00:1", "h\n"} {
		if _, _, err := target(tcp, []string{w, "1"}, false); fault.Of(err) != fault.BadArgument {
			t.Errorf("I01: %q: %v", w, err)
		}
	}
}

// X-06, C07: what history may keep.
func TestRedactLine(t *testing.T) {
	for line, want := range map[string]string{
		"login ann hunter2":                         "login ann ***",
		"login ann":                                 "login ann",
		"login -u ann":                              "login -u ann",
		"connect ftp://ann:hunter2@h/":              "connect ftp://ann:***@h/",
		"http get http://h/ -u ann:hunter2":         "http get http://h/ -u ann:***",
		`send "PASS hunter2\r\n"`:                   `send "PASS ***"`,
		"raw PASS hunter2":                          "raw PASS ***",
		`raw "a LOGIN ann hunter2"`:                 `raw "a LOGIN ann ***`,
		"raw AUTH PLAIN AGFubgBodW50ZXIy":           "raw AUTH PLAIN ***",
		"http get h Authorization:Bearer\\ hunter2": "http get h Authorization:***",
		"let PW = hunter2":                          "let PW = ***",
		"connect imap h --password hunter2":         "connect imap h --password ***",
		"set proxy-user ann:hunter2":                "set proxy-user ***",
		"send hello":                                "send hello",
	} {
		got, keep := redactLine(line)
		if !keep || strings.Contains(got, "hunter2") || strings.Contains(got, "AGFub") {
			t.Errorf("%s: kept as %q", line, got)
		} else if got != want {
			t.Logf("%s: %q rather than %q", line, got, want)
		}
	}
	if _, keep := redactLine(" anything"); keep {
		t.Error("a line that begins with a blank was kept")
	}
}

//
func TestCompare(t *testing.T) {
	for _, c := range []struct {
		v        any
		op, want string
		held     bool
	}{
		{"250", "==", "250", true},
		{float64(5), ">=", "5", true},
		{0.25, "<", "2s", true},
		{0.25, "<", "100ms", false},
		{"abc", "==", "abc", true},
		{"abc", "!=", "abc", false},
		{"9", "<", "10", true},
		{"250 ok", "~", "/^2.0/", true},
		{"a STARTTLS b", "has", "starttls", true},
		{[]any{"SIZE", "DSN"}, "has", "dsn", true},
		{[]any{"SIZE"}, "has", "SI", false},
	} {
		held, err := compare(c.v, c.op, c.want)
		if err != nil || held != c.held {
			t.Errorf("%v %s %s: %v, %v", c.v, c.op, c.want, held, err)
		}
	}
	if _, err := compare("a", "=>", "b"); fault.Of(err) != fault.Usage {
		t.Error(err)
	}
}

// SMTP-01: a port that is known for TLS means the scheme that has it, unless a
// scheme was typed.
func TestSecurePort(t *testing.T) {
	p := *testShell().protocol("http")
	for words, want := range map[string]string{
		"h 443": "https", "h:443": "https", "h 80": "http", "h 8443": "http", "http://h:443/": "http", "https://h:80/": "https",
	} {
		if got, _, err := target(p, strings.Fields(words), false); err != nil || got.Scheme.Name != want || got.URL.Scheme != want {
			t.Errorf("%s: %s, %v", words, got.Scheme.Name, err)
		}
	}
}

// A host that is called as a scheme is, with a port and perhaps a path, is no
// URL without a host (RFC 5538).
func TestHostless(t *testing.T) {
	t.Setenv("NEWSTEST", "usual.example")
	p := protocols.Protocol{Name: "nntp", Schemes: []wire.Scheme{{Name: "nntp", Port: "119"}, {Name: "news", Port: "119", Server: "NEWSTEST"}}}
	for word, want := range map[string]string{
		"news:1119": "news:1119 ", "news:1119/": "news:1119 /", "news:1119/misc.test": "news:1119 /misc.test",
		"news:misc.test": "usual.example:119 /misc.test", "news:11x@example.org": "usual.example:119 /11x@example.org", "news:99999/g": "?",
	} {
		got := ""
		if u, _, err := target(p, []string{word}, false); err != nil {
			got = "?"
		} else {
			got = u.Address() + " " + u.Path
		}
		if !strings.HasPrefix(want, "?") && got != want || strings.HasPrefix(want, "?") != (got == "?") {
			t.Errorf("%s: %q, want %q", word, got, want)
		}
	}
}
