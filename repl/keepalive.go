package repl

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

// keepEvery is how long a session may be idle at the prompt, unless set
// otherwise, before something harmless is said to its server. Those who hang
// up early do so after two minutes and more.
const keepEvery = time.Minute

// keepLeast leaves a session to others between one such word and the next.
const keepLeast = 100 * time.Millisecond

// An alive knows how long sessions may be idle.
type alive struct {
	every atomic.Int64  // a time.Duration; 0 is for ever
	news  chan struct{} // every was set
}

func newAlive() *alive {
	a := &alive{news: make(chan struct{}, 1)}
	a.every.Store(int64(keepEvery))
	return a
}

func (a *alive) String() string {
	if d := time.Duration(a.every.Load()); d > 0 {
		return d.String()
	}
	return "off"
}

// set takes what was typed: a time, or off.
func (a *alive) set(value string) error {
	d := time.Duration(0)
	if value != "off" {
		var err error
		if d, err = verb.Seconds(value); err != nil || d <= 0 {
			return fault.New(fault.Usage, "keep: %q is neither a time nor off", value).WithHint("set keep 60s, or set keep off")
		}
		if d < keepLeast {
			return fault.New(fault.Usage, "keep: %s is less than the least, %s", value, keepLeast)
		}
	}
	a.every.Store(int64(d))
	select {
	case a.news <- struct{}{}:
	default:
	}
	return nil
}

// keepAlive keeps the sessions that nobody uses, until stop is called.
func (sh *Shell) keepAlive() (stop func()) {
	ctx, cancel := context.WithCancelCause(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		for ctx.Err() == nil {
			var wake <-chan time.Time
			if every := time.Duration(sh.alive.every.Load()); every > 0 {
				wake = time.After(sh.keepIdle(ctx, every))
			}
			select {
			case <-wake:
			case <-sh.alive.news:
			case <-ctx.Done():
			}
		}
	}()
	return func() {
		cancel(fault.New(fault.Interrupt, "the shell ends"))
		<-done
	}
}

// keepIdle keeps each session that has been idle for that long. It returns
// when the next one may be due.
func (sh *Shell) keepIdle(ctx context.Context, every time.Duration) (next time.Duration) {
	next = every
	for _, s := range sh.list() {
		if _, ok := s.Session.(protocols.Keeper); !ok || s.lost.Load() || !s.using.TryLock() {
			continue
		}
		left := every - sh.now().Sub(time.Unix(0, s.used.Load()))
		if _, unseen := s.Session.(protocols.Unseen); left <= 0 && (unseen || !s.idling()) {
			if err := sh.aside(s, func() error { return s.keep(ctx) }); err != nil && ctx.Err() == nil {
				s.lost.Store(true)
				sh.tell(fmt.Sprintf("[%d] %v", s.id, crash(err, s)))
			}
			left = every
			s.used.Store(sh.now().UnixNano())
		}
		s.using.Unlock()
		if left > 0 {
			next = min(next, left)
		}
	}
	return next
}

// keep says something harmless. Whoever wants the session meanwhile waits for
// the answer, as long as for any.
func (s *session) keep(ctx context.Context) (err error) {
	defer fault.Catch(&err)
	limit := s.wire.InForce().Reply
	if limit <= 0 {
		limit = keepEvery
	}
	ctx, cancel := context.WithTimeoutCause(ctx, limit, fault.New(fault.Timeout, "the server does not answer any more"))
	defer cancel()
	defer s.wire.Bind(ctx)()
	return s.Session.(protocols.Keeper).Keep(ctx)
}
