package http

import (
	"sync"
	"time"

	"wireline/protocols/wire"
)

// A clock notes when each part of an exchange began.
type clock struct {
	wire *wire.Dialer

	mu                             sync.Mutex
	start, conn, wrote, first, end time.Time
	dial                           wire.Timing // of a new connection
	kept                           bool        // the connection was open already
}

func newClock(d *wire.Dialer) *clock { return &clock{wire: d, start: time.Now()} }

func (c *clock) mark(t *time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if t.IsZero() {
		*t = time.Now()
	}
}

func (c *clock) connected(reused bool) {
	var dial wire.Timing
	if !reused {
		dial = c.wire.Timing()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	// A request that is sent again, on another connection, begins anew.
	c.conn, c.wrote, c.kept, c.dial = time.Now(), time.Time{}, reused, dial
}

func (c *clock) reused() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.kept
}

// answered reports whether a byte of the response came.
func (c *clock) answered() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.first.IsZero()
}

func (c *clock) timing() Timing {
	c.mu.Lock()
	defer c.mu.Unlock()
	end := c.end
	if end.IsZero() {
		end = time.Now()
	}
	t := Timing{Resolve: c.dial.DNS, Connect: c.dial.Connect, TLS: c.dial.TLS, Total: end.Sub(c.start)}
	wrote := c.wrote
	if wrote.IsZero() || wrote.After(c.first) {
		wrote = c.first // the response came before the request was sent whole
	}
	t.Send, t.Wait, t.Transfer = between(c.conn, wrote), between(wrote, c.first), between(c.first, end)
	return t
}

func between(a, b time.Time) time.Duration {
	if a.IsZero() || b.IsZero() {
		return 0
	}
	return b.Sub(a)
}
