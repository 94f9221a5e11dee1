package wire

import (
	"io"
	"net"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// kernelFrom moves what r has to the peer if r is a pipe or a file. handled
// is false when the rest must be copied.
func (c *Conn) kernelFrom(t net.Conn, r io.Reader) (total int64, handled bool, err error) {
	f := file(r)
	if f == nil {
		return 0, false, nil
	}
	s, err := f.Stat()
	if err != nil {
		return 0, false, nil
	}
	raw, err := t.(syscall.Conn).SyscallConn()
	if err != nil {
		return 0, false, nil
	}
	c.wmu.Lock()
	defer c.wmu.Unlock()
	switch m := s.Mode(); {
	case m&os.ModeNamedPipe != 0:
		return c.spliceFrom(raw, fdOf(f))
	case m.IsRegular() && c.sparing.Load():
		return c.spareFile(raw, f)
	case m.IsRegular():
		return c.sendFile(raw, f)
	}
	return 0, false, nil
}

// write calls one until it has moved something or writing fails.
func (c *Conn) write(raw syscall.RawConn, f *flow, one func(fd int) (int, error)) (n int, err error) {
	if dead := c.sock.isCut(); dead != nil {
		return 0, ended(dead, c.where(), "")
	}
	n, err = f.move(c.sock, raw, one)
	c.sent(int64(n))
	return n, err
}

// spliceFrom moves a pipe's bytes without copying them through us.
func (c *Conn) spliceFrom(raw syscall.RawConn, pipe int) (total int64, handled bool, err error) {
	widen(pipe)
	goes := flow{events: unix.POLLOUT}
	for {
		if dead := c.sock.isCut(); dead != nil {
			return total, true, ended(dead, c.where(), "")
		}
		if !readable(pipe, 100) {
			continue
		}
		n, err := c.write(raw, &goes, func(fd int) (int, error) {
			return spliceNow(pipe, fd, spliceSize)
		})
		total += int64(n)
		switch {
		case err == unix.EINVAL && total == 0:
			return 0, false, nil
		case err != nil:
			return total, true, c.fail(&c.sock.w, err)
		case n == 0:
			return total, true, nil
		}
		if c.d.tracer() != nil {
			return total, false, nil
		}
	}
}

// sendFile copies a file in pieces that stay in the cache: the kernel's ways
// around that, sendfile(2) and splice(2), are slower on a loopback device.
func (c *Conn) sendFile(raw syscall.RawConn, f *os.File) (total int64, handled bool, err error) {
	goes := flow{events: unix.POLLOUT}
	if total, err = c.sendMapped(raw, &goes, f); err != nil {
		return total, true, c.fail(&c.sock.w, err)
	}
	room := make([]byte, manyBytes)
	for {
		n, rerr := f.Read(room)
		m, err := c.sendAll(raw, &goes, room[:n])
		if total += m; err != nil {
			return total, true, c.fail(&c.sock.w, err)
		}
		switch {
		case rerr == io.EOF:
			return total, true, nil
		case rerr != nil:
			return total, true, rerr
		case c.d.tracer() != nil:
			return total, false, nil
		}
	}
}

// spareFile sends a file without copying it through us: see Spare.
func (c *Conn) spareFile(raw syscall.RawConn, f *os.File) (total int64, handled bool, err error) {
	goes := flow{events: unix.POLLOUT}
	for {
		n, err := c.write(raw, &goes, func(fd int) (int, error) { return unix.Sendfile(fd, fdOf(f), nil, manyBytes) })
		total += int64(n)
		switch {
		case err == unix.EINVAL && total == 0:
			return c.sendFile(raw, f) // not from this file system
		case err != nil:
			return total, true, c.fail(&c.sock.w, err)
		case n == 0:
			return total, true, nil
		case c.d.tracer() != nil:
			return total, false, nil
		}
	}
}
