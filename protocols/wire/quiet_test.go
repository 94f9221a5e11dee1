package wire

import (
	"context"
	"io"
	"net"
	"testing"
)

// Whether something waits is told without waiting for it, and without taking it.
func TestQuiet(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	c, err := (&Dialer{}).Dial(t.Context(), at(l.Addr().String()))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	peer, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer peer.Close()
	if !c.Quiet() {
		t.Error("something has come, though nothing was sent")
	}
	io.WriteString(peer, "x")
	if _, err := c.Peek(context.Background(), 1); err != nil { // it has come
		t.Fatal(err)
	}
	if c.Quiet() {
		t.Error("a byte that was read ahead was not seen")
	}
	io.ReadFull(c, make([]byte, 1))
	if !c.Quiet() {
		t.Error("not quiet after all was read")
	}
	peer.Close()
	if _, err := c.Peek(context.Background(), 1); err != io.EOF {
		t.Fatal(err)
	}
	if c.Quiet() {
		t.Error("the end was not seen")
	}
}
