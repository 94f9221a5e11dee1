package http

import (
	"context"
	"sync"
	"time"

	"wireline/protocols/fault"
)

// An alarm ends an exchange that does not move on.
type alarm struct {
	cancel context.CancelCauseFunc

	mu    sync.Mutex
	timer *time.Timer
	after time.Duration
	says  string // with a place for after
	hint  string // the option that sets after
	ended bool
}

// set puts the alarm off until after, from now; with 0 or less it does not
// go off.
func (a *alarm) set(after time.Duration, says, hint string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.ended {
		return
	}
	if after <= 0 {
		if a.timer != nil {
			a.timer.Stop()
		}
		return
	}
	a.after, a.says, a.hint = after, says, hint
	if a.timer == nil {
		a.timer = time.AfterFunc(after, a.ring)
	} else {
		a.timer.Reset(after)
	}
}

func (a *alarm) ring() {
	a.mu.Lock()
	err := fault.New(fault.Timeout, a.says, a.after).WithHint("%s SEC sets another limit", a.hint)
	a.mu.Unlock()
	a.cancel(err)
}

// end stops the alarm and the exchange with it.
func (a *alarm) end() {
	a.mu.Lock()
	a.ended = true
	if a.timer != nil {
		a.timer.Stop()
	}
	a.mu.Unlock()
	a.cancel(nil)
}
