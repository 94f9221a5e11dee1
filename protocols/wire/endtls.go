package wire

import (
	"io"
	"time"

	"wireline/protocols/fault"
)

// EndTLS ends TLS in good order, with the word of both sides that it does, and
// goes on in the clear. Nothing may be on its way from the peer. After an error
// the connection is of no use.
func (c *Conn) EndTLS() error {
	c.rmu.Lock()
	defer c.rmu.Unlock()
	t := c.tls.Load()
	switch {
	case t == nil:
		return fault.New(fault.Unsupported, "the connection is not under TLS")
	case len(c.buf) > 0:
		return c.stays("%d bytes have come that nobody has read", len(c.buf))
	}
	c.sock.SetReadDeadline(time.Now().Add(tlsGoodbye))
	defer c.sock.SetReadDeadline(time.Time{})
	if err := t.CloseWrite(); err != nil {
		return c.stays("%v", err)
	}
	if n, err := t.Read(make([]byte, 1)); n > 0 {
		return c.stays("the peer said more instead")
	} else if err != io.EOF {
		return c.stays("%v", err)
	}
	c.sock.SetWriteDeadline(time.Time{}) // which CloseWrite has let pass
	c.wmu.Lock()
	c.top = c.sock
	c.wmu.Unlock()
	c.tls.Store(nil)
	c.info.Store(nil)
	c.d.note(c.id, "tls", "TLS has ended; the connection goes on in the clear")
	return nil
}

// tlsGoodbye is how long the peer has to say that TLS ends.
const tlsGoodbye = 5 * time.Second

func (c *Conn) stays(format string, a ...any) error {
	e := fault.New(fault.TLSHandshake, "TLS did not end in good order: "+format, a...)
	e.Phase, e.At = "tls", c.where()
	c.sock.cut(e)
	return e
}
