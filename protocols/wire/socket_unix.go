//go:build linux || darwin

package wire

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strings"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"

	"wireline/protocols/fault"
)

// A Socket is a socket whose life is led one system call at a time, as a
// class does it. Every method is the call of its name; an error has the
// call's own error number.
type Socket struct {
	d       *Dialer
	network string
	family  int
	fd      int
	mu      sync.Mutex
	state   string // CREATED, BOUND, LISTEN, CONNECTED, CLOSED
	file    socketFile
	conn    *Conn
	packet  *PacketConn
}

// Socket calls socket(2). The network is tcp, udp, unix, unixgram or
// unixpacket; tcp6 and udp6 are of the family of IPv6, as is any with -6.
func (d *Dialer) Socket(network string) (*Socket, error) {
	s := &Socket{d: d, network: strings.TrimRight(network, "46"), state: "CREATED"}
	kind := unix.SOCK_STREAM
	s.family = unix.AF_INET
	switch {
	case unixNet(network):
		s.family = unix.AF_UNIX
		if network == "unixgram" {
			kind = unix.SOCK_DGRAM
		} else if network == "unixpacket" {
			kind = unix.SOCK_SEQPACKET
		}
	case s.network == "udp":
		kind = unix.SOCK_DGRAM
	case s.network != "tcp":
		return nil, fault.New(fault.BadArgument, "%q is not a kind of socket", network).WithHint("there are tcp, udp, unix, unixgram and unixpacket")
	}
	if s.family == unix.AF_INET && (strings.HasSuffix(network, "6") || d.family() == "ip6") {
		s.family = unix.AF_INET6
	}
	syscall.ForkLock.RLock()
	fd, err := unix.Socket(s.family, kind, 0)
	if err == nil {
		unix.CloseOnExec(fd)
	}
	syscall.ForkLock.RUnlock()
	if err != nil {
		return nil, s.failed(fault.Connect, "socket()", err)
	}
	s.fd = fd
	if err = unix.SetNonblock(fd, true); err == nil && s.network == "udp" {
		err = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_BROADCAST, 1)
	}
	if err != nil {
		s.Close()
		return nil, s.failed(fault.Connect, "socket()", err)
	}
	d.note(0, "socket", s.Name())
	return s, nil
}

// failed is the error of a call, with the name of its number.
func (s *Socket) failed(kind *fault.Kind, call string, err error) error {
	e := &fault.Error{Kind: kind, Err: err, Text: call + ": " + plain(err, err.Error())}
	if errno, ok := err.(syscall.Errno); ok {
		e.Code = unix.ErrnoName(errno)
	}
	return e
}

// FD is the file descriptor.
func (s *Socket) FD() int { return s.fd }

// State is CREATED, BOUND, LISTEN, CONNECTED or CLOSED.
func (s *Socket) State() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state
}

func (s *Socket) enter(state string) {
	s.mu.Lock()
	s.state = state
	s.mu.Unlock()
}

// Name is where the socket is bound, as getsockname(2) says, or "" when it
// has no name.
func (s *Socket) Name() string {
	sa, err := unix.Getsockname(s.fd)
	if err != nil {
		return ""
	}
	switch a := sa.(type) {
	case *unix.SockaddrInet4:
		return netip.AddrPortFrom(netip.AddrFrom4(a.Addr), uint16(a.Port)).String()
	case *unix.SockaddrInet6:
		return netip.AddrPortFrom(netip.AddrFrom16(a.Addr), uint16(a.Port)).String()
	case *unix.SockaddrUnix:
		return a.Name
	}
	return ""
}

// address is what bind(2) and connect(2) take. For a unix socket host is the
// path. The empty host is any address.
func (s *Socket) address(ctx context.Context, host, port string) (unix.Sockaddr, string, error) {
	if s.family == unix.AF_UNIX {
		if err := checkUnixPath(host); err != nil {
			return nil, "", err
		}
		return &unix.SockaddrUnix{Name: host}, host, nil
	}
	h, err := ParseHost(host)
	if err != nil {
		return nil, "", err
	}
	p, err := Port(s.network, port)
	if err != nil {
		return nil, "", err
	}
	want6 := s.family == unix.AF_INET6
	var a netip.Addr
	switch {
	case (h == "" || h == "0.0.0.0") && want6:
		a = netip.IPv6Unspecified()
	case h == "":
		a = netip.IPv4Unspecified()
	default:
		ctx, stop := s.d.limited(ctx, s.d.InForce().Connect)
		defer stop()
		addrs, err := s.d.lookup(ctx, h)
		if err != nil {
			return nil, "", err
		}
		for _, x := range addrs {
			if x.Is6() == want6 {
				a = x
				break
			}
		}
		if !a.IsValid() {
			return nil, "", fault.New(fault.BadArgument, "%s has no address of the socket's family", host)
		}
	}
	if a.Is4() {
		return &unix.SockaddrInet4{Port: p, Addr: a.As4()}, joinPort(a.String(), p), nil
	}
	sa := &unix.SockaddrInet6{Port: p, Addr: a.As16()}
	if z := a.Zone(); z != "" {
		i, err := net.InterfaceByName(z)
		if err != nil {
			return nil, "", fault.New(fault.BadArgument, "no interface is named %q", z)
		}
		sa.ZoneId = uint32(i.Index)
	}
	return sa, joinPort(a.String(), p), nil
}

// allowed is an error for a peer that --no-private refuses.
func (s *Socket) allowed(sa unix.Sockaddr) error {
	switch a := sa.(type) {
	case *unix.SockaddrInet4:
		return s.d.allowed(netip.AddrFrom4(a.Addr))
	case *unix.SockaddrInet6:
		return s.d.allowed(netip.AddrFrom16(a.Addr))
	}
	return s.d.allowedUnix()
}

// Bind calls bind(2); the empty host is any address. For a unix socket host
// is the path, whose file is removed by Close.
func (s *Socket) Bind(host, port string) error {
	sa, at, err := s.address(context.Background(), host, port)
	if err != nil {
		return err
	}
	if s.family == unix.AF_UNIX {
		unix.Fchmod(s.fd, 0o600)
	} else if err := unix.SetsockoptInt(s.fd, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1); err != nil && s.network == "tcp" {
		return s.failed(fault.Connect, "setsockopt(SO_REUSEADDR)", err)
	}
	if err := unix.Bind(s.fd, sa); err != nil {
		kind := fault.Connect
		if s.family == unix.AF_UNIX {
			kind = fault.WriteLocal
		}
		return s.failed(kind, fmt.Sprintf("bind(%d, %s)", s.fd, at), err)
	}
	if s.family == unix.AF_UNIX {
		s.file = claim(host)
	}
	s.enter("BOUND")
	s.d.note(0, "bind", fmt.Sprintf("bind(%d, %s)", s.fd, at))
	return nil
}

// Listen calls listen(2).
func (s *Socket) Listen(backlog int) error {
	if err := unix.Listen(s.fd, backlog); err != nil {
		return s.failed(fault.Connect, fmt.Sprintf("listen(%d, %d)", s.fd, backlog), err)
	}
	s.enter("LISTEN")
	s.d.note(0, "listen", fmt.Sprintf("listen(%d, %d)", s.fd, backlog))
	return nil
}

// Accept calls accept(2) and waits for a connection until ctx ends.
func (s *Socket) Accept(ctx context.Context) (*Conn, error) {
	call := fmt.Sprintf("accept(%d)", s.fd)
	for {
		syscall.ForkLock.RLock()
		fd, _, err := unix.Accept(s.fd)
		if err == nil {
			unix.CloseOnExec(fd)
		}
		syscall.ForkLock.RUnlock()
		switch err {
		case nil:
			c, err := adopt(fd)
			if err != nil {
				return nil, s.failed(fault.Recv, call, err)
			}
			return s.d.child().own(&Conn{sock: &sock{Conn: c}, network: s.network, server: true}), nil
		case unix.EINTR, unix.ECONNABORTED:
		case unix.EAGAIN:
			if err := s.poll(ctx, unix.POLLIN); err != nil {
				return nil, err
			}
		default:
			return nil, s.failed(fault.Recv, call, err)
		}
	}
}

// Connect calls connect(2) and waits for it until ctx ends. On a datagram
// socket it sets the peer.
func (s *Socket) Connect(ctx context.Context, host, port string) (*Conn, error) {
	sa, at, err := s.address(ctx, host, port)
	if err != nil {
		return nil, err
	}
	if err := s.allowed(sa); err != nil {
		return nil, err
	}
	call := fmt.Sprintf("connect(%d, %s)", s.fd, at)
	err = unix.Connect(s.fd, sa)
	if err == unix.EINPROGRESS || err == unix.EINTR {
		if err := s.poll(ctx, unix.POLLOUT); err != nil {
			return nil, err
		}
		var n int
		if n, err = unix.GetsockoptInt(s.fd, unix.SOL_SOCKET, unix.SO_ERROR); err == nil && n != 0 {
			err = syscall.Errno(n)
		}
	}
	if err != nil {
		return nil, s.failed(fault.Connect, call, err)
	}
	c, err := s.dup()
	if err != nil {
		return nil, s.failed(fault.Connect, call, err)
	}
	w := &Conn{sock: &sock{Conn: c}, network: s.network, host: host}
	if s.family != unix.AF_UNIX {
		w.port, _ = Port(s.network, port)
	}
	s.d.own(w)
	s.mu.Lock()
	s.conn, s.state = w, "CONNECTED"
	s.mu.Unlock()
	s.d.note(w.id, "dial", call)
	return w, nil
}

// Conn is the connection after Connect, or nil.
func (s *Socket) Conn() *Conn {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.conn
}

// Packet is the socket as one that sends and receives datagrams; nil unless
// it is one.
func (s *Socket) Packet() *PacketConn {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.packet != nil || s.network != "udp" && s.network != "unixgram" {
		return s.packet
	}
	f, err := s.copied()
	if err != nil {
		return nil
	}
	defer f.Close()
	c, err := net.FilePacketConn(f)
	if err != nil {
		return nil
	}
	s.packet = &PacketConn{d: s.d, id: s.d.number(), network: s.network, c: c}
	s.d.join(s.packet)
	return s.packet
}

// SendTo calls sendto(2), which binds a socket that was not bound.
func (s *Socket) SendTo(p []byte, host, port string) (int, error) {
	sa, at, err := s.address(context.Background(), host, port)
	if err != nil {
		return 0, err
	}
	if err := s.allowed(sa); err != nil {
		return 0, err
	}
	if c := s.Packet(); c != nil {
		c.show(out, c.out.Load(), p, nil)
		defer func() { c.out.Add(int64(len(p))); c.d.count(out, int64(len(p))) }()
	}
	if err := unix.Sendto(s.fd, p, 0, sa); err != nil {
		return 0, s.failed(fault.Send, fmt.Sprintf("sendto(%d, %d bytes, %s)", s.fd, len(p), at), err)
	}
	if s.State() == "CREATED" {
		s.enter("BOUND")
	}
	return len(p), nil
}

// Close calls close(2), also on what Connect and Packet have returned.
func (s *Socket) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.state == "CLOSED" {
		return nil
	}
	s.state = "CLOSED"
	if s.conn != nil {
		s.conn.Close()
	}
	if s.packet != nil {
		s.packet.Close()
	}
	s.file.remove()
	if err := unix.Close(s.fd); err != nil {
		return s.failed(fault.Internal, fmt.Sprintf("close(%d)", s.fd), err)
	}
	return nil
}

// poll waits until the socket is ready, and looks at ctx meanwhile.
func (s *Socket) poll(ctx context.Context, events int16) error {
	for {
		if ctx.Err() != nil {
			return ended(context.Cause(ctx), s.Name(), "")
		}
		fds := []unix.PollFd{{Fd: int32(s.fd), Events: events}}
		if n, err := unix.Poll(fds, 50); err != nil && err != unix.EINTR {
			return s.failed(fault.Recv, fmt.Sprintf("poll(%d)", s.fd), err)
		} else if n > 0 {
			return nil
		}
	}
}

func (s *Socket) copied() (*os.File, error) {
	fd, err := unix.FcntlInt(uintptr(s.fd), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(fd), "socket"), nil
}

// dup is a connection on a copy of the descriptor.
func (s *Socket) dup() (net.Conn, error) {
	f, err := s.copied()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return net.FileConn(f)
}

// adopt makes a connection of a descriptor, and closes it.
func adopt(fd int) (net.Conn, error) {
	f := os.NewFile(uintptr(fd), "socket")
	defer f.Close()
	return net.FileConn(f)
}
