package wire

import (
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
	return g.flow.read(s, g.raw, func(fd int) (int, error) { return unix.Read(fd, g.room) })
}

func (g *gatherer) end(*sock) {
	if g.raw != nil {
		g.flow.end(g.raw)
	}
}
