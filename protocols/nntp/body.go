package nntp

import (
	"context"
	"errors"
	"io"

	"wireline/protocols/fault"
)

// A body is the block that follows a reply, as a result. It ends with ctx.
type body struct {
	b    *block
	ctx  context.Context
	stop func()
}

// body is what follows the last reply.
func (s *Session) body(ctx context.Context) *body {
	return &body{b: s.link.begin(), ctx: ctx, stop: s.link.watch(ctx)}
}

// Read gives its bytes.
func (x *body) Read(p []byte) (int, error) {
	n, err := x.b.Read(p)
	return n, x.fault(err)
}

// WriteTo writes it to w.
func (x *body) WriteTo(w io.Writer) (int64, error) {
	n, err := x.b.WriteTo(w)
	if x.b.err != nil && x.b.err != io.EOF {
		err = x.fault(err)
	}
	return n, err
}

func (x *body) fault(err error) error {
	if err == nil || err == io.EOF {
		return err
	}
	return x.b.l.because(x.ctx, err)
}

// Close lets go of it. What has not been read is passed over by the next
// command.
func (x *body) Close() error {
	x.stop()
	return nil
}

// ended is nil for the end of what was read.
func ended(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// decoded is a part of a body.
type decoded struct {
	io.Reader
	in *body
}

// Close closes the body.
func (d *decoded) Close() error { return d.in.Close() }

type writer = io.Writer

// produced is a result that is written rather than read: who copies it has it
// written to where it goes. For others there is a pipe.
type produced struct {
	in   io.Closer
	to   func(writer) error
	pipe *io.PipeReader
	done chan struct{}
}

// WriteTo writes all of it to w.
func (p *produced) WriteTo(w io.Writer) (int64, error) {
	c := &tally{w: w}
	err := p.to(c)
	return c.n, err
}

// Read gives it piece by piece.
func (p *produced) Read(b []byte) (int, error) {
	if p.pipe == nil {
		r, w := io.Pipe()
		p.pipe, p.done = r, make(chan struct{})
		go func() {
			defer close(p.done)
			w.CloseWithError(fault.Safely(func() error { return p.to(w) }))
		}()
	}
	return p.pipe.Read(b)
}

// Close ends what is under way.
func (p *produced) Close() error {
	if p.pipe != nil {
		p.pipe.Close()
		<-p.done
	}
	return p.in.Close()
}

// A tally counts what is written.
type tally struct {
	w io.Writer
	n int64
}

func (t *tally) Write(p []byte) (int, error) {
	n, err := t.w.Write(p)
	t.n += int64(n)
	return n, err
}
