package line

import (
	"os"
	"time"
)

// A waiter waits until a file can be read, or until it is woken. A console
// cannot be waited for without taking mouse and focus events from it, so a
// goroutine reads it, one chunk at a time and only on demand; what it reads
// after a wake is kept for the next reader.
type waiter struct {
	f       *os.File
	ask     chan struct{}
	got     chan chunk
	woken   chan struct{}
	stop    chan struct{}
	waiting bool
	last    chunk
}

type chunk struct {
	b   []byte
	err error
}

func newWaiter(f *os.File) (*waiter, error) {
	w := &waiter{f: f, ask: make(chan struct{}, 1), got: make(chan chunk, 1), woken: make(chan struct{}, 1), stop: make(chan struct{})}
	go w.loop()
	return w, nil
}

func (w *waiter) loop() {
	for {
		select {
		case <-w.stop:
			return
		case <-w.ask:
		}
		b := make([]byte, 4096)
		n, err := w.f.Read(b)
		w.got <- chunk{b[:n], err}
	}
}

func (w *waiter) wait(d time.Duration) (ready bool, err error) {
	if !w.waiting && d != 0 {
		w.waiting = true
		w.ask <- struct{}{}
	}
	var late <-chan time.Time
	if d >= 0 {
		t := time.NewTimer(d)
		defer t.Stop()
		late = t.C
	}
	select {
	case w.last = <-w.got:
		w.waiting = false
		return true, nil
	case <-w.woken:
	case <-late:
	}
	return false, nil
}

func (w *waiter) read(p []byte) (int, error) { return copy(p, w.last.b), w.last.err }

func (w *waiter) wake() {
	select {
	case w.woken <- struct{}{}:
	default:
	}
}

func (w *waiter) close() { close(w.stop) }
