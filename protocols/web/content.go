package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"

	"wireline/protocols/fault"
)

// A Content is the body of a response. It tells of one that ends too early,
// and its end is the end of the exchange.
type Content struct {
	x    *exchange
	ctx  context.Context
	from io.Reader
	want int64 // -1 when unknown
	got  int64
	err  error

	held    []byte        // was read ahead, and comes first
	done    chan struct{} // closed when the connection is not needed any more; nil: nobody waits
	patient bool          // only the server knows when the next byte is due
}

// A plain is a body without any marks in it.
type plain struct {
	k    *conn
	left int64 // -1: up to the end of the connection
}

func (p *plain) Read(b []byte) (int, error) {
	if p.left == 0 {
		return 0, io.EOF
	}
	if p.left > 0 && int64(len(b)) > p.left {
		b = b[:p.left]
	}
	n, err := p.k.r.Read(b)
	p.took(int64(n))
	return n, p.ended(err)
}

func (p *plain) took(n int64) {
	if p.left > 0 {
		p.left -= n
	}
}

// ended is err, unless the connection has ended before the body.
func (p *plain) ended(err error) error {
	if err == io.EOF && (p.left > 0 || p.left < 0 && p.k.Truncated()) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// framed is a body as its head says.
func (x *exchange) framed(how framing, n int64) io.Reader {
	switch how {
	case chunked:
		return &chunks{r: x.k.r, trailers: &x.res.Trailers}
	case length:
		x.plain = plain{x.k, n}
	case closing:
		x.plain = plain{x.k, -1}
	default:
		x.plain = plain{x.k, 0}
	}
	return &x.plain
}

// content is the body that from reads.
func (x *exchange) content(ctx context.Context, from io.Reader) *Content {
	b := &x.body
	*b = Content{x: x, ctx: ctx, from: from, want: x.res.Length}
	if p, ok := from.(*plain); ok {
		b.want = p.left
	} else if x.res.Method == http.MethodHead {
		b.want = -1
	}
	if b.want == 0 {
		b.finish(io.EOF)
	} else {
		b.moved()
	}
	return b
}

func (b *Content) Read(p []byte) (int, error) {
	if len(b.held) > 0 {
		n := copy(p, b.held)
		b.held = b.held[n:]
		return n, nil
	}
	if b.err != nil {
		return 0, b.err
	}
	n, err := b.from.Read(p)
	b.took(n, err)
	return n, b.err
}

// took notes how much was read.
func (b *Content) took(n int, err error) {
	b.got += int64(n)
	b.came(err)
}

// came notes how reading went.
func (b *Content) came(err error) {
	if err == nil && b.want >= 0 && b.got == b.want {
		if _, counted := b.from.(*plain); counted {
			err = io.EOF
		}
	}
	if err == nil {
		b.moved()
		return
	}
	b.finish(err)
}

func (b *Content) moved() {
	idle := b.x.idle
	if b.patient && b.x.c.Wire.Options.IdleTime <= 0 {
		idle = 0
	}
	b.x.alarm.set(receiving, idle, "%v without a byte of the body", "--idle-timeout")
}

// finish ends the exchange, with io.EOF well.
func (b *Content) finish(err error) {
	b.err = b.explain(err)
	if b.x.whole = err == io.EOF; !b.x.whole {
		b.x.keep = false
	}
	b.x.end()
	if e, ok := b.from.(*end2); ok {
		_ = e.Close()
	}
	if b.done != nil {
		close(b.done)
	}
}

// Done is closed when the connection is not needed any more. It is asked for
// before another goroutine reads.
func (b *Content) Done() <-chan struct{} {
	if b.done == nil {
		b.done = make(chan struct{})
		if b.err != nil {
			close(b.done)
		}
	}
	return b.done
}

// explain is what an error in the middle of a body means.
func (b *Content) explain(err error) error {
	if err == nil || err == io.EOF {
		return err
	}
	came := fmt.Sprintf("%d bytes", b.got)
	if b.want >= 0 {
		came = fmt.Sprintf("%d of %d bytes", b.got, b.want)
	}
	if e := Ended(b.ctx); e != nil {
		err = e
	}
	var e *fault.Error
	switch k := fault.Of(err); {
	case errors.Is(err, io.ErrUnexpectedEOF):
		e = fault.New(fault.Partial, "the body ends after %s", came)
	case k == fault.Timeout && Ended(b.ctx) == nil: // the wire was faster than the alarm
		e = fault.New(k, "%v without a byte of the body, after %s", b.x.idle, came)
	case k == fault.Recv:
		e = fault.New(k, "the connection broke after %s: %w", came, err)
	case k != fault.Internal:
		e = fault.New(k, "%w, after %s", err, came)
	default:
		e = fault.New(fault.Protocol, "the body is malformed after %s: %s", came, brief(err.Error()))
	}
	e.Phase, e.Hint = "body", fault.Hint(err)
	return Locate(e, b.x.res.URL)
}

// Close ends the exchange. A connection whose body was not read to its end is
// not used again.
func (b *Content) Close() error {
	if b.err == nil {
		b.finish(errClosed)
	}
	if b.err != io.EOF || len(b.held) > 0 {
		b.err, b.held = errClosed, nil
	}
	return nil
}

var errClosed = errors.New("the body is closed")

// Patience lifts the limit on idleness, unless the user has set one: only the
// server knows when the next byte is due.
func (b *Content) Patience() {
	if b.patient = true; b.err == nil {
		b.moved()
	}
}

// Got is how many bytes have been read.
func (b *Content) Got() int64 { return b.got }

// Ended reports whether the body was read to its end.
func (b *Content) Ended() bool { return b.err == io.EOF && len(b.held) == 0 }

// Hold reads ahead, up to so many bytes, so that the connection of a short
// body is free for the next request. Read gives them later, and then the
// error, if there was one.
func (b *Content) Hold(most int) {
	if b.want > int64(most) {
		return
	}
	room := make([]byte, min(most, max(int(b.want), 4<<10)))
	for b.err == nil && len(b.held) < most {
		n, err := b.from.Read(room)
		b.took(n, err)
		b.held = append(b.held, room[:n]...)
	}
}

// Marked reports whether the end of the body can be told from a broken
// connection.
func (b *Content) Marked() bool {
	p, ok := b.from.(*plain)
	return !ok || p.left >= 0
}
