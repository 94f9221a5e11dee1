package wire

import (
	"errors"
	"io"
	"net"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

const spliceSize = 1 << 20

// kernelTo moves what comes to w without copying it through us: into a pipe
// or a file by splice(2), into nothing by MSG_TRUNC. handled is false when
// the rest must be copied. A most that is not negative is where it stops.
func (c *Conn) kernelTo(t net.Conn, w io.Writer, most int64) (total int64, handled bool, err error) {
	raw, err := t.(syscall.Conn).SyscallConn()
	if err != nil {
		return 0, false, nil
	}
	if isTCP(t) && w == io.Discard {
		return c.discard(raw, most)
	}
	f := file(w)
	if f == nil {
		return 0, false, nil
	}
	s, err := f.Stat()
	if err != nil {
		return 0, false, nil
	}
	switch m := s.Mode(); {
	case m&os.ModeNamedPipe != 0:
		return c.spliceTo(raw, fdOf(f), most)
	case m.IsRegular():
		return c.spliceToFile(raw, f, most)
	case m&os.ModeCharDevice != 0 && isNull(s):
		if isTCP(t) {
			return c.discard(raw, most)
		}
	}
	return 0, false, nil
}

// fdOf is the descriptor of f, whose mode is left alone; -1 when f is closed.
func fdOf(f *os.File) (fd int) {
	fd = -1
	if raw, err := f.SyscallConn(); err == nil {
		raw.Control(func(n uintptr) { fd = int(n) })
	}
	return fd
}

func isNull(s os.FileInfo) bool {
	st, ok := s.Sys().(*syscall.Stat_t)
	return ok && st.Rdev == unix.Mkdev(1, 3)
}

// read calls one until it has moved something, the peer has ended its side
// (0) or reading fails.
func (c *Conn) read(raw syscall.RawConn, f *flow, one func(fd int) (int, error)) (n int, err error) {
	if dead := c.sock.isCut(); dead != nil {
		return 0, ended(dead, c.where(), "")
	}
	n, err = f.move(c.sock, raw, one)
	c.came(int64(n))
	return n, err
}

func (c *Conn) discard(raw syscall.RawConn, most int64) (total int64, handled bool, err error) {
	come := flow{events: unix.POLLIN}
	defer come.end(raw)
	room := make([]byte, spliceSize) // the kernel writes nothing there
	for {
		n, err := c.read(raw, &come, func(fd int) (int, error) {
			return discardNow(fd, room[:upTo(most, total, spliceSize)])
		})
		total += int64(n)
		if done, err := c.over(n, err); done {
			return total, true, err
		}
		if total == most {
			return total, true, nil
		}
		if c.d.tracer() != nil {
			return total, false, nil
		}
	}
}

// over reports whether a copy is at its end, and how it ended.
func (c *Conn) over(n int, err error) (bool, error) {
	switch {
	case err != nil:
		return true, c.fail(&c.sock.r, err)
	case n == 0:
		c.sock.eof.Store(true)
		return true, io.EOF
	}
	return false, nil
}

// errPipeFull means that the pipe's reader is behind, not that nothing came.
var errPipeFull = errors.New("the pipe is full")

func (c *Conn) spliceTo(raw syscall.RawConn, pipe int, most int64) (total int64, handled bool, err error) {
	widen(pipe)
	come := flow{events: unix.POLLIN}
	defer come.end(raw)
	for {
		n, err := c.read(raw, &come, func(fd int) (int, error) {
			n, err := spliceNow(fd, pipe, upTo(most, total, spliceSize))
			if err == unix.EAGAIN && (queued(fd) || readable(fd, 0)) {
				err = errPipeFull
			}
			return n, err
		})
		total += int64(n)
		switch {
		case err == errPipeFull:
			for !writable(pipe, 100) {
				if dead := c.sock.isCut(); dead != nil {
					return total, true, ended(dead, c.where(), "")
				}
			}
			continue
		case err == unix.EINVAL && total == 0:
			return 0, false, nil
		case err == unix.EPIPE:
			return total, true, &os.PathError{Op: "write", Path: "pipe", Err: err}
		}
		if done, err := c.over(n, err); done {
			return total, true, err
		}
		if total == most {
			return total, true, nil
		}
		if c.d.tracer() != nil {
			return total, false, nil
		}
	}
}

// writable waits at most ms milliseconds until something can be written to a
// pipe, or its reader has gone.
func writable(pipe, ms int) bool {
	fds := []unix.PollFd{{Fd: int32(pipe), Events: unix.POLLOUT}}
	n, err := unix.Poll(fds, ms)
	return err == nil && n > 0
}

// spliceToFile goes by a pipe of our own.
func (c *Conn) spliceToFile(raw syscall.RawConn, f *os.File, most int64) (total int64, handled bool, err error) {
	fl, err := unix.FcntlInt(uintptr(fdOf(f)), unix.F_GETFL, 0)
	if err != nil || fl&unix.O_APPEND != 0 {
		return 0, false, nil // splice(2) does not append
	}
	var p [2]int
	if err := unix.Pipe2(p[:], unix.O_CLOEXEC|unix.O_NONBLOCK); err != nil {
		return 0, false, nil
	}
	defer unix.Close(p[0])
	defer unix.Close(p[1])
	widen(p[1])
	come := flow{events: unix.POLLIN}
	defer come.end(raw)
	for {
		n, err := c.read(raw, &come, func(fd int) (int, error) {
			return spliceNow(fd, p[1], upTo(most, total, spliceSize))
		})
		if err == unix.EINVAL && total == 0 {
			return 0, false, nil
		}
		m, werr := drain(p[0], f, n)
		total += int64(m)
		if werr != nil {
			return total, true, &os.PathError{Op: "write", Path: f.Name(), Err: werr}
		}
		if done, err := c.over(n, err); done {
			return total, true, err
		}
		if total == most {
			return total, true, nil
		}
		if c.d.tracer() != nil {
			return total, false, nil
		}
	}
}

// drain moves n bytes from a pipe to a file.
func drain(pipe int, f *os.File, n int) (done int, err error) {
	for done < n {
		m, err := unix.Splice(pipe, nil, fdOf(f), nil, n-done, unix.SPLICE_F_MOVE)
		switch {
		case err == unix.EINTR:
			continue
		case err == unix.EINVAL:
			// A file system without splice: by hand.
			buf := make([]byte, n-done)
			k, err := unix.Read(pipe, buf)
			if err != nil {
				return done, err
			}
			k, err = f.Write(buf[:k])
			if done += k; err != nil {
				return done, err
			}
			continue
		case err != nil:
			return done, err
		case m == 0:
			return done, io.ErrUnexpectedEOF
		}
		done += int(m)
	}
	return done, nil
}

// queued reports whether bytes have come that nobody has read, be they few.
func queued(fd int) bool {
	n, err := unix.IoctlGetInt(fd, unix.SIOCINQ)
	return err == nil && n > 0
}

// readable waits at most ms milliseconds until something can be read from a
// pipe, or its writer has gone.
func readable(pipe, ms int) bool {
	fds := []unix.PollFd{{Fd: int32(pipe), Events: unix.POLLIN}}
	n, err := unix.Poll(fds, ms)
	return err == nil && n > 0
}
