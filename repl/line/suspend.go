package line

import (
	"os"
	"os/signal"
	"sync"
)

// WatchStop calls f for each ^Z while a command runs, from another goroutine.
// If f takes the command into the background it returns true, and the
// programs that the command has started go on; else the whole program stops,
// as it would without a WatchStop. end waits for an f that is going on.
func (e *Editor) WatchStop(f func() bool) (end func()) {
	if e.modes == nil || !canStop {
		return func() {}
	}
	c := make(chan os.Signal, 1)
	notifyStop(c)
	done := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			select {
			case <-c:
				if f() {
					continueAll()
				} else {
					stopHard()
				}
			case <-done:
				return
			}
		}
	})
	return sync.OnceFunc(func() {
		signal.Stop(c)
		close(done)
		wg.Wait()
	})
}
