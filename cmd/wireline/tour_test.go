package main

import (
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"wireline/protocols/all"
	"wireline/protocols/playground"
	"wireline/repl"
)

// demoConfig is how the demo's shell is set up, but for its output.
func demoConfig(t *testing.T) (*playground.World, repl.Config) {
	t.Helper()
	w, err := playground.Start(t.Context(), playground.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close() })
	ca, err := w.CAFile()
	if err != nil {
		t.Fatal(err)
	}
	in, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { in.Close() })
	c := repl.Config{Protocols: all.Protocols(), In: in, Map: w.Map, Strict: true, Bookmarks: bookmarks(w.Services())}
	c.Options.CA = []string{ca}
	return w, c
}

// testDemo is the demo's shell, without a terminal. said gives what it said
// since it was asked before.
func testDemo(t *testing.T) (sh *repl.Shell, w *playground.World, said func() string) {
	t.Helper()
	w, c := demoConfig(t)
	name := filepath.Join(t.TempDir(), "out")
	out, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	c.Out, c.Err = out, out
	c.Lessons = lessons(c, w.Services())
	sh = repl.New(c)
	t.Cleanup(func() {
		sh.Close()
		out.Close()
	})
	seen := 0
	return sh, w, func() string {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		text := string(b[seen:])
		seen = len(b)
		return text
	}
}

// Every line of every lesson does what it is there for, in one shell and in
// the order of the tour.
func TestLessons(t *testing.T) {
	sh, _, said := testDemo(t)
	if len(sh.Lessons) < 8 {
		t.Fatalf("only %d lessons", len(sh.Lessons))
	}
	for _, l := range sh.Lessons {
		rows := strings.Count(l.Text, "\n")
		if rows > 22 || !strings.HasPrefix(l.Text, "# "+l.Name+": ") || !strings.HasSuffix(l.Text, "\n") {
			t.Errorf("%s: %d rows, title %.20q", l.Name, rows, l.Text)
		}
		for text := range strings.Lines(l.Text) {
			if len(text) > 79 || strings.TrimRight(text, " \t\r\n") != strings.TrimSuffix(text, "\n") {
				t.Errorf("%s: a long line, or one that ends in blanks: %q", l.Name, text)
			}
			err := sh.Run(t.Context(), l.Name, text)
			got := said()
			if err != nil {
				t.Errorf("%s: %s%v\n%s", l.Name, text, err, got)
			}
			if silent := strings.HasPrefix(text, "#") || strings.HasPrefix(text, "assert "); silent != (got == "") {
				t.Errorf("%s: %sshows %q", l.Name, text, got)
			}
		}
	}
}

// Whoever serves a protocol that the shell speaks teaches it; no lesson is
// for nothing.
func TestLessonForEach(t *testing.T) {
	sh, w, _ := testDemo(t)
	has := map[string]bool{}
	for _, l := range sh.Lessons {
		has[l.Name] = true
	}
	served := protocolsOf(w.Services())
	for _, p := range sh.Protocols {
		if slices.Contains(served, p.Name) && !has[p.Name] {
			t.Errorf("tour/%s.wl is missing", p.Name)
		}
	}
	files, err := filepath.Glob("tour/*.wl")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if name := strings.TrimSuffix(filepath.Base(f), ".wl"); !has[name] {
			t.Errorf("%s is never shown", f)
		}
	}
}

// Each bookmark of the demo opens a session.
func TestBookmarks(t *testing.T) {
	sh, w, said := testDemo(t)
	if len(sh.Bookmarks) != len(w.Services()) {
		t.Errorf("%d bookmarks for %d servers", len(sh.Bookmarks), len(w.Services()))
	}
	for name, u := range sh.Bookmarks {
		if _, err := url.Parse(u); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := sh.Run(t.Context(), name, "connect @"+name+"\nclose"); err != nil {
			t.Errorf("%s, %s: %v\n%s", name, u, err, said())
		}
	}
}

// Options may stand before the words, as those of the program do.
func TestTakeOptions(t *testing.T) {
	for _, c := range []struct {
		words, rest string
		want        string
	}{
		{"--fault echo:fin@1 tcp send --fault x", "tcp send --fault x", "[echo:fin@1]"},
		{"--fault=echo:fin@1 --fault http:rst@2k -c --fault", "-c --fault", "[echo:fin@1 http:rst@2048]"},
		{"-q --latency 50ms -f x", "-q -f x", "[]"},
		{"tour --help", "tour --help", "[]"},
	} {
		var o playground.Options
		rest, help, err := takeOptions(&o, strings.Fields(c.words))
		var faults []string
		for _, f := range o.Faults {
			faults = append(faults, f.String())
		}
		if err != nil || help || strings.Join(rest, " ") != c.rest || "["+strings.Join(faults, " ")+"]" != c.want {
			t.Errorf("%s: %q, %v, %v, %v", c.words, rest, faults, help, err)
		}
	}
	var o playground.Options
	for _, bad := range []string{"--fault", "--latency soon x", "--loss=2"} {
		if _, _, err := takeOptions(&o, strings.Fields(bad)); repl.Exit(err) != 2 {
			t.Errorf("%s: %v", bad, err)
		}
	}
	if _, help, _ := takeOptions(&o, []string{"-q", "--help"}); !help {
		t.Error("no help")
	}
}
