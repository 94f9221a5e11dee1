package playground

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"sync"
	"sync/atomic"
	"syscall"
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
	wrapped := &conn{Conn: c, w: w, closed: make(chan struct{}), faults: w.faults(s)}
	w.own(cutter{wrapped})
	wrapped.suffer()
	return wrapped
}

// A conn is cut when its world ends, and as slow and as faulty as its world
// wants it.
type conn struct {
	net.Conn
	w      *World
	once   sync.Once
	err    error // of closing
	closed chan struct{}
	state  atomic.Int32
	both   bool // what is read counts for the faults, too

	writing sync.Mutex // of what follows
	faults  []Fault    // still to come
	sent    int64
	noise   *rand.Rand // nil: none
}

// The states of a conn. In all but the first the server has been silenced,
// and what the client still says is lost.
const (
	sound int32 = iota
	finished
	stalled
)

func (c *conn) Read(p []byte) (int, error) {
	switch state := c.state.Load(); {
	case state != sound && c.both: // else a file would be taken for whole
		c.drain()
		return 0, syscall.ECONNRESET
	case state == finished:
		c.drain()
		return 0, io.EOF
	}
	n, err := c.Conn.Read(p[:min(len(p), c.piece(), c.left())])
	if n > 0 && c.both {
		c.writing.Lock()
		c.sent += int64(n)
		c.suffer()
		c.writing.Unlock()
	}
	if n > 0 {
		c.wait(c.w.opts.Latency + c.takes(n))
	}
	return n, err
}

// Write sends p, up to the byte at which something goes wrong.
func (c *conn) Write(p []byte) (n int, err error) {
	c.writing.Lock()
	defer c.writing.Unlock()
	for len(p) > 0 {
		switch c.state.Load() {
		case stalled:
			c.drain()
			return n, syscall.EPIPE
		case finished:
			return n, syscall.EPIPE
		}
		piece := p[:min(len(p), c.piece())]
		if len(c.faults) > 0 {
			piece = piece[:min(int64(len(piece)), c.faults[0].After-c.sent)]
		}
		m, err := c.Conn.Write(c.garbled(piece))
		n, p, c.sent = n+m, p[m:], c.sent+int64(m)
		if err != nil {
			return n, err
		}
		c.wait(c.takes(m))
		c.suffer()
	}
	return n, nil
}

// left is how much may be read before something goes wrong.
func (c *conn) left() int {
	c.writing.Lock()
	defer c.writing.Unlock()
	if !c.both || len(c.faults) == 0 {
		return 1 << 30
	}
	return int(min(c.faults[0].After-c.sent, 1<<30))
}

// suffer lets go wrong what is due.
func (c *conn) suffer() {
	for len(c.faults) > 0 && c.faults[0].After <= c.sent {
		f := c.faults[0]
		c.faults = c.faults[1:]
		c.w.log("fault " + f.String())
		switch f.Kind {
		case Fin:
			c.state.Store(finished)
			_ = c.CloseWrite()
		case Reset:
			c.state.Store(finished)
			if t, ok := c.Conn.(*net.TCPConn); ok {
				_ = t.SetLinger(0)
			}
			_ = c.cut()
		case Stall:
			c.state.Store(stalled)
		case Garbage:
			c.noise = rand.New(rand.NewPCG(1, uint64(c.sent)))
		}
	}
}

// garbled is p, or noise in its place. Line ends stay, so that whoever waits
// for a line gets one.
func (c *conn) garbled(p []byte) []byte {
	if c.noise == nil {
		return p
	}
	junk := make([]byte, len(p))
	for i, b := range p {
		if junk[i] = b; b != '\r' && b != '\n' {
			junk[i] = byte(0x80 + c.noise.IntN(0x80))
		}
	}
	return junk
}

// piece is how much goes at once, so that a slow line is slow all the time.
func (c *conn) piece() int {
	if c.w.opts.Bandwidth <= 0 {
		return 1 << 30
	}
	return max(1, int(c.w.opts.Bandwidth/20))
}

// takes is how long n bytes are under way.
func (c *conn) takes(n int) time.Duration {
	if c.w.opts.Bandwidth <= 0 {
		return 0
	}
	return time.Duration(float64(n) / float64(c.w.opts.Bandwidth) * float64(time.Second))
}

func (c *conn) wait(d time.Duration) {
	if d <= 0 {
		return
	}
	select {
	case <-time.After(d):
	case <-c.closed:
	}
}

// drain waits until the client has gone, or the world ends.
func (c *conn) drain() {
	_ = c.Conn.SetReadDeadline(time.Time{})
	_, _ = io.Copy(io.Discard, c.Conn)
}

// CloseWrite lets a server end its half of the conversation first.
func (c *conn) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok && c.state.Load() != stalled {
		return half.CloseWrite()
	}
	return nil
}

// Close ends the connection. One that has been silenced stays until the
// client has seen it.
func (c *conn) Close() error {
	if c.state.Load() == sound {
		return c.cut()
	}
	c.w.run(func() {
		c.drain()
		_ = c.cut()
	})
	return nil
}

// cut closes the connection, whatever its state.
func (c *conn) cut() error {
	c.once.Do(func() {
		close(c.closed)
		c.err = c.Conn.Close()
		c.w.disown(cutter{c})
	})
	return c.err
}

// A cutter cuts a conn.
type cutter struct{ *conn }

func (c cutter) Close() error { return c.cut() }

// A silenced server's own patience does not count.
func (c *conn) SetReadDeadline(t time.Time) error {
	if c.state.Load() != sound {
		return nil
	}
	return c.Conn.SetReadDeadline(t)
}

// SetDeadline is SetReadDeadline, and the same for writing.
func (c *conn) SetDeadline(t time.Time) error {
	if c.state.Load() != sound {
		return nil
	}
	return c.Conn.SetDeadline(t)
}
