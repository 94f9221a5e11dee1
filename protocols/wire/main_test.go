package wire

import (
	"context"
	"errors"
	"io"
	"net"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"wireline/protocols/fault"
	"wireline/protocols/lab"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// serve runs f for every connection to a loopback port until the test ends,
// and returns the port's address.
func serve(t testing.TB, f func(net.Conn)) string {
	t.Helper()
	ln, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return serveOn(t, ln, f)
}

func serveOn(t testing.TB, ln net.Listener, f func(net.Conn)) string {
	var all sync.WaitGroup
	var mu sync.Mutex
	var open []net.Conn
	all.Go(func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			mu.Lock()
			open = append(open, c)
			mu.Unlock()
			all.Go(func() {
				defer c.Close()
				f(c)
			})
		}
	})
	t.Cleanup(func() {
		ln.Close()
		mu.Lock()
		for _, c := range open {
			c.Close()
		}
		mu.Unlock()
		all.Wait()
	})
	return ln.Addr().String()
}

func echo(c net.Conn) { io.Copy(c, c) }

// silent reads and says nothing.
func silent(c net.Conn) { io.Copy(io.Discard, c) }

// says sends text and waits for the peer to end.
func says(text string) func(net.Conn) {
	return func(c net.Conn) {
		io.WriteString(c, text)
		io.Copy(io.Discard, c)
	}
}

func at(address string) Target {
	return Target{URL: &url.URL{Host: address}, Scheme: Scheme{Name: "tcp"}}
}

func dial(t testing.TB, d *Dialer, address string) *Conn {
	t.Helper()
	c, err := d.Dial(t.Context(), at(address))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// wantFault checks the kind of err, and that its line contains each of words.
func wantFault(t testing.TB, err error, kind *fault.Kind, words ...string) *fault.Error {
	t.Helper()
	var f *fault.Error
	if !errors.As(err, &f) {
		t.Fatalf("got %T %v, want a fault of kind %s", err, err, kind.Name)
	}
	if !errors.Is(err, kind) {
		t.Errorf("kind is %s, want %s: %v", fault.Of(err).Name, kind.Name, err)
	}
	for _, w := range words {
		if !strings.Contains(err.Error()+" "+f.Hint, w) {
			t.Errorf("%q (hint %q) does not say %q", err, f.Hint, w)
		}
	}
	if s := err.Error(); strings.Contains(s, "\n") || strings.Contains(s, "dial tcp") || strings.HasSuffix(s, ".") || s == "EOF" {
		t.Errorf("not a good line: %q", s)
	}
	return f
}

// A recorder keeps the events of a trace.
type recorder struct {
	mu  sync.Mutex
	all []Event
}

func (r *recorder) add(e Event) {
	r.mu.Lock()
	r.all = append(r.all, e)
	r.mu.Unlock()
}

func (r *recorder) data(what string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var b strings.Builder
	for _, e := range r.all {
		if e.What == what {
			b.Write(e.Data)
		}
	}
	return b.String()
}

func (r *recorder) notes(what string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var b strings.Builder
	for _, e := range r.all {
		if e.What == what {
			b.WriteString(e.Note + "\n")
		}
	}
	return b.String()
}

// within fails the test if f takes longer than limit, which is far more than
// a busy machine needs, and far less than f would take without what it shows.
func within(t testing.TB, limit time.Duration, f func()) {
	t.Helper()
	took := lab.Stopwatch(t)
	f()
	if d := took(); d > limit {
		t.Errorf("took %v, want at most %v", d, limit)
	}
}

// promptly fails the test if none of three times f takes less than limit, so
// that a limit which is promised does not depend on what else the machine does.
func promptly(t testing.TB, limit time.Duration, f func()) {
	t.Helper()
	var took time.Duration
	for range 3 {
		start := time.Now()
		f()
		if took = time.Since(start); took <= limit {
			return
		}
	}
	t.Errorf("took %v, want at most %v", took, limit)
}

func canceled() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}
