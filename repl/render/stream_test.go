package render

import (
	"bytes"
	"errors"
	"io"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

// A locked buffer may be looked at while it is written.
type locked struct {
	mu sync.Mutex
	bytes.Buffer
}

func (l *locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.Buffer.Write(p)
}

func (l *locked) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.Buffer.String()
}

// A slow stream is seen as it comes, in every form.
func TestSlowStream(t *testing.T) {
	for _, o := range []Options{{}, {Terminal: true}, {JSON: true}} {
		synctest.Test(t, func(t *testing.T) {
			var out locked
			s := verb.Stream[entry](func(yield func(entry, error) bool) {
				for _, name := range []string{"one", "two", "three", "four"} {
					if !yield(entry{Name: name}, nil) {
						return
					}
					if name == "one" || name == "two" {
						continue
					}
					time.Sleep(time.Second)
					synctest.Wait()
					if !strings.Contains(out.String(), name) {
						t.Errorf("%+v: a second after %s: %q", o, name, out.String())
					}
				}
			})
			if err := Show(&out, io.Discard, o, s); err != nil {
				t.Error(err)
			}
		})
	}
}

// A listing of any length takes bounded memory (L03), and few writes.
func TestLongStream(t *testing.T) {
	const n = 200_000
	for _, o := range []Options{{}, {Terminal: true}, {JSON: true}} {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		s := verb.Stream[entry](func(yield func(entry, error) bool) {
			for i := range n {
				if !yield(entry{Name: "name", Size: int64(i)}, nil) {
					return
				}
			}
			runtime.GC()
			runtime.ReadMemStats(&after)
		})
		var out counter
		if err := Show(&out, io.Discard, o, s); err != nil {
			t.Fatal(err)
		}
		if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 4<<20 {
			t.Errorf("%+v: %d bytes more after %d rows", o, grown, n)
		}
		if out.lines < n || out.writes > n/100 {
			t.Errorf("%+v: %d lines in %d writes", o, out.lines, out.writes)
		}
	}
}

type counter struct{ lines, writes int }

func (c *counter) Write(p []byte) (int, error) {
	c.lines += bytes.Count(p, []byte("\n"))
	c.writes++
	return len(p), nil
}

// When nobody reads any more, the stream is left and the fault is a PIPE (T14).
func TestBrokenPipe(t *testing.T) {
	for _, o := range []Options{{}, {Terminal: true}, {JSON: true}} {
		rows := 0
		s := verb.Stream[entry](func(yield func(entry, error) bool) {
			for yield(entry{Name: strings.Repeat("x", 1000)}, nil) {
				if rows++; rows > 10_000 {
					return
				}
			}
		})
		err := Show(failing{syscall.EPIPE}, io.Discard, o, s)
		if !errors.Is(err, fault.Pipe) || rows > 1000 {
			t.Errorf("%+v: %v after %d rows", o, err, rows)
		}
	}
	err := Show(failing{syscall.ENOSPC}, io.Discard, Options{}, []string{"a"})
	if !errors.Is(err, fault.WriteLocal) || !strings.Contains(err.Error(), "no space left on device") {
		t.Errorf("disk full: %v", err)
	}
}

type failing struct{ error }

func (f failing) Write([]byte) (int, error) { return 0, f.error }

// An output that ends with the command, as ^C has it, has not failed. (T13)
func TestEndedOutput(t *testing.T) {
	for _, why := range []error{fault.New(fault.Interrupt, "interrupted"), fault.New(fault.Timeout, "the command took too long")} {
		if err := Show(failing{why}, io.Discard, Options{}, []string{"a"}); err != why {
			t.Errorf("%v: it ends with %v", why, err)
		}
	}
}

// A terminal has no room for columns with nothing in them. When something
// comes for one, the table begins anew with it; elsewhere columns are counted.
func TestEmptyColumns(t *testing.T) {
	type row struct {
		A, B, C string
	}
	all := func(rows ...row) verb.Stream[row] {
		return func(yield func(row, error) bool) {
			for _, r := range rows {
				if !yield(r, nil) {
					return
				}
			}
		}
	}
	show := func(o Options, rows ...row) string {
		var out bytes.Buffer
		if err := Show(&out, io.Discard, o, all(rows...)); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	if got := show(Options{Terminal: true}, row{A: "a", C: "c"}); got != "A  C\na  c\n" {
		t.Errorf("%q", got)
	}
	if got := show(Options{}, row{A: "a", C: "c"}); got != "a\t\tc\n" {
		t.Errorf("%q", got)
	}
	if got := show(Options{Terminal: true, Fields: []string{"A", "B"}}, row{A: "a"}); got != "A  B\na\n" {
		t.Errorf("%q", got)
	}
	if got := show(Options{Terminal: true}, row{}); got != "A  B  C\n\n" {
		t.Errorf("%q", got)
	}
	many := make([]row, maxHeld)
	for i := range many {
		many[i] = row{A: "a"}
	}
	got := show(Options{Terminal: true}, append(many, row{A: "a", B: "b"})...)
	if !strings.HasSuffix(got, "a\nA  B\na  b\n") || strings.Count(got, "\n") != maxHeld+3 {
		t.Errorf("%q", got)
	}
}

// A column that is not for people is in pipes, in JSON, and where it was
// asked for.
func TestWide(t *testing.T) {
	type row struct {
		A string `json:"a"`
		B string `json:"b" show:"wide"`
	}
	for _, c := range []struct {
		o    Options
		want string
	}{
		{Options{Terminal: true}, "A\nx\n"},
		{Options{Terminal: true, Fields: []string{"b"}}, "B\ny\n"},
		{Options{}, "x\ty\n"},
		{Options{JSON: true}, `[{"a":"x","b":"y"}]` + "\n"},
	} {
		var out bytes.Buffer
		if err := Show(&out, io.Discard, c.o, []row{{"x", "y"}}); err != nil || out.String() != c.want {
			t.Errorf("%+v: %q, %v", c.o, out.String(), err)
		}
	}
}
