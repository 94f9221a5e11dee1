package wire

import (
	"bytes"
	"io"
	"net"
	"testing"
	"time"

	"wireline/protocols/fault"
)

// What comes in bulk under TLS comes whole, what is behind it stays for the
// next read, and nothing that has come waits for more.
func TestBulk(t *testing.T) {
	const piece = 3<<20 + 12345
	text := bytes.Repeat([]byte("0123456789abcdef"), piece/16+1)[:piece]
	seen := make(chan bool)
	ca := newCA(t)
	address := serveTLS(t, ca.server(t, nil), func(c net.Conn) {
		c.Write(text)
		<-seen // the client has all of it
		c.Write(text)
		io.WriteString(c, "behind")
		io.Copy(io.Discard, c)
	})
	c, err := dialTLS(t, &Dialer{Options: Options{CA: []string{ca.file}}}, address)
	if err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	within(t, 20*time.Second, func() {
		n, err := c.CopyN(writerFunc(func(p []byte) (int, error) {
			got.Write(p)
			if got.Len() == piece {
				close(seen)
			}
			return len(p), nil
		}), 2*piece)
		if n != 2*piece || err != nil || !bytes.Equal(got.Bytes(), append(text, text...)) {
			t.Errorf("%d bytes, %v", n, err)
		}
		b := make([]byte, 6)
		if _, err := io.ReadFull(c, b); string(b) != "behind" || err != nil {
			t.Errorf("%q, %v", b, err)
		}
	})
}

// A peer that goes silent in the middle of it is noticed.
func TestBulkIdle(t *testing.T) {
	ca := newCA(t)
	address := serveTLS(t, ca.server(t, nil), func(c net.Conn) {
		c.Write(make([]byte, 4<<20))
		io.Copy(io.Discard, c)
	})
	c, err := dialTLS(t, &Dialer{Options: Options{CA: []string{ca.file}}}, address)
	if err != nil {
		t.Fatal(err)
	}
	within(t, 20*time.Second, func() {
		got := 0
		n, err := c.CopyN(writerFunc(func(p []byte) (int, error) {
			if got += len(p); got == 4<<20 {
				c.SetIdle(100 * time.Millisecond)
			}
			return len(p), nil
		}), 16<<20)
		if n != 4<<20 {
			t.Errorf("%d bytes", n)
		}
		wantFault(t, err, fault.Timeout, "no byte received")
	})
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }
