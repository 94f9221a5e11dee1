package ftp

import (
	"context"
	"sync"
)

// A watch ends what a session waits for when the context of its command does.
// A command for many files registers with its context once, not for each file.
type watch struct {
	mu    sync.Mutex
	ctx   context.Context // that is watched
	stop  func() bool
	ended bool   // ctx has
	wait  func() // ends what is waited for now; nil: nothing is
	cut   bool   // wait was called
}

// begin has f called when ctx ends, if that is before end. One f at a time is
// waited for; it must not block.
func (w *watch) begin(ctx context.Context, f func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ctx != ctx {
		if w.stop != nil {
			w.stop()
		}
		w.ctx, w.ended = ctx, false
		w.stop = context.AfterFunc(ctx, func() { w.fire(ctx) })
	}
	if w.wait, w.cut = f, w.ended; w.cut {
		f()
	}
}

func (w *watch) fire(ctx context.Context) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ctx != ctx {
		return // that command is over
	}
	if w.ended = true; w.wait != nil {
		w.cut = true
		w.wait()
	}
}

// end is for when nothing is waited for any more, and reports whether f was
// called.
func (w *watch) end() (cut bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.wait = nil
	return w.cut
}
