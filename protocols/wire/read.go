package wire

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"wireline/protocols/fault"
)

const roomSize = 64 << 10

// fill reads once into the empty buffer.
func (c *Conn) fill() error {
	if c.room == nil {
		c.room = make([]byte, roomSize)
	}
	n, err := c.receive(c.room)
	c.setBuf(c.room[:n])
	return err
}

func (c *Conn) setBuf(b []byte) {
	c.buf = b
	c.buffered.Store(int64(len(b)))
}

// take moves bytes from the buffer to p: in line mode at most to the end of
// a line.
func (c *Conn) take(p []byte) (int, error) {
	n := min(len(p), len(c.buf))
	if c.line {
		eol := bytes.IndexByte(c.buf[:n], '\n')
		if eol >= 0 {
			n = eol + 1
		}
		if c.column += n; c.limits.Line > 0 && c.column > c.limits.Line {
			c.sock.cut(c.tooMuch("a line is longer than %d bytes", c.limits.Line))
			return 0, c.sock.isCut()
		}
		if eol >= 0 {
			c.column = 0
		}
	}
	copy(p, c.buf[:n])
	c.taken = true
	if c.own > 0 {
		c.own = max(0, c.own-n)
	} else if err := c.reply.bytes(c, c.buf[:n]); err != nil {
		return 0, err
	}
	c.setBuf(c.buf[n:])
	return n, nil
}

// SetLine turns line mode on or off. In it a Read never returns past one \n,
// so whoever reads lines leaves nothing of the next one in a buffer of his
// own; a line longer than Limits.Line is an error of kind Limit, after which
// the connection is of no use; and Limits.Idle holds for every wait.
func (c *Conn) SetLine(on bool) {
	c.rmu.Lock()
	defer c.rmu.Unlock()
	c.line, c.column = on, 0
	if on {
		c.SetIdle(c.limits.Idle)
	} else {
		c.SetIdle(0)
	}
}

// SetLimits changes the limits on what comes from now on; see Limits for
// what zero means. An adapter uses it for a protocol with longer lines.
func (c *Conn) SetLimits(l Limits) {
	d := Dialer{Options: c.d.Options, Limits: l}
	c.rmu.Lock()
	defer c.rmu.Unlock()
	c.limits = d.InForce()
}

// Buffered is how many bytes have been read from the wire and not been taken.
func (c *Conn) Buffered() int { return int(c.buffered.Load()) }

// Peek returns up to n of the bytes that Read will return next, and waits for
// at least one, or for a datagram, which may be empty. The slice is valid until the next Read or Peek. When ctx ends
// it returns the cause, and nothing is lost.
func (c *Conn) Peek(ctx context.Context, n int) ([]byte, error) {
	fired := make(chan bool)
	stop := context.AfterFunc(ctx, func() {
		c.sock.set(&c.sock.r, func(x *side) { x.poke = past })
		close(fired)
	})
	defer func() {
		if !stop() {
			<-fired
			c.sock.set(&c.sock.r, func(x *side) { x.poke = time.Time{} })
		}
	}()
	c.rmu.Lock()
	defer c.rmu.Unlock()
	if len(c.left) > 0 {
		return c.left[0].data[:min(n, len(c.left[0].data))], nil
	}
	if len(c.buf) == 0 {
		if ctx.Err() != nil {
			return nil, ended(context.Cause(ctx), c.where(), "")
		}
		if err := c.fill(); err != nil {
			if ctx.Err() != nil && timedOut(err) {
				return nil, ended(context.Cause(ctx), c.where(), "")
			}
			return nil, err
		}
	}
	if c.packets() {
		b := c.buf
		c.setBuf(nil)
		c.keepDatagram(b)
		return c.left[0].data[:min(n, len(b))], nil
	}
	return c.buf[:min(n, len(c.buf))], nil
}

// A replyCount bounds one reply.
type replyCount struct {
	on           bool
	lines, total int
}

// Reply begins the reply to one command: until done is called, its time is
// limited by Limits.Reply, whatever its progress, and its size by
// Limits.Lines and Limits.Bytes.
func (c *Conn) Reply() (done func()) {
	c.rmu.Lock()
	defer c.rmu.Unlock()
	c.reply = replyCount{on: true}
	timed := c.timed()
	return func() {
		c.rmu.Lock()
		c.reply.on = false
		c.rmu.Unlock()
		timed()
	}
}

// Timed limits the time of what is read until done is called by Limits.Reply,
// whatever its progress. It is for a reply among others in a large buffer, the
// size of which Reply cannot know.
func (c *Conn) Timed() (done func()) {
	c.rmu.Lock()
	defer c.rmu.Unlock()
	return c.timed()
}

func (c *Conn) timed() (done func()) {
	if c.limits.Reply > 0 {
		// The transport is told when somebody waits: of a reply that has come
		// with the one before it, it need not know.
		c.sock.mu.Lock()
		c.sock.r.whole = time.Now().Add(c.limits.Reply)
		c.sock.mu.Unlock()
	}
	return func() {
		c.sock.set(&c.sock.r, func(x *side) { x.whole, x.due = time.Time{}, time.Time{} })
	}
}

func (r *replyCount) bytes(c *Conn, p []byte) error {
	if !r.on {
		return nil
	}
	r.total += len(p)
	r.lines += bytes.Count(p, []byte("\n"))
	var err error
	switch {
	case c.limits.Bytes > 0 && r.total > c.limits.Bytes:
		err = c.tooMuch("a reply is longer than %d bytes", c.limits.Bytes)
	case c.limits.Lines > 0 && r.lines > c.limits.Lines:
		err = c.tooMuch("a reply has more than %d lines", c.limits.Lines)
	default:
		return nil
	}
	c.sock.cut(err)
	return err
}

func (c *Conn) tooMuch(format string, a ...any) *fault.Error {
	e := fault.New(fault.Limit, format, a...)
	e.At = c.where()
	return e
}

// Truncated reports whether the peer's side ended below TLS, without the
// close_notify that RFC 8446, section 6.1, demands: what came last may not
// have been the end.
func (c *Conn) Truncated() bool { return c.tls.Load() != nil && c.sock.eof.Load() }

// where is the peer for messages.
func (c *Conn) where() string {
	if c.host != "" && c.port > 0 {
		return joinPort(c.host, c.port)
	}
	if c.host != "" {
		return c.host
	}
	if a := c.RemoteAddr(); a != nil {
		return a.String()
	}
	return ""
}

// fail makes an error of a Read or Write one that a user can read. x is the
// direction.
func (c *Conn) fail(x *side, err error) error {
	var f *fault.Error
	switch {
	case err == nil || err == io.EOF:
		return err
	case errors.As(err, &f):
		return err
	case timedOut(err):
		return c.lateFault(x, err)
	}
	e := &fault.Error{At: c.where(), Kind: fault.Recv, Err: err}
	if x == &c.sock.w {
		e.Kind = fault.Send
	}
	switch {
	case c.closed.Load():
		e.Text = "the connection is closed"
	case refused(err):
		e.Kind, e.Text = fault.Connect, "connection refused: nothing listens there"
	case isTLS(err):
		return tlsFault(err, c.where(), "")
	case errors.Is(err, io.ErrUnexpectedEOF):
		e.Text = fmt.Sprintf("the connection was closed in the middle of a TLS record, %d bytes received", c.in.Load())
	case x == &c.sock.w:
		e.Text = fmt.Sprintf("%s, %d bytes sent", plain(err, err.Error()), c.out.Load())
	default:
		e.Text = fmt.Sprintf("%s, %d bytes received", plain(err, err.Error()), c.in.Load())
	}
	return e
}

func (c *Conn) lateFault(x *side, err error) error {
	e := &fault.Error{At: c.where(), Kind: fault.Timeout, Err: err}
	switch c.sock.late(x) {
	case byCut:
		return ended(c.sock.isCut(), c.where(), "")
	case byWhole:
		e.Text = fmt.Sprintf("no complete reply within %v, %d bytes received", c.limits.Reply, c.in.Load())
		e.Hint = "the limit is --reply-timeout"
	case byIdle:
		what := "received"
		if x == &c.sock.w {
			what = "taken by the peer"
		}
		e.Text = fmt.Sprintf("no byte %s for %v, %d received and %d sent so far", what, x.idle, c.in.Load(), c.out.Load())
		e.Hint = "the limit is --idle-timeout"
	default:
		e.Text = "timed out"
	}
	if c.in.Load() == 0 && c.tls.Load() == nil && speaksTLS(c.port) {
		e.Hint = fmt.Sprintf("port %d usually speaks TLS from the first byte", c.port)
	}
	return e
}

func (c *Conn) unsupported(what string) error {
	e := fault.New(fault.Unsupported, "%s is not possible on a %s connection", what, c.network)
	e.At = c.where()
	return e
}
