package pop3

import (
	"context"
	"time"

	"wireline/protocols"
)

// Rest waits until the server has said something unasked, or has gone, and
// makes it long ago that the session was used.
func Rest(s protocols.Session) {
	c := &s.(*Session).ctl.Conn
	c.Conn.SetReadDeadline(time.Now().Add(time.Minute))
	c.Conn.Peek(context.Background(), 1)
	c.Conn.SetReadDeadline(time.Time{})
	c.Heard = time.Time{}
}
