package wire

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"time"

	"wireline/protocols/fault"
)

// StartTLS makes the handshake in place on an open plain connection, whose
// peer has agreed to it; "" is the host that was dialled. Bytes that came
// before it and have not been read are refused as injected (kind
// TLSRequired). After an error the connection is of no use.
func (c *Conn) StartTLS(ctx context.Context, host string) error {
	if !c.rmu.TryLock() {
		return fault.New(fault.Unsupported, "tls cannot start while something reads from the connection")
	}
	defer c.rmu.Unlock()
	return c.startTLS(ctx, host)
}

// startTLS is StartTLS with rmu held.
func (c *Conn) startTLS(ctx context.Context, host string) error {
	if host == "" {
		host = c.host
	}
	if c.tls.Load() != nil {
		return fault.New(fault.Unsupported, "the connection is under TLS already")
	}
	if len(c.buf) > 0 {
		return c.injected()
	}
	cfg, err := c.d.TLSConfig(host)
	if err != nil {
		return err
	}
	c.secure(tls.Client(c.sock, cfg))
	return c.handshake(ctx)
}

func (c *Conn) injected() error {
	e := fault.New(fault.TLSRequired, "data injected before TLS: %d bytes came after the go-ahead", len(c.buf))
	e.Phase, e.At, e.Hint = "tls", c.where(), "somebody may be tampering with the connection"
	c.sock.cut(e)
	return e
}

// secure puts t on top of the wire. Call it with rmu held.
func (c *Conn) secure(t *tls.Conn) {
	c.wmu.Lock()
	c.top = t
	c.wmu.Unlock()
	c.tls.Store(t)
}

// ready makes a handshake that has waited for the first byte.
func (c *Conn) ready(ctx context.Context) error {
	if !c.lazy.Load() {
		return nil
	}
	c.shake.Lock()
	defer c.shake.Unlock()
	if !c.lazy.Load() {
		return nil
	}
	err := c.handshake(ctx)
	c.lazy.Store(false)
	return err
}

func (c *Conn) handshake(ctx context.Context) error {
	t := c.tls.Load()
	parent := ctx
	ctx, stop := c.d.limited(ctx, c.limits.Handshake)
	defer stop()
	start := time.Now()
	err := t.HandshakeContext(ctx)
	c.d.phase(func(x *Timing) { x.TLS += time.Since(start) })
	if err == nil {
		cs := t.ConnectionState()
		i := c.d.DescribeTLS(&cs)
		c.info.Store(i)
		c.d.note(c.id, "tls", i.line())
		now := time.Now()
		c.usable.Store(&now)
		return nil
	}
	dead, cause := c.sock.isCut(), context.Cause(ctx)
	switch {
	case dead != nil:
		err = ended(dead, c.where(), "tls")
	case cause != nil && parent.Err() == nil && errors.Is(cause, errLimit):
		err = &fault.Error{At: c.where(), Phase: "tls", Kind: fault.Timeout, Err: err,
			Text: fmt.Sprintf("no TLS handshake within %v", c.limits.Handshake), Hint: "does the server speak TLS at this port?"}
	case cause != nil:
		err = ended(cause, c.where(), "tls")
	case timedOut(err):
		err = c.lateFault(&c.sock.r, err)
	default:
		err = tlsFault(err, c.where(), "tls")
	}
	c.d.note(c.id, "tls", err.Error())
	c.sock.cut(err)
	return err
}

// line is the handshake for a trace.
func (t *TLSInfo) line() string {
	s := fmt.Sprintf("TLS %s %s", t.Version, t.Cipher)
	if t.ALPN != "" {
		s += " " + t.ALPN
	}
	if t.Resumed {
		s += ", resumed"
	}
	if len(t.Chain) > 0 {
		how := "not verified"
		if t.Verified {
			how = "verified"
		}
		s += fmt.Sprintf(", %s by %s, until %s, %s", t.Chain[0].Subject, t.Chain[0].Issuer, t.NotAfter.UTC().Format("2006-01-02"), how)
	}
	return s
}

// TLS is the state of TLS, or nil on a plain connection and before a
// handshake that waits for the first byte.
func (c *Conn) TLS() *tls.ConnectionState {
	t := c.tls.Load()
	if t == nil || c.lazy.Load() {
		return nil
	}
	cs := t.ConnectionState()
	if !cs.HandshakeComplete {
		return nil
	}
	return &cs
}
