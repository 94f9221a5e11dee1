package talk

import (
	"context"
	"io"
	"time"

	"wireline/protocols/verb"
)

// What comes while the shell idles is told in bursts: burst is how long one
// may go on, lull is the least time between two remarks. All of it is taken in
// at once, since something may be waiting for it.
const (
	burst = 30 * time.Millisecond
	lull  = time.Second
)

// Idle reads what comes, keeps it for the next recv and tells of it.
func (b *Inbox) Idle(ctx context.Context) verb.Stream[verb.Notice] {
	return func(yield func(verb.Notice, error) bool) {
		told := len(b.Buf) - min(b.untold, len(b.Buf))
		tell := func() bool {
			p := b.Buf[told:]
			told, b.untold = len(b.Buf), 0
			return len(p) == 0 || yield(Notice("%s: %s; recv takes them", Amount(int64(len(p))), Quote(p, 60)), nil)
		}
		b.full = b.full && len(b.Buf) >= Most
		for b.End == nil && len(b.Buf) < Most {
			if len(b.Buf) == told {
				b.Fill(ctx)
				b.gather(ctx, burst)
			}
			if ctx.Err() != nil {
				b.untold = len(b.Buf) - told
				return
			}
			if !tell() {
				return
			}
			b.gather(ctx, lull)
		}
		if b.End != nil && !tell() {
			return
		}
		switch {
		case b.told, b.full:
		case b.End == nil:
			b.full = true
			yield(Notice("%s wait; %s is held back until recv takes them", b.amount(), b.Peer), nil)
		case b.End == io.EOF:
			b.told = true
			yield(Notice("%s has %s; nothing more comes", b.Peer, b.Gone), nil)
		default:
			b.told = true
			yield(Notice("%v", b.End), nil)
		}
	}
}

// gather reads on for a while.
func (b *Inbox) gather(ctx context.Context, while time.Duration) {
	ctx, cancel := context.WithTimeout(ctx, while)
	defer cancel()
	for ctx.Err() == nil && b.End == nil && len(b.Buf) < Most {
		b.Fill(ctx)
	}
}
