package wire

import (
	"net"
	"syscall"

	"golang.org/x/sys/unix"
)

// A stream is a transport as something that much comes from.
type stream struct {
	flow flow
	raw  syscall.RawConn
}

// read is s.Conn.Read. While much comes it is a flow, which takes what there is:
// who reads knows better than we whether more is coming.
func (s *sock) read(p []byte) (n int, err error) {
	x := &s.stream
	t, tcp := s.Conn.(*net.TCPConn)
	if !tcp || !x.flow.quick || len(p) < muchMoved {
		s.wait(&s.r)
		n, err = s.Conn.Read(p)
		x.flow.quick = n >= muchMoved
		return n, err
	}
	if x.raw == nil {
		if x.raw, err = t.SyscallConn(); err != nil {
			return 0, err
		}
		x.flow.events, x.flow.little = unix.POLLIN, true
	}
	return x.flow.read(s, x.raw, func(fd int) (int, error) { return readNow(fd, p) })
}
