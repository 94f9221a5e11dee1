package wire

import (
	"errors"
	"io"
	"net"
	"os"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// Few bytes after many are not kept waiting for more, and the socket is left
// as it was.
func TestFlowFewAfterMany(t *testing.T) {
	many := someBytes(t)
	tail := make(chan string)
	c := dial(t, &Dialer{}, serve(t, func(c net.Conn) {
		c.Write(many)
		for s := range tail {
			io.WriteString(c, s)
		}
	}))
	pr, pw, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer pr.Close()
	defer pw.Close()
	copied := make(chan error, 1)
	go func() {
		_, err := io.Copy(pw, c)
		copied <- err
	}()
	pr.SetReadDeadline(time.Now().Add(time.Minute))
	if _, err := io.ReadFull(pr, make([]byte, len(many))); err != nil {
		t.Fatal(err)
	}
	for _, few := range []string{"a", "few", "more"} {
		tail <- few
		b := make([]byte, len(few))
		if _, err := io.ReadFull(pr, b); err != nil || string(b) != few {
			t.Fatalf("%q, %v", b, err)
		}
	}
	close(tail)
	if err := <-copied; err != nil {
		t.Error(err)
	}
	c.Control(func(fd uintptr) {
		if n, err := unix.GetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_RCVLOWAT); n != 1 || err != nil {
			t.Errorf("SO_RCVLOWAT is %d, %v", n, err)
		}
	})
}

// A cut ends a copy that is in the middle of many bytes.
func TestFlowCut(t *testing.T) {
	d := &Dialer{}
	c := dial(t, d, serve(t, func(c net.Conn) {
		b := make([]byte, 1<<20)
		for {
			if _, err := c.Write(b); err != nil {
				return
			}
		}
	}))
	go func() {
		for in := int64(0); in == 0 && t.Context().Err() == nil; time.Sleep(time.Millisecond) {
			in, _ = d.Counts()
		}
		d.Cut(io.ErrClosedPipe)
	}()
	if n, err := io.Copy(io.Discard, c); !errors.Is(err, io.ErrClosedPipe) || n == 0 {
		t.Errorf("%d bytes, %v", n, err)
	}
	c.Close()
}
