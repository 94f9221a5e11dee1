package wire

import (
	"io"
	"net"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// A flow is one direction of a connection. While much goes that way the next
// bytes are microseconds away: to wait for them in poll(2) costs less than to
// let the runtime's poller wake us, and to wait until there are many
// (SO_RCVLOWAT) saves most of the waiting. A peer that is silent for a moment
// is left to the runtime, which knows the deadlines. Until then there is none on
// idleness: while a timer runs, the runtime waits at its poller, where every
// segment wakes it, and that was a fifth of what a large download cost.
type flow struct {
	events int16 // POLLIN or POLLOUT
	quick  bool  // the last call moved much
	marked bool  // SO_RCVLOWAT is raised
	little bool  // a few bytes are worth a call: SO_RCVLOWAT is left alone
}

const (
	muchMoved  = 32 << 10
	manyBytes  = 512 << 10
	nextMoment = 2 // milliseconds
)

// move calls one until it has moved something, or fails. What the kernel says is
// a unix.Errno.
func (f *flow) move(s *sock, raw syscall.RawConn, one func(fd int) (int, error)) (n int, err error) {
	x, await := &s.r, raw.Read
	if f.events == unix.POLLOUT {
		x, await = &s.w, raw.Write
	}
	if s.rest(x) {
		return 0, os.ErrDeadlineExceeded
	}
	try := func(fd uintptr) (done bool) {
		n, err = f.try(int(fd), one)
		return err != unix.EAGAIN && err != unix.EINTR
	}
	done := false
	rerr := raw.Control(func(fd uintptr) { done = try(fd) })
	if rerr == nil && !done {
		s.wait(x)
		rerr = await(try)
	}
	if rerr != nil {
		return 0, rerr
	}
	return max(n, 0), err
}

// read is move for a Read of a net.Conn, whose errors and end it has.
func (f *flow) read(s *sock, raw syscall.RawConn, one func(fd int) (int, error)) (n int, err error) {
	n, err = f.move(s, raw, one)
	switch _, kernel := err.(unix.Errno); {
	case kernel:
		return 0, &net.OpError{Op: "read", Net: "tcp", Source: s.Conn.LocalAddr(), Addr: s.Conn.RemoteAddr(), Err: err}
	case err != nil:
		return 0, err
	case n == 0:
		return 0, io.EOF
	}
	return n, nil
}

// try calls one, and again after a moment if nothing could be moved.
func (f *flow) try(fd int, one func(fd int) (int, error)) (n int, err error) {
	n, err = one(fd)
	if err == unix.EAGAIN && f.quick {
		f.mark(fd)
		pollNow(fd, f.events, nextMoment)
		n, err = one(fd)
	}
	f.quick = n >= muchMoved
	if !f.quick && f.unmark(fd) && err == unix.EAGAIN {
		n, err = one(fd) // few bytes may have come without waking anybody
	}
	return n, err
}

func (f *flow) mark(fd int) {
	if f.events == unix.POLLIN && !f.marked && !f.little {
		f.marked = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVLOWAT, manyBytes) == nil
	}
}

func (f *flow) unmark(fd int) (was bool) {
	if was = f.marked; was {
		unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVLOWAT, 1)
		f.marked = false
	}
	return was
}

// end is for when no more is to be moved.
func (f *flow) end(raw syscall.RawConn) {
	if f.marked {
		raw.Control(func(fd uintptr) { f.unmark(int(fd)) })
	}
}
