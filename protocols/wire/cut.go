package wire

import (
	"context"
	"sync"
	"time"
)

// Bind ties the wires of d to ctx until release is called, for the time of
// one command. When ctx ends, a protocol that watches ctx has Grace to end
// politely; then the wire is cut, and whatever waits on it returns the cause.
// A new Timing begins.
func (d *Dialer) Bind(ctx context.Context) (release func()) {
	d.begin()
	grace := d.Grace
	if grace == 0 {
		grace = time.Second
	}
	var mu sync.Mutex
	var timer *time.Timer
	done := false
	stop := context.AfterFunc(ctx, func() {
		mu.Lock()
		defer mu.Unlock()
		if !done {
			timer = time.AfterFunc(grace, func() {
				mu.Lock()
				defer mu.Unlock()
				if !done {
					d.Cut(context.Cause(ctx))
				}
			})
		}
	})
	return func() {
		stop()
		mu.Lock()
		defer mu.Unlock()
		done = true
		if timer != nil {
			timer.Stop()
		}
	}
}

// Cut ends what the open wires of d wait for, and whatever is tried on them
// from now on, with cause. A dial that is under way is ended too. Connections
// made later are not affected.
func (d *Dialer) Cut(cause error) {
	d.mu.Lock()
	var all []cutter
	for w := range d.wires {
		all = append(all, w)
	}
	d.mu.Unlock()
	for _, w := range all {
		w.cut(cause)
	}
}

// A dialing is a connection on its way, or a lookup.
type dialing struct{ cancel context.CancelCauseFunc }

func (x *dialing) cut(cause error) { x.cancel(cause) }

// limited is ctx with a limit, and within reach of Cut. The cause of its end
// is errLimit when the limit was it. A limit of zero or less is none.
func (d *Dialer) limited(ctx context.Context, limit time.Duration) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	x := &dialing{cancel}
	d.join(x)
	stop := func() bool { return true }
	if limit > 0 {
		stop = time.AfterFunc(limit, func() { cancel(errLimit) }).Stop
	}
	return ctx, func() {
		stop()
		d.leave(x)
		cancel(nil)
	}
}
