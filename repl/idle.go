package repl

import (
	"context"
	"fmt"

	"wireline/protocols"
)

// An idler lets a session tell what happens to it while nobody uses it.
type idler struct {
	cancel context.CancelFunc
	done   chan struct{}
}

// watch starts telling what happens to s, a line each, until rest.
func (s *session) watch(tell func(string)) {
	i, ok := s.Session.(protocols.Idler)
	if !ok || s.idle != nil {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	s.idle = &idler{cancel, make(chan struct{})}
	done := s.idle.done
	go func() {
		defer close(done)
		for n, err := range i.Idle(ctx) {
			switch {
			case ctx.Err() != nil:
				return
			case err != nil:
				s.lost.Store(true)
				tell(fmt.Sprintf("[%d] %v", s.id, err))
				return
			default:
				tell(fmt.Sprintf("[%d] %s", s.id, n.Text))
			}
		}
	}()
}

// idling reports whether s tells what happens to it. The server has something
// to say then, or knows that somebody listens.
func (s *session) idling() bool {
	if s.idle == nil {
		return false
	}
	select {
	case <-s.idle.done:
		return false
	default:
		return true
	}
}

// rest ends what watch began and waits for it.
func (s *session) rest() {
	if s.idle != nil {
		s.idle.cancel()
		<-s.idle.done
		s.idle = nil
	}
}

// watchAll lets every session that is not busy tell what happens to it.
func (sh *Shell) watchAll() {
	for _, s := range sh.list() {
		if s.using.TryLock() {
			s.watch(sh.tell)
			s.using.Unlock()
		}
	}
}

// restAll is called before a line runs, so that what it prints is not mixed
// with what sessions tell.
func (sh *Shell) restAll() {
	for _, s := range sh.list() {
		if s.using.TryLock() {
			s.rest()
			s.using.Unlock()
		}
	}
}
