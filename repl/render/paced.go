package render

import (
	"bufio"
	"io"
	"sync"
	"time"
)

// pace is how long a row may wait for others, so that a fast stream takes few
// writes and a slow one is seen as it comes.
const pace = 20 * time.Millisecond

// A paced gathers writes for a short time. Its methods may be called from
// several goroutines.
type paced struct {
	mu    sync.Mutex
	w     *bufio.Writer
	timer *time.Timer
	armed bool
	last  time.Time // of the last flush
}

func newPaced(w io.Writer) *paced { return &paced{w: bufio.NewWriterSize(w, 64<<10)} }

func (p *paced) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	n, err := p.w.Write(b)
	if err != nil || p.armed {
		return n, err
	}
	if time.Since(p.last) > pace {
		return n, p.flush()
	}
	p.armed = true
	if p.timer == nil {
		p.timer = time.AfterFunc(pace, p.tick)
	} else {
		p.timer.Reset(pace)
	}
	return n, nil
}

func (p *paced) tick() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.armed {
		p.flush() // the error stays with the bufio.Writer
	}
}

func (p *paced) flush() error {
	p.armed, p.last = false, time.Now()
	return p.w.Flush()
}

// Close writes what is left.
func (p *paced) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.timer != nil {
		p.timer.Stop()
	}
	return p.flush()
}
