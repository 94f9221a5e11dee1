package lab

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// tick is how long the pacer sleeps at a time. What it sleeps longer than
// twice that is time in which the machine was busy with something else.
const tick = 2 * time.Millisecond

// A pacer sees how long the machine kept this process waiting. It runs as long
// as there are stopwatches.
type pacer struct {
	lost atomic.Int64 // nanoseconds

	mu   sync.Mutex
	uses int
	end  chan struct{}
	done chan struct{}
}

var pace pacer

func (p *pacer) use() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.uses++; p.uses == 1 {
		p.end, p.done = make(chan struct{}), make(chan struct{})
		go p.run()
	}
}

func (p *pacer) leave() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.uses--; p.uses == 0 {
		close(p.end)
		<-p.done
	}
}

func (p *pacer) run() {
	defer close(p.done)
	for {
		slept := time.Now()
		select {
		case <-p.end:
			return
		case <-time.After(tick):
		}
		if late := time.Since(slept) - tick; late > tick {
			p.lost.Add(int64(late))
		}
	}
}

// Stopwatch measures the time from now on, for limits that a person would
// notice. The time for which a busy machine kept the test waiting for its turn
// does not count.
func Stopwatch(t testing.TB) (took func() time.Duration) {
	t.Helper()
	pace.use()
	t.Cleanup(pace.leave)
	began, lost := time.Now(), pace.lost.Load()
	return func() time.Duration { return max(0, time.Since(began)-time.Duration(pace.lost.Load()-lost)) }
}
