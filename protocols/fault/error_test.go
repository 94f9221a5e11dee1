package fault_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"
	"testing"

	"wireline/protocols/fault"
)

// exit statuses are distinct, in order, and never 0.
func TestKinds(t *testing.T) {
	last := 0
	names := map[string]bool{}
	for _, k := range fault.Kinds() {
		if k.Exit <= last || names[k.Name] || k.Short == "" || k.Name != strings.ToUpper(k.Name) {
			t.Errorf("%+v after %d", k, last)
		}
		last, names[k.Name] = k.Exit, true
	}
}

func TestOf(t *testing.T) {
	for _, c := range []struct {
		err  error
		want *fault.Kind
	}{
		{nil, nil},
		{fault.New(fault.Login, "no"), fault.Login},
		{fmt.Errorf("a: %w", fault.New(fault.Limit, "big")), fault.Limit},
		{fault.New(fault.Partial, "3 of 4: %w", io.ErrUnexpectedEOF), fault.Partial},
		{context.Canceled, fault.Interrupt},
		{context.DeadlineExceeded, fault.Timeout},
		{&os.PathError{Op: "open", Path: "x", Err: syscall.ENOENT}, fault.ReadLocal},
		{os.NewSyscallError("connect", syscall.ECONNREFUSED), fault.Connect},
		{errors.New("?"), fault.Internal},
	} {
		if got := fault.Of(c.err); got != c.want {
			t.Errorf("%v: %v, want %v", c.err, got, c.want)
		}
	}
	if err := fault.New(fault.Timeout, "x"); !errors.Is(err, fault.Timeout) || errors.Is(err, fault.Limit) {
		t.Error("errors.Is does not tell kinds apart")
	}
}

func TestText(t *testing.T) {
	e := &fault.Error{Op: "get", At: "h:21/f", Phase: "command", Code: "550", Text: "No such file", Kind: fault.NotFound, Hint: "ls shows what is there"}
	if got, want := e.Error(), "get: command: 550 No such file (h:21/f)"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := fault.Hint(fmt.Errorf("x: %w", e)); got != e.Hint {
		t.Errorf("hint %q", got)
	}
	if got := (&fault.Error{Kind: fault.Pipe}).Error(); got != fault.Pipe.Short {
		t.Errorf("an error with nothing but a kind says %q", got)
	}
}
