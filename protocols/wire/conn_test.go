package wire

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"wireline/protocols/fault"
)

func TestLineMode(t *testing.T) {
	c := dial(t, &Dialer{}, serve(t, says("one\r\ntwo\r\nthree")))
	c.SetLine(true)
	b := make([]byte, 100)
	for _, want := range []string{"one\r\n", "two\r\n", "three"} {
		if n, err := c.Read(b); string(b[:n]) != want || err != nil {
			t.Fatalf("got %q, %v; want %q", b[:n], err, want)
		}
	}
}

// Lines of all sizes pass in line mode unchanged, whatever the reader's
// buffer, and no Read spans two of them.
func FuzzLineMode(f *testing.F) {
	f.Add([]byte("a\nb\r\n\n\nccc"), 2)
	f.Fuzz(func(t *testing.T, data []byte, size int) {
		here, there := net.Pipe()
		defer there.Close()
		c := (&Dialer{}).Own(here)
		defer c.Close()
		c.SetLine(true)
		go func() { there.Write(data); there.Close() }()
		b := make([]byte, 1+max(0, size)%100)
		var got []byte
		for {
			n, err := c.Read(b)
			if i := bytes.IndexByte(b[:n], '\n'); i >= 0 && i != n-1 {
				t.Fatalf("a Read returned %q", b[:n])
			}
			got = append(got, b[:n]...)
			if err != nil {
				break
			}
		}
		if !bytes.Equal(got, data) {
			t.Fatalf("got %q, want %q", got, data)
		}
	})
}

// L01: a line without an end costs no memory and ends the connection.
func TestEndlessLine(t *testing.T) {
	c := dial(t, &Dialer{}, serve(t, func(c net.Conn) {
		block := bytes.Repeat([]byte("A"), 1<<20)
		for {
			if _, err := c.Write(block); err != nil {
				return
			}
		}
	}))
	c.SetLine(true)
	n, err := io.Copy(io.Discard, struct{ io.Reader }{c})
	wantFault(t, err, fault.Limit, "65536 bytes")
	if n > 64<<10 {
		t.Errorf("%d bytes were handed on", n)
	}
	if _, err := c.Read(make([]byte, 1)); !errors.Is(err, fault.Limit) {
		t.Errorf("afterwards: %v", err)
	}
}

// L02: a reply that does not end.
func TestEndlessReply(t *testing.T) {
	address := serve(t, func(c net.Conn) {
		for {
			if _, err := io.WriteString(c, "220-more\r\n"); err != nil {
				return
			}
		}
	})
	for _, d := range []*Dialer{{}, {Limits: Limits{Bytes: 5000}}} {
		c := dial(t, d, address)
		c.SetLine(true)
		done := c.Reply()
		_, err := io.Copy(io.Discard, struct{ io.Reader }{c})
		done()
		want := "1000 lines"
		if d.Limits.Bytes > 0 {
			want = "5000 bytes"
		}
		wantFault(t, err, fault.Limit, want)
	}
}

// T06: bytes that trickle in do not extend the limit of a reply.
func TestReplyLimit(t *testing.T) {
	c := dial(t, &Dialer{Limits: Limits{Reply: 100 * time.Millisecond}}, serve(t, func(c net.Conn) {
		for {
			if _, err := io.WriteString(c, "."); err != nil {
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
	}))
	done := c.Reply()
	var err error
	within(t, 20*time.Second, func() { _, err = io.Copy(io.Discard, struct{ io.Reader }{c}) })
	wantFault(t, err, fault.Timeout, "100ms", "--reply-timeout")
	done()
	if _, err := c.Read(make([]byte, 1)); err != nil {
		t.Errorf("after the reply was given up: %v", err)
	}
}

// T03, RAW-06: silence, in the three ways it is limited.
func TestIdle(t *testing.T) {
	address := serve(t, silent)
	for name, begin := range map[string]func(c *Conn){
		"line mode": func(c *Conn) { c.SetLine(true) },
		"asked for": func(c *Conn) { c.SetIdle(50 * time.Millisecond) },
	} {
		c := dial(t, &Dialer{Limits: Limits{Idle: 50 * time.Millisecond}}, address)
		begin(c)
		var err error
		within(t, 20*time.Second, func() { _, err = c.Read(make([]byte, 1)) })
		wantFault(t, err, fault.Timeout, "50ms", "--idle-timeout", name[:0])
	}
	c := dial(t, &Dialer{Options: Options{IdleTime: 50 * time.Millisecond}}, address)
	_, err := c.Read(make([]byte, 1))
	wantFault(t, err, fault.Timeout, "--idle-timeout")
	// A raw session may be silent for ever.
	c = dial(t, &Dialer{Limits: Limits{Idle: 20 * time.Millisecond}}, address)
	c.SetReadDeadline(time.Now().Add(100 * time.Millisecond))
	_, err = c.Read(make([]byte, 1))
	if f := wantFault(t, err, fault.Timeout, "timed out"); f.Hint != "" {
		t.Errorf("hint %q", f.Hint)
	}
}

// T07: a peer that does not read.
func TestStalledWrite(t *testing.T) {
	stop := make(chan bool)
	defer close(stop)
	c := dial(t, &Dialer{}, serve(t, func(net.Conn) { <-stop }))
	c.SetIdle(100 * time.Millisecond)
	var err error
	within(t, 20*time.Second, func() { _, err = c.Write(make([]byte, 64<<20)) })
	wantFault(t, err, fault.Timeout, "taken by the peer", "--idle-timeout")
}

// A library's deadline ends a wait, and reading goes on when it is lifted.
func TestInterrupt(t *testing.T) {
	c := dial(t, &Dialer{}, serve(t, echo))
	time.AfterFunc(20*time.Millisecond, c.Interrupt)
	_, err := c.Read(make([]byte, 10))
	wantFault(t, err, fault.Timeout)
	if !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("%v is not a deadline for libraries", err)
	}
	c.SetReadDeadline(time.Time{})
	io.WriteString(c, "on")
	b := make([]byte, 10)
	if n, err := c.Read(b); string(b[:n]) != "on" {
		t.Errorf("got %q, %v", b[:n], err)
	}
}

// T13: a cut ends what waits, and a library cannot undo it.
func TestCut(t *testing.T) {
	d := &Dialer{}
	c := dial(t, d, serve(t, silent))
	why := errors.New("the user has had enough")
	time.AfterFunc(20*time.Millisecond, func() { d.Cut(why) })
	if _, err := c.Read(make([]byte, 1)); !errors.Is(err, why) {
		t.Errorf("got %v", err)
	}
	c.SetDeadline(time.Now().Add(time.Hour))
	c.SetReadDeadline(time.Time{})
	if _, err := c.Read(make([]byte, 1)); !errors.Is(err, why) {
		t.Errorf("then %v", err)
	}
	if _, err := c.Write([]byte("x")); !errors.Is(err, why) {
		t.Errorf("writing: %v", err)
	}
	if _, err := c.WriteTo(io.Discard); !errors.Is(err, why) {
		t.Errorf("copying: %v", err)
	}
	dial(t, d, serve(t, silent)) // a later one is not affected
}

// A verb that watches its context says goodbye within the grace; one that
// does not is cut with the context's cause when the grace is over, and not
// before.
func TestBind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &Dialer{}
		here, there := net.Pipe()
		c := d.Own(here)
		defer c.Close()
		go func() {
			defer there.Close()
			io.Copy(there, there)
		}()
		b := make([]byte, 4)
		say := func(text string) error {
			if _, err := io.WriteString(c, text); err != nil {
				return err
			}
			_, err := io.ReadFull(c, b[:len(text)])
			return err
		}
		ctx, cancel := context.WithCancel(t.Context())
		release := d.Bind(ctx)
		cancel()
		time.Sleep(time.Second - 1)
		if err := say("DONE"); err != nil {
			t.Fatal(err)
		}
		release()
		time.Sleep(time.Hour) // the grace is over; nothing may happen
		if err := say("more"); err != nil {
			t.Errorf("cut after release: %v", err)
		}
		ctx, cancel = context.WithCancel(t.Context())
		defer d.Bind(ctx)()
		cancel()
		began := time.Now()
		_, err := c.Read(b)
		wantFault(t, err, fault.Interrupt, "interrupted")
		if took := time.Since(began); took != time.Second {
			t.Errorf("cut after %v", took)
		}
	})
}

func TestPeek(t *testing.T) {
	c := dial(t, &Dialer{}, serve(t, says("hello")))
	b, err := c.Peek(t.Context(), 3)
	if string(b) != "hel" || err != nil {
		t.Fatalf("got %q, %v", b, err)
	}
	if c.Buffered() != 5 {
		t.Errorf("%d bytes buffered", c.Buffered())
	}
	got := make([]byte, 5)
	if _, err := io.ReadFull(c, got); string(got) != "hello" {
		t.Errorf("got %q, %v", got, err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, err = c.Peek(ctx, 1)
	wantFault(t, err, fault.Timeout, "time limit")
	_, err = c.Peek(canceled(), 1)
	wantFault(t, err, fault.Interrupt)
	c.SetReadDeadline(time.Now().Add(20 * time.Millisecond))
	if _, err = c.Read(got); !errors.Is(err, fault.Timeout) { // Peek has left no deadline behind
		t.Errorf("got %v", err)
	}
}

// T01, T02: the end, and a reset with what came before it.
func TestEnd(t *testing.T) {
	c := dial(t, &Dialer{}, serve(t, func(c net.Conn) { io.WriteString(c, "bye") }))
	if b, err := io.ReadAll(c); string(b) != "bye" || err != nil {
		t.Errorf("got %q, %v", b, err)
	}
	if _, err := c.Read(make([]byte, 1)); err != io.EOF {
		t.Errorf("at the end: %v", err)
	}
	c = dial(t, &Dialer{}, serve(t, func(c net.Conn) {
		io.WriteString(c, "seven b")
		c.Read(make([]byte, 1))
		c.(*net.TCPConn).SetLinger(0)
	}))
	io.ReadFull(c, make([]byte, 7))
	io.WriteString(c, "x")
	_, err := c.Read(make([]byte, 1))
	wantFault(t, err, fault.Recv, "connection reset by peer", "7 bytes received")
	c.Close()
	_, err = c.Read(make([]byte, 1))
	wantFault(t, err, fault.Recv)
}

// RAW-21, T08: each direction ends by itself.
func TestHalfClose(t *testing.T) {
	c := dial(t, &Dialer{}, serve(t, func(c net.Conn) {
		b, _ := io.ReadAll(c)
		io.WriteString(c, "got "+string(b))
	}))
	io.WriteString(c, "all")
	if err := c.CloseWrite(); err != nil {
		t.Fatal(err)
	}
	if b, err := io.ReadAll(c); string(b) != "got all" || err != nil {
		t.Errorf("got %q, %v", b, err)
	}
	if _, err := c.Write([]byte("x")); err == nil {
		t.Error("writing after shutdown")
	} else {
		wantFault(t, err, fault.Send, "broken pipe")
	}
}

// RAW-20, X-17: a trace can be turned on and off while connections are open.
func TestTraceMidway(t *testing.T) {
	d := &Dialer{}
	c := dial(t, d, serve(t, echo))
	b := make([]byte, 3)
	say := func(s string) {
		io.WriteString(c, s)
		io.ReadFull(c, b)
	}
	say("one")
	var rec recorder
	d.SetTrace(rec.add)
	say("two")
	d.SetTrace(nil)
	say("thr")
	if s, r := rec.data("send"), rec.data("recv"); s != "two" || r != "two" {
		t.Errorf("sent %q, received %q", s, r)
	}
	for _, e := range rec.all {
		if e.Offset != 3 || e.Conn != c.ID() || e.Secure || e.Time.IsZero() {
			t.Errorf("event %+v", e)
		}
	}
	if in, out := d.Counts(); in != 9 || out != 9 {
		t.Errorf("counted %d in, %d out", in, out)
	}
}

// X-19, RAW-32: what is known of a connection, also when it is over.
func TestInfoAndTiming(t *testing.T) {
	d := &Dialer{}
	release := d.Bind(t.Context())
	defer release()
	dialed := make(chan bool)
	address := serve(t, func(c net.Conn) {
		<-dialed
		time.Sleep(20 * time.Millisecond)
		says("220 hello\r\n")(c)
	})
	c := dial(t, d, "localhost:"+strings.TrimPrefix(address, "127.0.0.1:"))
	close(dialed)
	io.ReadFull(c, make([]byte, 11))
	i := c.Info()
	if i.Peer != address || i.Network != "tcp" || i.In != 11 || i.State != "ESTABLISHED" || i.Opened.IsZero() {
		t.Errorf("info %+v", i)
	}
	tm := d.Timing()
	if tm.Connect <= 0 || tm.DNS <= 0 || tm.Greeting < 20*time.Millisecond || tm.FirstByte < tm.Greeting {
		t.Errorf("timing %+v", tm)
	}
	d.Bind(t.Context())()
	if d.Timing() != (Timing{}) {
		t.Error("the timing of the last command is left")
	}
	if d.Last() != c || len(d.Conns()) != 1 {
		t.Error("the connection is not known")
	}
	c.Close()
	c.Close()
	if i := c.Info(); i.State != "CLOSED" || i.In != 11 || len(d.Conns()) != 0 || d.Last() != c {
		t.Errorf("afterwards %+v", i)
	}
}
