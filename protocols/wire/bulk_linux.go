package wire

import (
	"io"
	"net"
	"syscall"

	"golang.org/x/sys/unix"
)

// A gatherer reads in large pieces, as a flow.
type gatherer struct {
	room []byte
	flow flow
	raw  syscall.RawConn
}

func (g *gatherer) read(s *sock) (n int, err error) {
	t := s.Conn
	if !isTCP(t) {
		return t.Read(g.room)
	}
	if g.raw == nil {
		if g.raw, err = t.(syscall.Conn).SyscallConn(); err != nil {
			return 0, err
		}
		g.flow.events = unix.POLLIN
	}
	rerr := g.raw.Read(func(fd uintptr) bool {
		n, err = g.flow.try(int(fd), func(fd int) (int, error) { return unix.Read(fd, g.room) })
		return err != unix.EAGAIN && err != unix.EINTR
	})
	switch {
	case rerr != nil:
		return 0, rerr
	case err != nil:
		return 0, &net.OpError{Op: "read", Net: "tcp", Source: t.LocalAddr(), Addr: t.RemoteAddr(), Err: err}
	case n == 0:
		return 0, io.EOF
	}
	return n, nil
}

func (g *gatherer) end(*sock) {
	if g.raw != nil {
		g.flow.end(g.raw)
	}
}
