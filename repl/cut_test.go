package repl

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"wireline/protocols/fault"
)

// A script that ends between two commands says why, once, and does nothing
// more.
func TestCutBetween(t *testing.T) {
	for _, text := range []string{"pull; echo b", "pull\necho b", "pull; frob", "for i in 1 2\npull\nend\necho b"} {
		ctx, cancel := context.WithCancelCause(t.Context())
		sh := testShell()
		var out, errs bytes.Buffer
		sh.Out, sh.Err = &out, &errs
		sh.fakeSession("http", "h:1").Session = &fake{do: func([]string) { cancel(fault.New(fault.Interrupt, "interrupted")) }}
		text = strings.ReplaceAll(text, "pull", "get x")
		if err := sh.Run(ctx, "", text); fault.Of(err) != fault.Interrupt {
			t.Errorf("%q: %v", text, err)
		}
		if got := errs.String(); strings.Count(got, "interrupted") != 1 || strings.Count(got, "\n") != 1 || out.Len() > 0 {
			t.Errorf("%q: out %q, said %q", text, &out, got)
		}
	}
}

// A command that was interrupted has said so, whatever failed before it.
func TestCutWithin(t *testing.T) {
	for _, text := range []string{"frob\npull\necho b", "frob; pull; echo b", "for i in 1 2\nfrob\npull\nend\necho b"} {
		ctx, cancel := context.WithCancelCause(t.Context())
		sh := testShell()
		var out, errs bytes.Buffer
		sh.Out, sh.Err = &out, &errs
		why := fault.New(fault.Interrupt, "interrupted")
		sh.fakeSession("http", "h:1").Session = &fake{do: func([]string) { cancel(why) }, fails: why}
		if err := sh.Run(ctx, "", strings.ReplaceAll(text, "pull", "get x")); fault.Of(err) != fault.Interrupt && fault.Of(err) != fault.Usage {
			t.Errorf("%q: %v", text, err)
		}
		if got := errs.String(); strings.Count(got, "interrupted") != 1 || strings.Count(got, "\n") != 2 || out.Len() > 0 {
			t.Errorf("%q: out %q, said %q", text, &out, got)
		}
	}
}
