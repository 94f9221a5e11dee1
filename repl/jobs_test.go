package repl

import (
	"io"
	"slices"
	"testing"
)

// a job is the first to have its session when the next line is for that,
// too: watch in the background misses nothing of what comes of that line.
func TestJobComesFirst(t *testing.T) {
	sh := testShell()
	sh.Out, sh.Err = io.Discard, io.Discard
	var order []string
	sh.fakeSession("http", "h:1").Session = &fake{do: func(words []string) { order = append(order, words...) }}
	for range 200 {
		order = nil
		if err := sh.Run(t.Context(), "", "get a &\nget b\nwait"); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(order, []string{"a", "b"}) {
			t.Fatalf("%q", order)
		}
	}
}
