package line

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"sync"
	"time"
)

var errNoInput = errors.New("nothing was typed in time")

// input is the one reader of standard input. It reads only while somebody
// asks, so that a child process may have the keyboard in the meantime, and it
// keeps what it read and nobody took.
type input struct {
	f    *os.File
	w    *waiter
	done chan struct{} // closed by close

	// filling is held over a read, and over a change of the terminal's mode
	// that could make that read block.
	filling sync.Mutex

	mu      sync.Mutex
	ahead   []byte // read and not taken
	held    int    // how many bytes of ahead were read in raw mode, unseen
	intr    bool   // a SIGINT waits to be told to the reader
	eof     error  // what ended the input
	stopped error  // a signal that ends the program came
}

func newInput(f *os.File) (*input, error) {
	w, err := newWaiter(f)
	if err != nil {
		return nil, err
	}
	return &input{f: f, w: w, done: make(chan struct{})}, nil
}

// read waits for input and copies it to p. It returns ErrInterrupt after
// interrupt, io.EOF at the end and after close, errNoInput when wait is
// positive and has passed, and the cause of ctx when that ends.
func (in *input) read(ctx context.Context, p []byte, wait time.Duration) (int, error) {
	if ctx.Done() != nil {
		defer context.AfterFunc(ctx, in.w.wake)()
	}
	var late time.Time
	if wait > 0 {
		late = time.Now().Add(wait)
	}
	for {
		if ctx.Err() != nil {
			return 0, context.Cause(ctx)
		}
		if n, err := in.taken(p); n > 0 || err != nil {
			return n, err
		}
		left := time.Duration(-1)
		if wait > 0 {
			if left = time.Until(late); left <= 0 {
				return 0, errNoInput
			}
		}
		if ready, err := in.w.wait(left); err != nil {
			in.end(err)
		} else if ready {
			in.fill()
		}
	}
}

// taken serves a reader from what is there already.
func (in *input) taken(p []byte) (int, error) {
	in.mu.Lock()
	defer in.mu.Unlock()
	select {
	case <-in.done:
		return 0, io.EOF
	default:
	}
	if in.stopped != nil {
		return 0, in.stopped
	}
	if in.intr {
		in.intr = false
		return 0, ErrInterrupt
	}
	if len(in.ahead) > 0 {
		n := copy(p, in.ahead)
		in.drop(n)
		return n, nil
	}
	return 0, in.eof
}

// drop forgets the first n bytes of ahead; the caller holds mu.
func (in *input) drop(n int) {
	in.ahead = in.ahead[n:]
	in.held = max(0, in.held-n)
	if len(in.ahead) == 0 {
		in.ahead = nil
	}
}

// fill reads what is there, if it still is.
func (in *input) fill() {
	in.filling.Lock()
	defer in.filling.Unlock()
	in.fillLocked()
}

func (in *input) fillLocked() (more bool) {
	if ready, err := in.w.wait(0); err != nil || !ready {
		return false
	}
	buf := make([]byte, 4096)
	n, err := in.w.read(buf)
	in.mu.Lock()
	in.ahead = append(in.ahead, buf[:n]...)
	in.mu.Unlock()
	if err != nil {
		in.end(err)
	}
	return n > 0
}

func (in *input) end(err error) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.eof == nil {
		in.eof = err
	}
}

// gather takes in all that was typed so far, so that a change of the
// terminal's mode cannot change its meaning; the caller holds filling.
func (in *input) gather() {
	for in.fillLocked() {
	}
	in.mu.Lock()
	in.held = len(in.ahead)
	in.mu.Unlock()
}

// flush forgets all that was typed so far.
func (in *input) flush() {
	in.filling.Lock()
	in.gather()
	in.filling.Unlock()
	in.mu.Lock()
	defer in.mu.Unlock()
	in.ahead, in.held, in.intr = nil, 0, false
}

func (in *input) pending() int {
	in.mu.Lock()
	defer in.mu.Unlock()
	return len(in.ahead)
}

// typed reports whether the next bytes to be taken were typed in raw mode,
// and so were not shown.
func (in *input) typed() int {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.held
}

// tookInterrupt reports whether a ^C was typed ahead, and forgets it and all
// before it, as the kernel does on a ^C.
func (in *input) tookInterrupt() bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	i := bytes.LastIndexByte(in.ahead[:in.held], 3)
	if i < 0 {
		return false
	}
	in.drop(i + 1)
	return true
}

// interrupt makes the read that is going on, or the next, fail.
func (in *input) interrupt() {
	in.mu.Lock()
	in.intr = true
	in.mu.Unlock()
	in.w.wake()
}

// stop makes all reads fail with err: the program is to end.
func (in *input) stop(err error) {
	in.mu.Lock()
	in.stopped = err
	in.mu.Unlock()
	in.w.wake()
}

// over is why there is no more to read.
func (in *input) over() error {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.stopped != nil {
		return in.stopped
	}
	return io.EOF
}

// calm forgets an interrupt that nobody was told of, and reports whether
// there was one.
func (in *input) calm() bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	was := in.intr
	in.intr = false
	return was
}

// close ends all reads with io.EOF.
func (in *input) close() {
	in.mu.Lock()
	defer in.mu.Unlock()
	select {
	case <-in.done:
	default:
		close(in.done)
		in.w.wake()
	}
}

// release gives back what waiting needs, when nobody reads any more.
func (in *input) release() { in.w.close() }

// giveBack makes p the next to be taken.
func (in *input) giveBack(p []byte) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.ahead = append(bytes.Clone(p), in.ahead...)
}
