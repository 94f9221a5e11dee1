//go:build linux || darwin

package wire

import (
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"wireline/protocols/fault"
)

func (o sockOption) get(fd uintptr) (string, error) {
	switch o.kind {
	case isLinger:
		// There is no GetsockoptLinger; the struct is two ints.
		return getLinger(fd, o)
	case isSpan:
		tv, err := unix.GetsockoptTimeval(int(fd), o.level, o.opt)
		if err != nil {
			return "", err
		}
		return time.Duration(tv.Nano()).String(), nil
	case isText:
		s, err := unix.GetsockoptString(int(fd), o.level, o.opt)
		return strings.TrimRight(s, "\x00"), err
	}
	n, err := unix.GetsockoptInt(int(fd), o.level, o.opt)
	return strconv.Itoa(n), err
}

func (o sockOption) set(fd uintptr, value string) error {
	switch o.kind {
	case isLinger:
		l := unix.Linger{Onoff: 1}
		if strings.EqualFold(value, "off") {
			l.Onoff = 0
		} else if n, err := strconv.ParseInt(value, 10, 32); err == nil {
			l.Linger = int32(n)
		} else {
			return fault.New(fault.BadArgument, "%s takes seconds or off, not %q", o.name, value)
		}
		return unix.SetsockoptLinger(int(fd), o.level, o.opt, &l)
	case isSpan:
		d, err := time.ParseDuration(value)
		if s, serr := strconv.ParseFloat(value, 64); serr == nil {
			d, err = time.Duration(s*float64(time.Second)), nil
		}
		if err != nil {
			return fault.New(fault.BadArgument, "%s takes a time, not %q", o.name, value)
		}
		tv := unix.NsecToTimeval(int64(d))
		return unix.SetsockoptTimeval(int(fd), o.level, o.opt, &tv)
	case isText:
		return unix.SetsockoptString(int(fd), o.level, o.opt, value)
	}
	n, err := o.optionNumber(value)
	if err != nil {
		return err
	}
	return unix.SetsockoptInt(int(fd), o.level, o.opt, n)
}

// reusePort lets several sockets listen on one port.
func reusePort(c syscall.RawConn) error { return setOption(c, "SO_REUSEPORT", "1") }

// backlog changes how many connections may wait on a socket that listens.
func backlog(c syscall.RawConn, n int) error {
	var err error
	if cerr := c.Control(func(fd uintptr) { err = unix.Listen(int(fd), n) }); cerr != nil {
		return cerr
	}
	return err
}

// SendOOB sends p with its last byte marked as urgent (MSG_OOB). It is for
// plain TCP.
func (c *Conn) SendOOB(p []byte) error {
	if c.network != "tcp" || c.tls.Load() != nil {
		return c.unsupported("urgent data")
	}
	c.wmu.Lock()
	defer c.wmu.Unlock()
	r, err := c.rawConn()
	if err != nil {
		return err
	}
	c.show(out, c.out.Load(), p)
	c.sock.wait(&c.sock.w)
	werr := r.Write(func(fd uintptr) bool {
		err = unix.Sendto(int(fd), p, unix.MSG_OOB, nil)
		return err != unix.EAGAIN
	})
	if err == nil {
		err = werr
	}
	if err != nil {
		return c.fail(&c.sock.w, err)
	}
	c.out.Add(int64(len(p)))
	c.d.count(out, int64(len(p)))
	return nil
}

// RecvOOB waits for at most n bytes of urgent data.
func (c *Conn) RecvOOB(n int) ([]byte, error) {
	if c.network != "tcp" || c.tls.Load() != nil {
		return nil, c.unsupported("urgent data")
	}
	p := make([]byte, max(1, n))
	var got int
	// EINVAL is no urgent data yet; readiness to read does not tell of it, so
	// we ask again at intervals until a deadline ends it.
	for {
		r, err := c.rawConn()
		if err != nil {
			return nil, err
		}
		cerr := r.Control(func(fd uintptr) {
			got, _, err = unix.Recvfrom(int(fd), p, unix.MSG_OOB|unix.MSG_DONTWAIT)
		})
		switch {
		case cerr != nil:
			return nil, c.fail(&c.sock.r, cerr)
		case err == nil && got == 0:
			return nil, c.fail(&c.sock.r, unix.ECONNRESET)
		case err == nil:
			c.arrived(p[:got])
			return p[:got], nil
		case err != unix.EINVAL && err != unix.EAGAIN:
			return nil, c.fail(&c.sock.r, err)
		case c.sock.over(&c.sock.r):
			return nil, c.lateFault(&c.sock.r, syscall.EAGAIN)
		}
		time.Sleep(5 * time.Millisecond)
	}
}
