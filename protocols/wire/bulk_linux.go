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
		s.wait(&s.r)
		return t.Read(g.room)
	}
	if g.raw == nil {
		if g.raw, err = t.(syscall.Conn).SyscallConn(); err != nil {
			return 0, err
		}
		g.flow.events = unix.POLLIN
	}
	n, err = g.flow.move(s, g.raw, func(fd int) (int, error) { return unix.Read(fd, g.room) })
	switch _, kernel := err.(unix.Errno); {
	case kernel:
		return 0, &net.OpError{Op: "read", Net: "tcp", Source: t.LocalAddr(), Addr: t.RemoteAddr(), Err: err}
	case err != nil:
		return 0, err
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
