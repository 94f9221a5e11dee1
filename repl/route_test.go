package repl

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/verb"
	"wireline/protocols/wire"
)

// fake is a session that does nothing.
type fake struct {
	where string
	do    func(words []string) // what its verbs do; nil: nothing
	fails error                // what they fail with
}

func (f *fake) Where() string { return f.where }
func (f *fake) Close() error  { return nil }

func (f *fake) Do(_ context.Context, a struct {
	Words []string `arg:"word..." help:"any"`
}) (any, error) {
	if f.do != nil {
		f.do(a.Words)
	}
	return nil, f.fails
}

func opener(p protocols.Peer, _ context.Context, _ struct{}) (protocols.Session, error) {
	if p.Target.URL != nil && p.Target.Hostname() == "silent" {
		return nil, fault.New(fault.Timeout, "no answer")
	}
	return &fake{}, nil
}

// testShell has a stream protocol without a default port, one with URLs and
// numbers, and one on paths.
func testShell() *Shell {
	connect := verb.Verb{Name: "connect", Run: verb.Call(opener)}
	listen := verb.Verb{Name: "listen", Run: verb.Call(opener)}
	do := verb.Call((*fake).Do)
	return New(Config{Protocols: []protocols.Protocol{
		{Name: "tcp", Once: true, Schemes: []wire.Scheme{{Name: "tcp"}}, Open: []verb.Verb{connect, listen},
			Verbs: []verb.Verb{{Name: "send", Run: do}, {Name: "interact", Run: do}}},
		{Name: "http", Schemes: []wire.Scheme{{Name: "http", Port: "80"}, {Name: "https", Port: "443", Security: wire.TLS}}, Open: []verb.Verb{connect},
			Verbs: []verb.Verb{{Name: "get", Aliases: []string{"fetch"}, Run: do}, {Name: "follow", Number: true, Run: do}},
			Route: func(u *url.URL) (string, []string) { return "get", []string{u.String()} }},
		{Name: "unix", Schemes: []wire.Scheme{{Name: "unix", Network: "unix"}}, Open: []verb.Verb{connect}},
	}})
}

func (sh *Shell) fakeSession(proto, host string) *session {
	p := sh.protocol(proto)
	s := &session{Session: &fake{}, proto: *p, wire: &wire.Dialer{}, target: wire.Target{URL: &url.URL{Host: host}, Scheme: p.Schemes[0]}}
	sh.add(s)
	return s
}

// GRAMMAR §2: the order of resolution.
func TestRoute(t *testing.T) {
	for _, c := range []struct {
		open string // protocols with a session, oldest first
		line string
		want string // verb, then ! if it opens, #N for its session, its words
	}{
		{"", "connect tcp h 1", "connect! h 1"},
		{"", "open tcp h 1", "connect! h 1"},
		{"", "tcp connect h 1", "connect! h 1"},
		{"", "connect -4 tcp h 1", "connect! -4 h 1"},
		{"", "connect http://h/", "connect! http://h/"},
		{"", "open https://h/", "connect! https://h/"},
		{"", "listen tcp :1", "listen! :1"},
		{"", "tcp listen :1", "listen! :1"},
		{"", "http get http://h/", "get http://h/"},
		{"", "http http://h/", "get http://h/"},
		{"", "http fetch http://h/", "get http://h/"},
		{"", "http h/x q==v", "get h/x q==v"},
		{"", "http://h/x", "connect! http://h/x"},
		{"", "tcp h 1", "connect! h 1"},
		{"", "tcp h:1", "connect! h:1"},
		{"", "unix /run/x", "connect! /run/x"},
		{"tcp", "send hi", "send #1 hi"},
		{"tcp http", "send hi", "? http cannot send"},
		{"tcp http", "tcp send hi", "send hi"},
		{"tcp http", "@1 send hi", "send #1 hi"},
		{"tcp http", "@2 get x", "get #2 x"},
		{"tcp http", "7", "follow #2 7"},
		{"tcp", "7", "? unknown command"},
		{"http tcp", "interact", "interact #2 "},
		{"http", "interact", "? http cannot interact"},
		{"", "interact", "? no session is open"},
		{"tcp", "close", "close #1 "},
		{"", "@1", "? no session 1"},
		{"tcp", "@1", "use #1 1"},
		{"", "send hi", "? no session is open"},
		{"", "http", "? missing verb"},
		{"", "http --help", "help http"},
		{"", "http -h", "help http"},
		{"", "http help get", "help http get"},
		{"", "http gte http://h/", "? did you mean get?"},
		{"", "connect ftp h", "? no protocol, URL or bookmark; did you mean tcp?"},
		{"", "listen http", "? http cannot listen"},
		{"", "conect tcp h 1", "? did you mean connect?"},
		{"", "robots x", "? robots is not built in"},
		{"", "-4 connect tcp h 1", "connect! -4 h 1"},
		{"", "-k -t 3 http get http://h/", "get -k -t 3 http://h/"},
		{"", "http -kx p get http://h/", "get -kx p http://h/"},
		{"", "-q http --json http://h/", "get -q --json http://h/"},
		{"http", "-q 7", "follow #1 -q 7"},
		{"http", "-q get x -k", "get #1 -q x -k"},
		{"http", "-o f fetch x", "get #1 -o f x"},
		{"", "-q -k", "? no command behind -q -k"},
		{"", "-o", "? no command behind -o"},
		{"", "-z http get x", "? no option -z before a command"},
		{"", "http -z get x", `? http has no verb "-z"`},
	} {
		t.Run(c.open+": "+c.line, func(t *testing.T) {
			sh := testShell()
			for _, p := range strings.Fields(c.open) {
				sh.fakeSession(p, "h:1")
			}
			at, words := "", strings.Fields(c.line)
			if strings.HasPrefix(words[0], "@") {
				at, words = words[0][1:], words[1:]
			}
			got, err := sh.route(at, words, false)
			if want, bad := strings.CutPrefix(c.want, "? "); bad {
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Fatalf("%v, want an error with %q", err, want)
				}
				if k := fault.Of(err); k != fault.Usage && k != fault.Unsupported {
					t.Errorf("kind %v", k)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			text := got.verb.Name
			if got.opens {
				text += "!"
			}
			if got.sess != nil {
				text += " #" + string(rune('0'+got.sess.id))
			}
			text += " " + strings.Join(got.words, " ")
			if text != c.want {
				t.Errorf("got %q, want %q", text, c.want)
			}
		})
	}
}

// No protocol may take a word of the shell, and the shell declares each of its
// words once.
func TestWords(t *testing.T) {
	seen := map[string]bool{}
	for _, v := range testShell().verbs() {
		for _, n := range append([]string{v.Name}, v.Aliases...) {
			if seen[n] {
				t.Errorf("%s is declared twice", n)
			}
			seen[n] = true
		}
		if v.Short == "" || len(v.Example) == 0 {
			t.Errorf("%s lacks a line of help or an example", v.Name)
		}
	}
	for n := range seen {
		if !contains(protocols.ShellWords, n) && n != "cp" { // a protocol may have its own
			t.Errorf("%s is a verb of the shell and not in ShellWords", n)
		}
	}
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

func FuzzRoute(f *testing.F) {
	for _, s := range []string{"connect tcp h 1", "http h/x", "@1 send", "7", "unix @x", "tcp [::1]:80", "open http://u:p@h:1/x#f"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, line string) {
		words := strings.Fields(line)
		if len(words) == 0 {
			return
		}
		sh := testShell()
		sh.fakeSession("http", "h:1")
		c, err := sh.route("", words, false)
		if err == nil && c.verb.Name == "" {
			t.Errorf("%q led to a verb without a name", line)
		}
	})
}
