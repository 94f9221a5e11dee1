package nntp

import (
	"context"
	"sync"
)

// A turn is whose it is to speak while watch runs: its own while it looks for
// articles, and between that of verbs that are typed meanwhile.
type turn struct {
	mu       sync.Mutex
	watching bool
	free     chan struct{} // has an element while nobody speaks
}

// begin has watch begin, unless one runs already. It is its turn then.
func (t *turn) begin() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.watching {
		return false
	}
	t.watching, t.free = true, make(chan struct{}, 1)
	return true
}

// give lets others speak; take is to be called before watch goes on.
func (t *turn) give() { t.free <- struct{}{} }

func (t *turn) take() { <-t.free }

// end is the end of watch, whose turn it is.
func (t *turn) end() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.watching = false
	close(t.free)
}

// Pause has watch, if it runs, not look for articles as long as somebody else
// speaks.
func (s *Session) Pause(ctx context.Context) (resume func(), ok bool) {
	t := &s.turn
	t.mu.Lock()
	free, watching := t.free, t.watching
	t.mu.Unlock()
	if !watching {
		return nil, false
	}
	select {
	case _, ok = <-free:
		return t.give, ok
	case <-ctx.Done():
		return nil, false
	}
}
