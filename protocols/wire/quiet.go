package wire

import (
	"context"
	"time"

	"wireline/protocols/fault"
)

// Quiet reports whether nothing has come that nobody has read, and the peer
// has not ended its side. It does not wait, but for a moment where the system
// cannot be asked, or under TLS, which has words of its own.
func (c *Conn) Quiet() bool {
	if c.Buffered() > 0 || c.closed.Load() {
		return false
	}
	if quiet, known := c.silent(); known && (quiet || c.tls.Load() == nil) {
		return quiet
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	_, err := c.Peek(ctx, 1)
	return fault.Of(err) == fault.Timeout
}
