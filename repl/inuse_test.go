package repl

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"wireline/protocols/fault"
)

// ^C ends a command that waits for a session which is in use, and the
// session stays; abort ends it under whoever uses it.
func TestInUse(t *testing.T) {
	sh := testShell()
	s := sh.fakeSession("http", "h:1")
	give := s.take()
	for _, words := range [][]string{{"info"}, {"close"}, {"abort"}} {
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(fault.New(fault.Interrupt, "interrupted"))
		if err := sh.words(ctx, "", words, false, sh.streams()); fault.Of(err) != fault.Interrupt || !strings.Contains(err.Error(), "interrupted") {
			t.Errorf("%q: %v", words, err)
		}
		if len(sh.list()) != 1 {
			t.Fatalf("%q: the session is gone", words)
		}
	}
	give()
	sh.Out, sh.Err = io.Discard, io.Discard
	if err := sh.words(t.Context(), "", []string{"abort"}, false, sh.streams()); err != nil || len(sh.list()) != 0 {
		t.Error(errors.Join(err, errors.New("the session is still there")))
	}
}

// that a line cannot reach another host does not end the session that is
// current.
func TestUnreachable(t *testing.T) {
	for _, line := range [][]string{{"send", "tcp://silent:1"}, {"get", "http://silent/"}} {
		sh := testShell()
		sh.Out, sh.Err = io.Discard, io.Discard
		s := sh.fakeSession(map[string]string{"send": "tcp", "get": "http"}[line[0]], "h:1")
		if err := sh.words(t.Context(), "", line, false, sh.streams()); fault.Of(err) != fault.Timeout {
			t.Errorf("%q: %v", line, err)
		}
		if sh.here() != s || s.lost.Load() {
			t.Errorf("%q: the session is gone: %v", line, s.lost.Load())
		}
	}
}
