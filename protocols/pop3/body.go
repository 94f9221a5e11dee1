package pop3

import (
	"bytes"
	"context"
	"fmt"
	"io"

	"wireline/protocols/fault"
)

const (
	bulkRoom  = 256 << 10 // of what is read at a time
	mostDrain = 1 << 20   // of a message that nobody wants any more
)

// A body is a message on its way: what follows the line +OK, up to the CR LF,
// dot, CR LF that ends it, with the dots taken off that were put before those
// that begin a line (RFC 1939, section 3). All else is byte for byte.
type body struct {
	c      *control
	begins bool // a line begins
	taken  int  // of what was given out and is still in the buffer
	n      int64
	ended  bool
	err    error
	rest   []byte
	before func() // is called at the end of it
}

func newBody(c *control) *body { return &body{c: c, begins: true} }

var (
	crlfDot = []byte("\r\n.")
	theEnd  = []byte(".\r\n")
)

// next is the next piece, which is valid until the one after it: whole lines,
// unless a line is longer than the buffer. The end is io.EOF.
func (b *body) next() ([]byte, error) {
	r := b.c.bulk
	r.Discard(b.taken)
	b.taken = 0
	for want := 1; ; {
		if b.err != nil || b.ended {
			return nil, b.final()
		}
		buf, err := r.Peek(max(want, r.Buffered()))
		if len(buf) < want {
			b.err = b.c.Fail(b.cut(err))
			continue
		}
		if b.begins && buf[0] == '.' {
			if len(buf) < len(theEnd) {
				want = len(theEnd)
				continue
			}
			if bytes.HasPrefix(buf, theEnd) {
				r.Discard(len(theEnd))
				b.ended = true
				continue
			}
			r.Discard(1)
			b.begins, want = false, 1
			continue
		}
		n := bytes.Index(buf, crlfDot) + 2
		if n < 2 {
			// Whole lines, if there are any; what may be half of an end of a
			// line waits for the other half.
			if n = bytes.LastIndex(buf, crlfDot[:2]) + 2; n < 2 {
				if len(buf) < r.Size() {
					want = len(buf) + 1
					continue
				}
				n = len(bytes.TrimSuffix(buf, []byte("\r")))
			}
		}
		b.begins = bytes.HasSuffix(buf[:n], crlfDot[:2])
		b.taken = n
		b.n += int64(n)
		return buf[:n], nil
	}
}

func (b *body) final() error {
	if b.before != nil {
		b.before()
		b.before = nil
	}
	if b.err != nil {
		return b.err
	}
	return io.EOF
}

// cut is the error of a message that ends before its end.
func (b *body) cut(err error) error {
	if err != io.EOF {
		return err
	}
	return &fault.Error{Kind: fault.Partial, Phase: "body", Err: err, Text: fmt.Sprintf("the connection was closed within the message, after %d bytes of it", b.n)}
}

// Read reads the message.
func (b *body) Read(p []byte) (int, error) {
	if len(b.rest) == 0 {
		var err error
		if b.rest, err = b.next(); err != nil {
			return 0, err
		}
	}
	n := copy(p, b.rest)
	b.rest = b.rest[n:]
	return n, nil
}

// WriteTo writes the rest of the message to w.
func (b *body) WriteTo(w io.Writer) (total int64, err error) {
	for {
		piece := b.rest
		if b.rest = nil; len(piece) == 0 {
			if piece, err = b.next(); err == io.EOF {
				return total, nil
			} else if err != nil {
				return total, err
			}
		}
		n, err := w.Write(piece)
		total += int64(n)
		if err != nil {
			return total, err
		}
	}
}

// Close reads what is left of the message, if that is not much. Otherwise it
// ends the connection, since the rest would come first.
func (b *body) Close() error {
	b.rest = nil
	for left := mostDrain; !b.ended && b.err == nil; {
		piece, err := b.next()
		if left -= len(piece); left < 0 && err == nil {
			b.err = b.c.Fail(&fault.Error{Kind: fault.Interrupt, Text: "a message was not read to its end, and the session was given up"})
			b.final()
		}
	}
	return nil
}

// An opened is one message that is read from a session of its own.
type opened struct {
	*body
	s     *Session
	stop  func() error
	given bool // the error is the context's
}

// retr asks for a message: all of it, or its header and so many lines.
func (s *Session) retr(ctx context.Context, n uint32, lines int) (*opened, error) {
	line := fmt.Sprintf("RETR %d", n)
	if lines >= 0 {
		line = fmt.Sprintf("TOP %d %d", n, lines)
	}
	err := s.call(ctx, "command", func() error {
		if err := s.lib.Send(line); err != nil {
			return err
		}
		if err := s.ctl.readStatus(); err != nil {
			return err
		}
		if !s.ctl.reply.OK {
			return errNo
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	s.ctl.fast(bulkRoom)
	o := &opened{body: newBody(s.ctl), s: s}
	o.stop = s.ctl.Watch(ctx)
	o.before = o.over(ctx)
	return o, nil
}

// over is what happens at the end of the message.
func (o *opened) over(ctx context.Context) func() {
	return func() {
		o.stop()
		err := o.s.ctl.slow()
		switch {
		case ctx.Err() != nil && o.err != nil:
			o.err, o.given = context.Cause(ctx), true
		case err != nil && o.err == nil:
			o.err = err
		}
	}
}

// Read is the body's, with errors that say where.
func (o *opened) Read(p []byte) (int, error) {
	n, err := o.body.Read(p)
	return n, o.where(err)
}

// WriteTo is the body's.
func (o *opened) WriteTo(w io.Writer) (int64, error) {
	n, err := o.body.WriteTo(w)
	return n, o.where(err)
}

func (o *opened) where(err error) error {
	if err == nil || err == io.EOF || o.given || err != o.err {
		return err // the last is the writer's
	}
	return o.s.fault("body", err)
}
