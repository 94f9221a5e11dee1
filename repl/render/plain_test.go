package render

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"syscall"
	"testing"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

// letters is a stream that writes itself in capitals.
type letters func(yield func(entry, error) bool)

func (l letters) Text(w io.Writer) error {
	var err error
	l(func(e entry, fail error) bool {
		if err = fail; err == nil {
			_, err = io.WriteString(w, strings.ToUpper(e.Name)+"\n")
		}
		return err == nil
	})
	return err
}

func spell(fail error) letters {
	return func(yield func(entry, error) bool) {
		if yield(entry{Name: "a"}, nil) && yield(entry{Name: "b"}, nil) && fail != nil {
			yield(entry{}, fail)
		}
	}
}

// A result that can write itself does so for files and pipes, and is shown as
// any other on a terminal, as JSON, with a header or by some of its fields.
func TestTexter(t *testing.T) {
	var _ verb.Texter = letters(nil)
	for _, c := range []struct {
		o    Options
		self bool
	}{
		{Options{}, true},
		{Options{Raw: true}, true},
		{Options{Terminal: true}, false},
		{Options{JSON: true}, false},
		{Options{Header: true}, false},
		{Options{Fields: []string{"name"}}, false},
	} {
		var out bytes.Buffer
		if err := Show(&out, io.Discard, c.o, spell(nil)); err != nil {
			t.Error(err)
		}
		if self := out.String() == "A\nB\n"; self != c.self {
			t.Errorf("%+v: %q", c.o, out.String())
		}
	}
	fail := fault.New(fault.Partial, "gone")
	var out bytes.Buffer
	if err := Show(&out, io.Discard, Options{}, spell(fail)); !errors.Is(err, fail) || out.String() != "A\nB\n" {
		t.Errorf("%v after %q", err, out.String())
	}
	if err := Show(failing{syscall.EPIPE}, io.Discard, Options{}, spell(nil)); !errors.Is(err, fault.Pipe) {
		t.Errorf("nobody reads: %v", err)
	}
}
