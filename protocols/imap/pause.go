package imap

import (
	"context"
	"sync"
)

// A turn is whose it is to speak while watch runs: its own, or that of verbs
// that are typed meanwhile.
type turn struct {
	mu       sync.Mutex
	watching bool
	mine     bool               // watch waits, or does something about what came
	asked    int                // how many others want to speak, or do
	taken    bool               // one of them does
	wake     context.CancelFunc // ends the waiting of watch; nil when it does not wait
	change   chan struct{}      // closed when any of that changes
}

// changed tells whoever waits. Call it with mu held.
func (t *turn) changed() {
	if t.change != nil {
		close(t.change)
	}
	t.change = make(chan struct{})
}

// begin has watch begin, unless one runs already.
func (t *turn) begin() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.watching {
		return false
	}
	t.watching, t.mine = true, true
	t.changed()
	return true
}

func (t *turn) end() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.watching, t.mine = false, false
	t.changed()
}

// wait is ctx for a wait of watch, which ends when somebody else wants to
// speak.
func (t *turn) wait(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.wake = cancel; t.asked > 0 {
		cancel()
	}
	return ctx, cancel
}

// give lets others speak, if they want to, and returns when it is watch's turn
// again.
func (t *turn) give() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.wake = nil
	for t.asked > 0 {
		t.mine = false
		t.changed()
		ch := t.change
		t.mu.Unlock()
		<-ch
		t.mu.Lock()
	}
	t.mine = true
}

// Pause has watch, if it runs, stop waiting for as long as somebody else
// speaks.
func (s *Session) Pause(ctx context.Context) (resume func(), ok bool) {
	t := &s.turn
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.watching {
		return nil, false
	}
	t.asked++
	defer func() {
		if !ok {
			t.asked--
			t.changed()
		}
	}()
	for t.mine || t.taken {
		if t.mine && t.wake != nil {
			t.wake()
		}
		ch := t.change
		t.mu.Unlock()
		select {
		case <-ch:
		case <-ctx.Done():
			t.mu.Lock()
			return nil, false
		}
		t.mu.Lock()
	}
	if !t.watching {
		return nil, false
	}
	t.taken = true
	return func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.asked, t.taken = t.asked-1, false
		t.changed()
	}, true
}
