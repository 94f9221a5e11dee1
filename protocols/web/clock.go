package web

import (
	"sync"
	"time"

	"wireline/protocols/wire"
)

// A Clock notes when each part of an exchange began.
type Clock struct {
	wire *wire.Dialer

	mu                             sync.Mutex
	start, conn, wrote, first, end time.Time
	dial                           wire.Timing // of a new connection
}

func (c *Clock) mark(t *time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if t.IsZero() {
		*t = time.Now()
	}
}

func (c *Clock) connected(reused bool) {
	var dial wire.Timing
	if !reused {
		dial = c.wire.Timing()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	// A request that is sent again, on another connection, begins anew.
	c.conn, c.wrote, c.dial = time.Now(), time.Time{}, dial
}

// answered reports whether a byte of the response came.
func (c *Clock) answered() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.first.IsZero()
}

// Timing is how long each part took; of one that is under way, so far.
func (c *Clock) Timing() Timing {
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

// A Timing is how long each part of an exchange took. Resolve, Connect and
// TLS are zero on a connection that was open already.
type Timing struct {
	Resolve  time.Duration `json:"dns"`
	Connect  time.Duration `json:"connect"`
	TLS      time.Duration `json:"tls"`
	Send     time.Duration `json:"send"`     // from the connection to the end of the request
	Wait     time.Duration `json:"wait"`     // from there to the first byte of the response
	Transfer time.Duration `json:"transfer"` // from there to the end of the body
	Total    time.Duration `json:"total"`
}
