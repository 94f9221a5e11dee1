package repl

import (
	"context"
	"io"
	"strings"
	"testing"

	"wireline/protocols/verb"
	"wireline/repl/syntax"
)

// every example of the shell's own verbs parses, and names the verb it
// is shown for.
func TestExamples(t *testing.T) {
	sh := testShell()
	for _, v := range sh.verbs() {
		for _, line := range v.Example {
			s, err := syntax.Parse("", line)
			if err != nil {
				t.Errorf("%s: %v", line, err)
				continue
			}
			c := s.Lines[0].Items[0].Cmd
			if c.Let != "" {
				continue // let is part of the grammar
			}
			var words []string
			for _, w := range c.Words {
				x, err := w.Expand(&environment{ctx: t.Context(), sh: sh})
				if err != nil {
					t.Errorf("%s: %v", line, err)
				}
				words = append(words, x)
			}
			found, ok := verb.Find(sh.verbs(), words[0])
			if !ok || !v.Named(words[0]) && found.Short != v.Short && v.Name != "fg" {
				t.Errorf("%s is no example of %s", line, v.Name)
				continue
			}
			inv, err := found.Parse(verb.Env{}, words[1:], &sh.set.common, &sh.set.options)
			if err == nil {
				err = inv.Check()
			}
			if err != nil {
				t.Errorf("%s: %v", line, err)
			}
		}
	}
}

// Every setting can be set and put back.
func TestSettings(t *testing.T) {
	sh := testShell()
	for _, c := range []struct{ name, value, shown string }{
		{"timeout", "5", "5s"},
		{"tls", "require", "require"},
		{"ipv4", "", "true"},
		{"limits.line", "1k", "1024"},
		{"limits.reply", "2", "2s"},
	} {
		if _, err := sh.Set(t.Context(), SetArgs{Name: c.name, Value: []string{c.value}}); err != nil {
			t.Errorf("set %s %s: %v", c.name, c.value, err)
		}
		if got := shown(sh, c.name); got != c.shown {
			t.Errorf("%s is %q, want %q", c.name, got, c.shown)
		}
		before := shown(testShell(), c.name)
		if _, err := sh.Unset(t.Context(), UnsetArgs{Names: []string{c.name}}); err != nil || shown(sh, c.name) != before {
			t.Errorf("unset %s: %q, %v; want %q", c.name, shown(sh, c.name), err, before)
		}
	}
	for _, bad := range []SetArgs{{Name: "nosuch", Value: []string{"1"}}, {Name: "timeout", Value: []string{"soon"}}, {Name: "tls", Value: []string{"perhaps"}}, {Name: "insecure"}, {Name: "limits.nosuch", Value: []string{"1"}}, {Name: "tls", Value: []string{"perhaps"}, Host: "h"}, {Name: "json", Host: "h"}} {
		if _, err := sh.Set(t.Context(), bad); err == nil {
			t.Errorf("set %s %s was accepted", bad.Name, bad.Value)
		}
	}
}

func shown(sh *Shell, name string) string {
	for _, limits := range []bool{false, true} {
		for row := range sh.settingRows(limits) {
			if row.Name == name {
				return row.Value
			}
		}
	}
	return "?"
}

// X-07, RAW-08: sessions keep their numbers; the one before becomes current.
func TestSessions(t *testing.T) {
	sh := testShell()
	a, b := sh.fakeSession("tcp", "a:1"), sh.fakeSession("http", "b:1")
	if a.id != 1 || b.id != 2 || sh.here() != b {
		t.Fatalf("%d, %d, current %v", a.id, b.id, sh.here())
	}
	if err := sh.finish(t.Context(), b, true); err != nil || sh.here() != a {
		t.Errorf("%v, current %v", err, sh.here())
	}
	if c := sh.fakeSession("tcp", "c:1"); c.id != 3 {
		t.Errorf("a number was used again: %d", c.id)
	}
	if s, err := sh.find("1"); err != nil || s != a {
		t.Error(s, err)
	}
	if _, err := sh.find("2"); err == nil {
		t.Error("a closed session was found")
	}
}

// S10: what must not share a connection does not.
func TestPoolKey(t *testing.T) {
	sh := testShell()
	p := *sh.protocol("http")
	key := func(url string, change func(*Shell)) string {
		sh := testShell()
		if change != nil {
			change(sh)
		}
		u, _, err := target(p, []string{url}, false)
		if err != nil {
			t.Fatal(err)
		}
		return poolKey(p, u, sh.set.options)
	}
	same := key("http://h/", nil)
	if key("http://h:80/other?x", nil) != same {
		t.Error("a path makes a difference")
	}
	for name, other := range map[string]string{
		"scheme": key("https://h/", nil),
		"host":   key("http://g/", nil),
		"port":   key("http://h:81/", nil),
		"user":   key("http://ann@h/", nil),
		"proxy":  key("http://h/", func(sh *Shell) { sh.set.options.Proxy = "socks5://p:1" }),
		"trust":  key("http://h/", func(sh *Shell) { sh.set.options.Insecure = true }),
	} {
		if other == same {
			t.Errorf("the %s makes no difference", name)
		}
	}
}

// K04: a fault inside a verb ends neither the shell nor the other sessions.
func TestFault(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	sh := testShell()
	sh.fakeSession("tcp", "h:1")
	err := func() (err error) {
		defer sh.caught(&err)
		panic("secret")
	}()
	if Exit(err) != 125 || strings.Contains(err.Error(), "secret") || !strings.Contains(err.Error(), "see ") {
		t.Errorf("%v, exit %d", err, Exit(err))
	}
	if sh.here() != nil {
		t.Error("the session is still there")
	}
	var out strings.Builder
	sh.Out, sh.Err = &out, &out
	if err := sh.Run(context.Background(), "", "echo on"); err != nil || out.String() != "on\n" {
		t.Errorf("%q, %v", out.String(), err)
	}
}

// use, and @NAME for one line, choose among open sessions.
func TestUse(t *testing.T) {
	sh := testShell()
	sh.Out, sh.Err = io.Discard, io.Discard
	one, two := sh.fakeSession("http", "h:1"), sh.fakeSession("tcp", "h:2")
	for _, c := range []struct {
		line string
		want *session
	}{{"use 1", one}, {"use 2", two}, {"use h:1", one}, {"@2 send x", one}, {"use @2", two}, {"use 3", two}} {
		sh.Run(t.Context(), "", c.line)
		if got := sh.here(); got != c.want {
			t.Errorf("after %s: %s", c.line, got.name())
		}
	}
}

// GRAMMAR §2: PROTO VERB means the current session of that protocol, else the
// most recent one.
func TestWhoseVerb(t *testing.T) {
	sh := testShell()
	sh.Out, sh.Err = io.Discard, io.Discard
	used := ""
	for _, name := range []string{"1", "2"} {
		sh.fakeSession("http", "h:"+name).Session = &fake{do: func([]string) { used += name }}
	}
	sh.fakeSession("tcp", "h:3").Session = &fake{do: func([]string) { used += "3" }}
	if err := sh.Run(t.Context(), "", "http get x; send x; use 1; http get x; get x; tcp send x"); err != nil || used != "23113" {
		t.Errorf("%q were used, %v", used, err)
	}
}
