package wire

import (
	"bytes"
	"io"
	"net"
	"testing"
	"time"

	"wireline/protocols/fault"
)

// What comes in large pieces is read as anything else: all of it, with the few
// bytes that follow at once; and a read that waits can be interrupted, gives
// up after the idle limit, and is told of the end.
func TestReadMany(t *testing.T) {
	many := someBytes(t)
	tail := make(chan string)
	c := dial(t, &Dialer{}, serve(t, func(c net.Conn) {
		c.Write(many)
		for s := range tail {
			io.WriteString(c, s)
		}
	}))
	room := make([]byte, 256<<10)
	read := func(want []byte) {
		t.Helper()
		var got []byte
		for len(got) < len(want) {
			n, err := c.Read(room)
			if err != nil {
				t.Fatalf("after %d of %d bytes: %v", len(got), len(want), err)
			}
			got = append(got, room[:n]...)
		}
		if !bytes.Equal(got, want) {
			t.Fatal("other bytes came than were sent")
		}
	}
	read(many)
	for _, few := range []string{"a", "few", "more"} {
		tail <- few
		read([]byte(few))
	}
	waited := make(chan error)
	for range 3 {
		go func() {
			_, err := c.Read(room)
			waited <- err
		}()
		c.Interrupt()
		wantFault(t, <-waited, fault.Timeout)
		c.SetReadDeadline(time.Time{})
	}
	c.SetIdle(10 * time.Millisecond)
	_, err := c.Read(room)
	wantFault(t, err, fault.Timeout, "no byte received for 10ms")
	c.SetIdle(0)
	tail <- "last"
	close(tail)
	read([]byte("last"))
	if n, err := c.Read(room); n != 0 || err != io.EOF {
		t.Errorf("%d, %v at the end", n, err)
	}
	if n := c.Info().In; n != int64(len(many)+len("afewmorelast")) {
		t.Errorf("%d bytes are counted", n)
	}
}

// A read amid many bytes, of a peer that then says nothing, can be interrupted
// and cut.
func TestReadManyEnds(t *testing.T) {
	for _, cut := range []bool{false, true} {
		sent, done := make(chan bool), make(chan bool)
		c := dial(t, &Dialer{}, serve(t, func(c net.Conn) {
			c.Write(make([]byte, 1<<20))
			close(sent)
			<-done
		}))
		room := make([]byte, 256<<10)
		ended := make(chan error)
		go func() {
			for {
				if _, err := c.Read(room); err != nil {
					ended <- err
					return
				}
			}
		}()
		<-sent
		if cut {
			c.cut(fault.New(fault.Interrupt, "enough"))
			wantFault(t, <-ended, fault.Interrupt, "enough")
		} else {
			c.Interrupt()
			wantFault(t, <-ended, fault.Timeout)
		}
		close(done)
	}
}

// A reset amid many bytes is an error and no end.
func TestReadManyReset(t *testing.T) {
	c := dial(t, &Dialer{}, serve(t, func(c net.Conn) {
		c.Write(make([]byte, 1<<20))
		c.Read(make([]byte, 1))
		c.(*net.TCPConn).SetLinger(0)
	}))
	room := make([]byte, 256<<10)
	for n := range 1 << 20 {
		k, err := c.Read(room)
		if n == 0 && err == nil {
			_, err = c.Write([]byte("x"))
		}
		if err == io.EOF {
			t.Fatal("a reset was taken for the end")
		}
		if err != nil {
			wantFault(t, err, fault.Recv, "reset")
			return
		}
		if k == 0 {
			t.Fatal("nothing was read")
		}
	}
}
