package web

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
	stage int
	timer *time.Timer
	after time.Duration
	says  string // with a place for after
	hint  string // the option that sets after
	ended bool
}

// The stages of an exchange.
const (
	sending = iota
	waiting
	receiving
)

// set puts the alarm off until after, from now; with 0 or less it does not
// go off. Of an earlier stage nothing is heard any more.
func (a *alarm) set(stage int, after time.Duration, says, hint string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.ended || stage < a.stage {
		return
	}
	a.stage = stage
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

// again makes it the alarm of the next exchange in a line.
func (a *alarm) again() *alarm {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.stage, a.ended = sending, false
	return a
}

// end stops the alarm and the exchange with it.
func (a *alarm) end() {
	a.rest()
	a.cancel(nil)
}

// rest stops the alarm.
func (a *alarm) rest() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.ended = true
	if a.timer != nil {
		a.timer.Stop()
	}
}
