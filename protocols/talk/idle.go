package talk

import (
	"context"
	"io"
	"time"

	"wireline/protocols/verb"
)

// What comes while the shell idles is told in bursts: burst is how long one
// may go on, lull is the least time between two remarks.
const (
	burst = 30 * time.Millisecond
	lull  = time.Second
)

// Idle reads what comes, keeps it for the next recv and tells of it.
func (b *Inbox) Idle(ctx context.Context) verb.Stream[verb.Notice] {
	return func(yield func(verb.Notice, error) bool) {
		for b.End == nil && len(b.Buf) < Most {
			had := len(b.Buf)
			b.Fill(ctx)
			b.gather(ctx)
			n := len(b.Buf) - had
			if n > 0 && !yield(Notice("%s: %s; recv takes them", Amount(int64(n)), Quote(b.Buf[had:], 60)), nil) {
				return
			}
			if n > 0 && b.End == nil {
				rest, cancel := context.WithTimeout(ctx, lull)
				<-rest.Done()
				cancel()
			}
			if ctx.Err() != nil {
				return
			}
		}
		switch {
		case b.told:
		case b.End == nil:
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

// gather reads on to the end of a burst.
func (b *Inbox) gather(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, burst)
	defer cancel()
	for ctx.Err() == nil && b.End == nil && len(b.Buf) < Most {
		b.Fill(ctx)
	}
}
