package telnet

import (
	"context"
	"fmt"
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
func (s *Session) Idle(ctx context.Context) verb.Stream[verb.Notice] {
	return func(yield func(verb.Notice, error) bool) {
		for s.end == nil && len(s.buf) < most {
			had := len(s.buf)
			s.fill(ctx)
			s.gather(ctx)
			n := len(s.buf) - had
			if n > 0 && !yield(notice("%s: %s; recv takes them", amount(int64(n)), quoted(s.buf[had:], 60)), nil) {
				return
			}
			if n > 0 && s.end == nil {
				rest, cancel := context.WithTimeout(ctx, lull)
				<-rest.Done()
				cancel()
			}
			if ctx.Err() != nil {
				return
			}
		}
		switch {
		case s.told:
		case s.end == nil:
			yield(notice("%s wait; the server is held back until recv takes them", amount(int64(len(s.buf)))), nil)
		case s.end == io.EOF:
			s.told = true
			yield(notice("the server has closed the connection"), nil)
		default:
			s.told = true
			yield(notice("%v", s.end), nil)
		}
	}
}

// gather reads on to the end of a burst.
func (s *Session) gather(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, burst)
	defer cancel()
	for ctx.Err() == nil && s.end == nil && len(s.buf) < most {
		s.fill(ctx)
	}
}

func notice(format string, a ...any) verb.Notice {
	return verb.Notice{Time: time.Now(), Text: fmt.Sprintf(format, a...)}
}
