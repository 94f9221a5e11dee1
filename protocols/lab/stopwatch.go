package lab

import (
	"sync/atomic"
	"testing"
	"time"
)

// tick is how long the stopwatch sleeps at a time. What it sleeps longer than
// twice that is time in which the machine was busy with something else.
const tick = 2 * time.Millisecond

// Stopwatch measures the time from now on, for limits that a person would
// notice. The time for which a busy machine kept the test waiting for its turn
// does not count.
func Stopwatch(t testing.TB) (took func() time.Duration) {
	t.Helper()
	began := time.Now()
	var lost atomic.Int64
	end := make(chan struct{})
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			slept := time.Now()
			select {
			case <-end:
				return
			case <-time.After(tick):
			}
			if late := time.Since(slept) - tick; late > tick {
				lost.Add(int64(late))
			}
		}
	}()
	t.Cleanup(func() { close(end); <-done })
	return func() time.Duration { return max(0, time.Since(began)-time.Duration(lost.Load())) }
}
