//go:build unix

package line

import (
	"errors"
	"io"
	"os"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// A waiter waits until a file can be read, or until it is woken. It uses
// select: poll does not know terminals everywhere.
type waiter struct {
	fd   int
	r, w int // a pipe; a byte in it wakes

	mu     sync.Mutex
	closed bool
}

func newWaiter(f *os.File) (*waiter, error) {
	var p [2]int
	if err := unix.Pipe(p[:]); err != nil {
		return nil, err
	}
	for _, fd := range p {
		unix.CloseOnExec(fd)
		if err := unix.SetNonblock(fd, true); err != nil {
			return nil, err
		}
	}
	w := &waiter{fd: int(f.Fd()), r: p[0], w: p[1]}
	if max(w.fd, w.r) >= unix.FD_SETSIZE {
		w.close()
		return nil, unix.EMFILE
	}
	return w, nil
}

// wait reports whether the file is ready; false after a wake or when d has
// passed. A negative d is for ever.
func (w *waiter) wait(d time.Duration) (ready bool, err error) {
	var t *unix.Timeval
	if d >= 0 {
		tv := unix.NsecToTimeval(int64(d))
		t = &tv
	}
	var set unix.FdSet
	set.Set(w.fd)
	set.Set(w.r)
	if _, err := unix.Select(max(w.fd, w.r)+1, &set, nil, nil, t); err != nil {
		if errors.Is(err, unix.EINTR) {
			return false, nil
		}
		return false, err
	}
	if set.IsSet(w.r) {
		var b [64]byte
		unix.Read(w.r, b[:])
	}
	return set.IsSet(w.fd), nil
}

// read reads once. A terminal that hung up is at its end.
func (w *waiter) read(p []byte) (int, error) {
	n, err := unix.Read(w.fd, p)
	switch {
	case errors.Is(err, unix.EINTR), errors.Is(err, unix.EAGAIN):
		return 0, nil
	case errors.Is(err, unix.EIO), err == nil && n == 0:
		return 0, io.EOF
	case err != nil:
		return 0, err
	}
	return n, nil
}

func (w *waiter) wake() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.closed {
		unix.Write(w.w, []byte{0}) // a full pipe wakes as well
	}
}

func (w *waiter) close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.closed {
		w.closed = true
		unix.Close(w.r)
		unix.Close(w.w)
	}
}
