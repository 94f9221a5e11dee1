package command

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/wire"
)

// pair is a connection and its other end.
func pair(t *testing.T) (*Conn, net.Conn) {
	t.Helper()
	a, b := net.Pipe()
	c := &Conn{Conn: new(wire.Dialer).Own(a), At: func() string { return "here:1" }}
	c.SetLine(true)
	t.Cleanup(func() { c.Conn.Close(); b.Close() })
	return c, b
}

// What is read at a time is a line, and the end of the connection says what
// had no answer.
func TestLines(t *testing.T) {
	c, peer := pair(t)
	go func() {
		buf := make([]byte, 100)
		peer.Read(buf)
		io.WriteString(peer, "one\r\ntwo\r\nhal")
		peer.Close()
	}()
	if _, err := c.Write([]byte("NOOP x\r\n")); err != nil || c.Sent != "NOOP" {
		t.Errorf("%q, %v", c.Sent, err)
	}
	for _, want := range []string{"one\r\n", "two\r\n"} {
		if err := c.ReadLine(); err != nil || string(c.Line) != want {
			t.Errorf("%q, %v", c.Line, err)
		}
	}
	err := c.Ended(c.ReadLine(), true)
	if fault.Of(err) != fault.Recv || !strings.Contains(err.Error(), "before it answered NOOP") {
		t.Error(err)
	}
	c.Fail(err)
	if got := c.Gone(); fault.Of(got) != fault.Recv || got.At != "here:1" || c.Alive() {
		t.Error(got)
	}
	if _, err := c.Write([]byte("NOOP\r\n")); err != c.Broken {
		t.Error(err)
	}
}

// What runs when a context ends is ended with it, and the connection too; a
// later reason does not hide the first.
func TestCall(t *testing.T) {
	c, _ := pair(t)
	why := fault.New(fault.Interrupt, "stop")
	ctx, cancel := context.WithCancelCause(t.Context())
	time.AfterFunc(20*time.Millisecond, func() { cancel(why) })
	if err := c.Call(ctx, c.ReadLine); err != why || c.Broken != why {
		t.Errorf("%v, %v", err, c.Broken)
	}
	if err := c.Fail(io.EOF); err != why {
		t.Error(err)
	}
	if err := c.Call(ctx, func() error { t.Error("it ran"); return nil }); err != why {
		t.Error(err)
	}
	c, _ = pair(t)
	no := errors.New("no")
	if err := c.Call(t.Context(), func() error { return no }); err != no || c.Broken != nil {
		t.Errorf("%v, %v", err, c.Broken)
	}
	if got := c.Located("data", fault.New(fault.Refused, "no")); got.Error() != "data: no (here:1)" {
		t.Error(got)
	}
}
