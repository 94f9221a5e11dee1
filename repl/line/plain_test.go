//go:build unix

package line

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"wireline/protocols/fault"
)

// script opens an Editor whose standard input is a file, and whose output is
// another.
func script(t *testing.T, text string) (*Editor, string) {
	t.Helper()
	dir := t.TempDir()
	name, out := filepath.Join(dir, "in"), filepath.Join(dir, "out")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	in, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	o, err := os.Create(out)
	if err != nil {
		t.Fatal(err)
	}
	e, err := Open(Config{In: in, Out: o, Err: o, Continue: func(s string) bool { return strings.HasSuffix(s, `\`) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
		in.Close()
		o.Close()
	})
	return e, out
}

// K03: without a terminal there is no prompt, and a question is an error.
func TestNoTerminal(t *testing.T) {
	e, out := script(t, "one\ntwo\\\nmore\nrest\nof it\nunfinished\\")
	if e.IsTerminal() {
		t.Error("a file is taken for a terminal")
	}
	for _, want := range []string{"one", "two\\\nmore"} {
		if got, err := e.ReadLine("> "); got != want || err != nil {
			t.Errorf("%q, %v; want %q", got, err, want)
		}
	}
	for _, ask := range []func() error{
		func() error { _, err := e.ReadSecret(t.Context(), "Password: "); return err },
		func() error { _, err := e.Confirm(t.Context(), "sure?"); return err },
	} {
		if err := ask(); fault.Of(err) != fault.Usage || !strings.Contains(err.Error(), "needs a terminal") {
			t.Errorf("a question: %v", err)
		}
	}
	term := e.Terminal(t.Context())
	if c, r := term.Size(); term.IsTerminal() || c != 0 || r != 0 || term.Raw(true) != nil {
		t.Error("a file is lent as a terminal")
	}
	got := make([]byte, 5)
	if _, err := io.ReadFull(term.In(), got); string(got) != "rest\n" || err != nil {
		t.Errorf("In gave %q, %v", got, err)
	}
	e.Notice("a notice")
	if got, err := e.ReadLine("> "); got != "of it" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	if got, err := e.ReadLine("> "); got != "unfinished\\" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := e.ReadLine("> "); err != io.EOF {
		t.Errorf("at the end: %v", err)
	}
	if b, _ := os.ReadFile(out); string(b) != "a notice\n" {
		t.Errorf("written: %q", b)
	}
	if n := len(e.History()); n != 0 {
		t.Errorf("%d lines of a script are in the history", n)
	}
}

// One Read that waits for input is ended by the context, and by Close.
func TestTerminalEnds(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	e, err := Open(Config{In: r, Out: os.Stdout, Err: os.Stderr})
	if err != nil {
		t.Fatal(err)
	}
	term := e.Terminal(t.Context())
	read := make(chan error)
	go func() { _, err := term.Read(make([]byte, 1)); read <- err }()
	if err := e.Close(); err != nil {
		t.Error(err)
	}
	if err := <-read; err == nil {
		t.Error("Read goes on after Close")
	}
	if _, err := e.ReadLine(""); err != io.EOF {
		t.Errorf("ReadLine after Close: %v", err)
	}
	if _, err := e.ReadSecret(t.Context(), ""); !errors.Is(err, io.EOF) {
		t.Errorf("ReadSecret after Close: %v", err)
	}
	if err := e.Close(); err != nil {
		t.Errorf("second Close: %v", err)
	}
}
