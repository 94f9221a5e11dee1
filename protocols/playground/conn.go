package playground

import (
	"fmt"
	"net"
	"sync"
	"time"
)

// A tap is a listener whose connections all pass World.wrap.
type tap struct {
	net.Listener
	w *World
	s server
}

func (t tap) Accept() (net.Conn, error) {
	c, err := t.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return t.w.wrap(t.s, c), nil
}

// wrap is the one place through which every accepted connection goes, before
// TLS, on its way to a server.
func (w *World) wrap(s server, c net.Conn) net.Conn {
	from := c.RemoteAddr().String()
	if from == "" || from == "@" {
		from = "a client without a name"
	}
	w.log(fmt.Sprintf("%s: connection from %s", s.what(), from))
	wrapped := &conn{Conn: c, w: w, closed: make(chan struct{})}
	w.own(wrapped)
	return wrapped
}

// A conn is cut when its world ends, and everything arrives on it later than
// it did, if that is the world's way.
type conn struct {
	net.Conn
	w      *World
	once   sync.Once
	closed chan struct{}
}

func (c *conn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if n > 0 && c.w.opts.Latency > 0 {
		select {
		case <-time.After(c.w.opts.Latency):
		case <-c.closed:
		}
	}
	return n, err
}

// CloseWrite lets a server end its half of the conversation first.
func (c *conn) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}

func (c *conn) Close() error {
	err := c.Conn.Close()
	c.once.Do(func() {
		close(c.closed)
		c.w.disown(c)
	})
	return err
}
