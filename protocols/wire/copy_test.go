package wire

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"wireline/protocols/fault"
)

const copied = 5<<20 + 12345

func someBytes(t testing.TB) []byte {
	b := make([]byte, copied)
	rand.Read(b)
	return b
}

// sender sends b after a first line, and ends.
func sender(t testing.TB, b []byte) string {
	return serve(t, func(c net.Conn) {
		io.WriteString(c, "first\n")
		c.Write(b)
	})
}

// Every way for bytes to reach a file, a pipe, or nothing: all come, in
// order, counted, those that were buffered first.
func TestCopyOut(t *testing.T) {
	b := someBytes(t)
	address := sender(t, b)
	ca := newCA(t)
	secure := serveTLS(t, ca.server(t, nil), func(c net.Conn) { io.WriteString(c, "first\n"); c.Write(b) })
	file, err := os.Create(filepath.Join(t.TempDir(), "f"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	log, err := os.OpenFile(filepath.Join(t.TempDir(), "log"), os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	var pipeGot []byte
	var reader sync.WaitGroup
	pr, pw, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer pr.Close()
	reader.Go(func() {
		time.Sleep(20 * time.Millisecond) // let the pipe fill
		pipeGot, _ = io.ReadAll(pr)
	})
	var buf bytes.Buffer
	got := func(f *os.File) []byte {
		all, err := os.ReadFile(f.Name())
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	for name, x := range map[string]struct {
		w   io.Writer
		tls bool
		got func() []byte
	}{
		"buffer":      {&buf, false, func() []byte { return buf.Bytes() }},
		"file":        {file, false, func() []byte { return got(file) }},
		"append":      {log, false, func() []byte { return got(log) }},
		"pipe":        {pw, false, func() []byte { pw.Close(); reader.Wait(); return pipeGot }},
		"null":        {null, false, nil},
		"discard":     {io.Discard, false, nil},
		"discard TLS": {io.Discard, true, nil},
	} {
		t.Run(name, func(t *testing.T) {
			d := &Dialer{Options: Options{CA: []string{ca.file}}}
			var c *Conn
			if x.tls {
				if c, err = dialTLS(t, d, secure); err != nil {
					t.Fatal(err)
				}
			} else {
				c = dial(t, d, address)
			}
			first := make([]byte, 2)
			io.ReadFull(c, first)
			n, err := io.Copy(x.w, c)
			if err != nil || n != copied+4 {
				t.Fatalf("copied %d, %v", n, err)
			}
			if in, _ := d.Counts(); in != copied+6 || c.Info().In != in {
				t.Errorf("counted %d", in)
			}
			if x.got != nil && !bytes.Equal(x.got(), append([]byte("rst\n"), b...)) {
				t.Error("not the same bytes")
			}
			if d.Timing().FirstByte <= 0 {
				t.Error("no time of the first byte")
			}
		})
	}
}

// A copy by the kernel stops for a deadline and a cut, and goes on after the
// former; a trace that is turned on sees what follows.
func TestCopyInterrupted(t *testing.T) {
	more := make(chan string)
	address := serve(t, func(c net.Conn) {
		for s := range more {
			if _, err := io.WriteString(c, s); err != nil {
				return
			}
		}
	})
	defer close(more)
	pr, pw, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer pr.Close()
	defer pw.Close()
	d := &Dialer{}
	c := dial(t, d, address)
	// once calls f when text has come through the pipe.
	once := func(text string, f func()) {
		go func() {
			b := make([]byte, len(text))
			if _, err := io.ReadFull(pr, b); string(b) != text {
				t.Errorf("got %q, %v", b, err)
			}
			f()
		}()
	}
	once("one", c.Interrupt)
	more <- "one"
	n, err := io.Copy(pw, c)
	if n != 3 {
		t.Errorf("copied %d", n)
	}
	wantFault(t, err, fault.Timeout)
	c.SetReadDeadline(time.Time{})
	var rec recorder
	d.SetTrace(rec.add)
	why := errors.New("enough")
	once("two", func() { d.Cut(why) })
	more <- "two"
	n, err = io.Copy(pw, c)
	if n != 3 || !errors.Is(err, why) || rec.data("recv") != "two" {
		t.Errorf("copied %d, %v, traced %q", n, err, rec.data("recv"))
	}
	c = dial(t, &Dialer{Limits: Limits{Idle: 50 * time.Millisecond}}, address)
	c.SetIdle(50 * time.Millisecond)
	_, err = io.Copy(io.Discard, c)
	wantFault(t, err, fault.Timeout, "--idle-timeout")
}

// Nobody reads from the pipe any more.
func TestCopyBrokenPipe(t *testing.T) {
	pr, pw, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer pw.Close()
	pr.Close()
	c := dial(t, &Dialer{}, sender(t, someBytes(t)))
	if _, err = io.Copy(pw, c); err == nil {
		t.Error("no error")
	}
	var pe *os.PathError
	if !errors.As(err, &pe) {
		t.Errorf("%T %v is not of the file", err, err)
	}
}

// Every way for bytes to come from a file, a pipe or another connection.
func TestCopyIn(t *testing.T) {
	b := someBytes(t)
	name := filepath.Join(t.TempDir(), "f")
	if err := os.WriteFile(name, b, 0o600); err != nil {
		t.Fatal(err)
	}
	results := make(chan []byte, 1)
	sink := func(c net.Conn) { all, _ := io.ReadAll(c); results <- all }
	address := serve(t, sink)
	ca := newCA(t)
	secure := serveTLS(t, ca.server(t, nil), sink)
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	again, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	pr, pw, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer pr.Close()
	go func() { pw.Write(b); pw.Close() }()
	from := dial(t, &Dialer{}, serve(t, func(c net.Conn) { c.Write(b) }))
	from.Peek(t.Context(), 10)
	for what, x := range map[string]struct {
		r     io.Reader
		tls   bool
		spare bool
	}{"file": {r: file}, "file, sparing": {r: again, spare: true}, "pipe": {r: pr}, "reader": {r: bytes.NewReader(b)}, "connection": {r: from}, "TLS": {r: io.NewSectionReader(bytes.NewReader(b), 0, copied), tls: true}} {
		t.Run(what, func(t *testing.T) {
			d := &Dialer{Options: Options{CA: []string{ca.file}}}
			var c *Conn
			if x.tls {
				if c, err = dialTLS(t, d, secure); err != nil {
					t.Fatal(err)
				}
			} else {
				c = dial(t, d, address)
			}
			if x.spare {
				c.Spare()
			}
			n, err := c.ReadFrom(x.r)
			if err != nil || n != copied {
				t.Fatalf("copied %d, %v", n, err)
			}
			c.CloseWrite()
			if !bytes.Equal(<-results, b) {
				t.Error("not the same bytes")
			}
			if _, out := d.Counts(); out != copied {
				t.Errorf("counted %d", out)
			}
		})
	}
}
