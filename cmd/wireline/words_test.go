package main

import (
	"io"
	"strings"
	"testing"

	"wireline/protocols"
	"wireline/protocols/all"
	"wireline/repl"
)

// every word of the shell is explained by help, and listed unless it is
// another's shorter name.
func TestHelpOnEveryWord(t *testing.T) {
	var out strings.Builder
	sh := repl.New(repl.Config{Protocols: all.Protocols(), Out: &out, Err: io.Discard, Strict: true})
	defer sh.Close()
	if err := sh.Once([]string{"help"}); err != nil {
		t.Fatal(err)
	}
	list := out.String()
	other := map[string]bool{"open": true, "quit": true, "raw": true, "interact": true}
	for _, w := range protocols.ShellWords {
		if !strings.Contains(list, "\n"+w+" ") && !other[w] {
			t.Errorf("help does not list %s", w)
		}
		out.Reset()
		if err := sh.Once([]string{"help", w}); err != nil || !strings.Contains(out.String(), "usage:") {
			t.Errorf("help %s: %v, %q", w, err, out.String())
		}
	}
}
