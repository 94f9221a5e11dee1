package wire

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"wireline/protocols/fault"
)

// brieflyTo is a further connection to an address.
func brieflyTo(t *testing.T, address string) (*Conn, *briefConn) {
	t.Helper()
	c, err := new(Dialer).Next(t.Context(), address, "", false)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	b, ok := c.sock.Conn.(*briefConn)
	if !ok {
		t.Fatalf("it is a %T", c.sock.Conn)
	}
	return c, b
}

// What has come is read with its end, and the runtime never hears of it.
func TestBrief(t *testing.T) {
	sent := make(chan bool)
	c, b := brieflyTo(t, serve(t, func(p net.Conn) {
		io.WriteString(p, "all")
		p.Close()
		close(sent)
	}))
	<-sent
	got, err := io.ReadAll(c)
	if string(got) != "all" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	if i := c.Info(); i.Peer != c.RemoteAddr().String() || i.Local != c.LocalAddr().String() || i.MSS == 0 {
		t.Errorf("info %+v", i)
	}
	if b.file != nil {
		t.Error("somebody has waited")
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	if i := c.Info(); i.State != "CLOSED" || i.Peer != c.RemoteAddr().String() {
		t.Errorf("info afterwards %+v", i)
	}
	if _, err := c.Read(make([]byte, 1)); !errors.Is(err, net.ErrClosed) {
		t.Errorf("after its end: %v", err)
	}
}

// Both ways, in large pieces, with an end to what is sent.
func TestBriefBothWays(t *testing.T) {
	for _, address := range []string{"127.0.0.1:0", "[::1]:0"} {
		ln, err := net.Listen("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		c, _ := brieflyTo(t, serveOn(t, ln, func(p net.Conn) {
			all, _ := io.ReadAll(p)
			p.Write(all)
		}))
		text := bytes.Repeat([]byte("0123456789abcdef"), 1<<16)
		if n, err := c.Write(text); n != len(text) || err != nil {
			t.Fatal(n, err)
		}
		if err := c.CloseWrite(); err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(c); !bytes.Equal(got, text) || err != nil {
			t.Errorf("%d bytes came back, %v", len(got), err)
		}
	}
}

// A read ends by a deadline, set before it or while it waits, and by Close;
// one that is in the past lets nothing through that is there.
func TestBriefEnds(t *testing.T) {
	more, there := make(chan bool), make(chan bool)
	c, b := brieflyTo(t, serve(t, func(p net.Conn) {
		<-more
		io.WriteString(p, "x")
		close(there)
		io.Copy(io.Discard, p)
	}))
	room := make([]byte, 1)
	for name, end := range map[string]func(){"before": func() { b.SetReadDeadline(past) }, "meanwhile": func() { go b.SetReadDeadline(past) }} {
		end()
		if _, err := b.Read(room); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("%s: %v", name, err)
		}
		b.SetReadDeadline(time.Time{})
	}
	close(more)
	<-there
	c.Interrupt()
	_, err := c.Read(room)
	wantFault(t, err, fault.Timeout)
	c.SetReadDeadline(time.Time{})
	if n, err := c.Read(room); n != 1 || err != nil {
		t.Errorf("afterwards: %d, %v", n, err)
	}
	closed := make(chan error)
	go func() {
		_, err := c.Read(room)
		closed <- err
	}()
	c.Close()
	if err := <-closed; fault.Of(err) != fault.Recv {
		t.Errorf("closed: %v", err)
	}
}

// Where nobody listens, or the peer does not answer, it ends with the reason.
func TestBriefFails(t *testing.T) {
	ln, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := ln.Addr().String()
	ln.Close()
	_, err = new(Dialer).Next(t.Context(), address, "", false)
	wantFault(t, err, fault.Connect, "connection refused")

	// A listener whose queue is full does not answer, and has no more to say
	// until somebody accepts.
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	if err := errors.Join(unix.Bind(fd, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}), unix.Listen(fd, 0)); err != nil {
		t.Fatal(err)
	}
	name, err := unix.Getsockname(fd)
	if err != nil {
		t.Fatal(err)
	}
	full := joinPort("127.0.0.1", name.(*unix.SockaddrInet4).Port)
	why := errors.New("enough")
	for range 5 { // the first fill the queue
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(20*time.Millisecond, func() { cancel(why) })
		c, cerr := new(Dialer).Next(ctx, full, "", false)
		cancel(nil)
		if err = cerr; err != nil {
			break
		}
		defer c.Close()
	}
	if !errors.Is(err, why) {
		t.Errorf("unanswered: %v", err)
	}
	_, err = (&Dialer{Limits: Limits{Connect: 20 * time.Millisecond}}).Next(t.Context(), full, "", false)
	wantFault(t, err, fault.Timeout, "not connected within")
}
