package repl

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

// reports are the crash reports that were written since t began.
func reports(t *testing.T, dir string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "wireline-crash-*.txt"))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, f := range files {
		b, err := os.ReadFile(f)
		if fi, serr := os.Stat(f); err != nil || serr != nil || fi.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v %v", f, err, serr)
		}
		all.Write(b)
	}
	return all.String()
}

// K04: a fault in a verb ends the session that it used, be it the current one
// or not, and neither the shell nor the others. The report has where it was,
// and nothing that a server or the user has said.
func TestFaultInVerb(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	sh := testShell()
	used := sh.fakeSession("http", "h:1")
	used.Session = &fake{do: func(words []string) { panic(words[0]) }}
	other := sh.fakeSession("http", "h:2")
	var out, errs strings.Builder
	sh.Out, sh.Err = &out, &errs
	if err := sh.Run(context.Background(), "", "@1 get secret; echo $?"); err != nil || out.String() != "125\n" {
		t.Errorf("%q, %v", out.String(), err)
	}
	if !strings.Contains(errs.String(), "the session was closed, see "+dir) || strings.Contains(errs.String(), "secret") || strings.Count(errs.String(), "\n") != 1 {
		t.Errorf("told %q", errs.String())
	}
	if all := sh.list(); len(all) != 1 || all[0] != other || sh.here() != other {
		t.Errorf("%d sessions are left", len(all))
	}
	if r := reports(t, dir); !strings.Contains(r, "crash_test.go") || strings.Contains(r, "secret") {
		t.Errorf("the report: %s", r)
	}
}

// A falling session has a fault while nobody uses it.
type falling struct{ fake }

func (f *falling) Idle(context.Context) verb.Stream[verb.Notice] {
	return func(yield func(verb.Notice, error) bool) {
		yield(verb.Notice{Text: "one"}, nil)
		panic(errors.New("secret"))
	}
}

func (f *falling) Keep(context.Context) error { panic("secret") }

// K04: nor does one in what a session does while it idles or is kept.
func TestFaultAside(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	sh := testShell()
	s := sh.fakeSession("http", "h:1")
	s.Session = &falling{}
	told := make(chan string, 9)
	s.watch(func(text string) { told <- text })
	<-s.idle.done
	if a, b := <-told, <-told; a != "[1] one" || !strings.HasPrefix(b, "[1] a fault of wireline itself; the session was closed, see ") || !s.lost.Load() {
		t.Errorf("%q, %q", a, b)
	}
	if err := s.keep(t.Context()); fault.Of(err) != fault.Internal {
		t.Error(err)
	}
	b := (&run{sh: sh}).rendered(verb.Stream[string](func(func(string, error) bool) { panic("secret") }))
	_, err := b.Read(make([]byte, 1))
	if p := new(fault.Panic); !errors.As(err, &p) || strings.Contains(p.What, "secret") {
		t.Errorf("what writes a result gave %v", err)
	}
	if r := reports(t, dir); strings.Count(r, "panic: ") != 1 || strings.Contains(r, "secret") {
		t.Errorf("the report: %s", r)
	}
}
