package socket

import (
	"bytes"
	"context"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

// A desk is a terminal, or what stands in for one.
type desk struct {
	in     io.Reader
	person bool
	to     io.Writer // nil: text

	mu   sync.Mutex
	text bytes.Buffer
	raw  []bool
}

func (d *desk) Read(p []byte) (int, error) { return d.in.Read(p) }
func (d *desk) Write(p []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.text.Write(p)
}
func (d *desk) IsTerminal() bool         { return d.person }
func (d *desk) Raw(on bool) error        { d.raw = append(d.raw, on); return nil }
func (d *desk) Size() (int, int)         { return 80, 24 }
func (d *desk) Resized() <-chan struct{} { return nil }
func (d *desk) In() io.Reader            { return d.in }
func (d *desk) String() string           { d.mu.Lock(); defer d.mu.Unlock(); return d.text.String() }
func (d *desk) Out() io.Writer {
	if d.to != nil {
		return d.to
	}
	return d
}

// shows waits until the screen holds text.
func (d *desk) shows(t *testing.T, text string) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !strings.Contains(d.String(), text); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("the screen shows %q, not %q", d.String(), text)
		}
	}
}

// RAW-21, RAW-23: without a terminal, interact is a pipe: the end of the
// input ends our side, and the answer is read to its end.
func TestInteractPipe(t *testing.T) {
	s, c := pipe(t)
	io.WriteString(c, "banner\n")
	wantRecv(t, s, "banner\n", "peek", "-t", "1") // what was read before is not lost
	go func() {
		got, _ := io.ReadAll(c)
		c.Write(append([]byte("you said: "), got...))
		c.Close()
	}()
	d := &desk{in: strings.NewReader("hello\n")}
	res, err := runIn(t.Context(), s, verb.Env{Terminal: d}, "interact")
	if err != nil {
		t.Fatal(err)
	}
	if d.String() != "banner\nyou said: hello\n" {
		t.Errorf("%q", d.String())
	}
	if got := *res.(*Talked); got != (Talked{In: 23, Out: 6}) {
		t.Errorf("%+v", got)
	}
}

// T08: the peer's end is not ours: we go on sending until our input ends.
func TestInteractPeerEndsFirst(t *testing.T) {
	s, c := pipe(t)
	io.WriteString(c, "all I say")
	c.CloseWrite()
	r, w := io.Pipe()
	d := &desk{in: r}
	done := make(chan error, 1)
	go func() {
		_, err := runIn(t.Context(), s, verb.Env{Terminal: d}, "interact")
		done <- err
	}()
	d.shows(t, "all I say")
	io.WriteString(w, "and I go on")
	w.Close()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if got, _ := io.ReadAll(c); string(got) != "and I go on" {
		t.Errorf("%q", got)
	}
}

// T13: an interrupt ends interact at once, though standard input cannot be
// ended.
func TestInteractInterrupt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _ := bubble(t)
		r, w := io.Pipe()
		defer w.Close()
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Minute, cancel)
		start := time.Now()
		_, err := runIn(ctx, s, verb.Env{Terminal: &desk{in: r}}, "interact")
		if fault.Of(err) != fault.Interrupt || time.Since(start) != time.Minute {
			t.Errorf("%v after %v", err, time.Since(start))
		}
	})
}

// T14: whoever reads the output has had enough.
func TestInteractOutputGone(t *testing.T) {
	s, c := pipe(t)
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	r.Close()
	defer w.Close()
	io.WriteString(c, "hello")
	_, err = runIn(t.Context(), s, verb.Env{Terminal: &desk{in: strings.NewReader(""), to: w}}, "interact")
	if fault.Of(err) != fault.Pipe {
		t.Errorf("%v (%v)", err, fault.Of(err))
	}
}

// RAW-23: a person's lines are echoed and sent at Enter; ^] goes back and the
// session stays.
func TestInteractPerson(t *testing.T) {
	s, c := pipe(t)
	r, w := io.Pipe()
	d := &desk{in: r, person: true}
	done := make(chan error, 1)
	go func() {
		_, err := runIn(t.Context(), s, verb.Env{Terminal: d}, "interact", "--eol", "crlf")
		done <- err
	}()
	io.WriteString(c, "login:\n")
	d.shows(t, "login:\n")
	io.WriteString(w, "anx\x7fn\x1b[Dé\x7f\r")
	got := make([]byte, 5)
	if _, err := io.ReadFull(c, got); err != nil || string(got) != "ann\r\n" {
		t.Errorf("%q %v", got, err)
	}
	d.shows(t, "anx\b \bn")
	io.WriteString(w, "unsent\x1d")
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if len(d.raw) != 2 || !d.raw[0] || d.raw[1] {
		t.Errorf("raw mode: %v", d.raw)
	}
	io.WriteString(c, "later")
	wantRecv(t, s, "later", "recv", "-t", "5")
	must(t, s, "send", "x")
	if n, err := c.Read(got); err != nil || string(got[:n]) != "x" {
		t.Errorf("%q %v", got[:n], err)
	}
}

func TestInteractChar(t *testing.T) {
	s, c := pipe(t)
	r, w := io.Pipe()
	d := &desk{in: r, person: true}
	done := make(chan error, 1)
	go func() {
		_, err := runIn(t.Context(), s, verb.Env{Terminal: d}, "interact", "--char")
		done <- err
	}()
	io.WriteString(w, "a\x03\r")
	got := make([]byte, 3)
	if _, err := io.ReadFull(c, got); err != nil || string(got) != "a\x03\n" {
		t.Errorf("%q %v", got, err)
	}
	c.Close()
	d.shows(t, "the peer has closed")
	io.WriteString(w, "\x1d")
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// Each line that a person types is a datagram.
func TestInteractDatagrams(t *testing.T) {
	c := udpPeer(t)
	s := open(t, "udp", "connect", c.LocalAddr().String())
	r, w := io.Pipe()
	d := &desk{in: r, person: true}
	done := make(chan error, 1)
	go func() {
		_, err := runIn(t.Context(), s, verb.Env{Terminal: d}, "interact")
		done <- err
	}()
	io.WriteString(w, "one\rtwo\r")
	p := make([]byte, 100)
	var from net.Addr
	for _, want := range []string{"one\n", "two\n"} {
		n, a, err := c.ReadFrom(p)
		if err != nil || string(p[:n]) != want {
			t.Fatalf("%q %v", p[:n], err)
		}
		from = a
	}
	c.WriteTo([]byte("back"), from)
	d.shows(t, "back")
	io.WriteString(w, "\x1d")
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// A file goes in full datagrams; --idle bounds the wait for an answer.
func TestInteractDatagramFile(t *testing.T) {
	c := udpPeer(t)
	s := open(t, "udp", "connect", c.LocalAddr().String())
	data := bytes.Repeat([]byte("0123456789"), 350)
	name := filepath.Join(t.TempDir(), "f")
	os.WriteFile(name, data, 0o600)
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := runIn(t.Context(), s, verb.Env{Terminal: &desk{in: f}}, "interact", "--size", "1000", "--idle", "0.1"); err != nil {
		t.Fatal(err)
	}
	p := make([]byte, 2000)
	for _, want := range []int{1000, 1000, 1000, 500} {
		if n, err := c.Read(p); err != nil || n != want {
			t.Errorf("%d %v, want %d", n, err, want)
		}
	}
}
