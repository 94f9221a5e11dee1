package line

import (
	"os"
	"os/signal"
	"sync"
)

// WatchStop calls f for each ^Z while a command runs, from another goroutine.
// The programs that ^Z has stopped along with it go on. end waits for an f
// that is going on.
func (e *Editor) WatchStop(f func()) (end func()) {
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
				f()
				continueAll()
				e.letStart()
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
