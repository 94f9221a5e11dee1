package conformance

import (
	"context"
	"io"
)

// A terminal has nobody before it: what is typed comes from in or, without
// one, not before the verb is over.
type terminal struct {
	ctx context.Context
	in  io.Reader
	out io.Writer
}

func (t *terminal) Read(b []byte) (int, error) {
	if t.in != nil {
		return t.in.Read(b)
	}
	<-t.ctx.Done()
	return 0, context.Cause(t.ctx)
}

func (t *terminal) Write(b []byte) (int, error) { return t.out.Write(b) }
func (t *terminal) IsTerminal() bool            { return false }
func (t *terminal) Raw(bool) error              { return nil }
func (t *terminal) Size() (columns, rows int)   { return 0, 0 }
func (t *terminal) Resized() <-chan struct{}    { return nil }
func (t *terminal) In() io.Reader               { return t }
func (t *terminal) Out() io.Writer              { return t.out }
