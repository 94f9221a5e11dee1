package wire

import (
	"errors"
	"net"
	"net/netip"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// An mmsghdr is struct mmsghdr of recvmmsg(2).
type mmsghdr struct {
	hdr unix.Msghdr
	n   uint32
	_   [unsafe.Sizeof(uintptr(0)) - 4]byte
}

const batchSize = 32

// gather is how long datagrams may pile up while several at a time come, so
// that one system call takes many.
const gather = 100 * time.Microsecond

// readBatch reads up to batchSize datagrams with one recvmmsg(2), until f
// or pause, which is called after each recvmmsg, returns false; what else the
// last call has read is given to f all the same.
func readBatch(c net.PacketConn, f func([]byte, net.Addr) bool, pause func() bool) error {
	s, ok := c.(*net.UDPConn)
	if !ok {
		return readOne(c, f, pause)
	}
	raw, err := s.SyscallConn()
	if err != nil {
		return err
	}
	room := make([]byte, batchSize*LongestDatagram)
	var msgs [batchSize]mmsghdr
	var vecs [batchSize]unix.Iovec
	var names [batchSize]unix.RawSockaddrAny
	for i := range msgs {
		vecs[i].Base = &room[i*LongestDatagram]
		vecs[i].SetLen(LongestDatagram)
		msgs[i].hdr.Iov = &vecs[i]
		msgs[i].hdr.SetIovlen(1)
		msgs[i].hdr.Name = (*byte)(unsafe.Pointer(&names[i]))
	}
	var from net.Addr
	var last unix.RawSockaddrAny
	more, several := true, false
	for {
		for i := range msgs {
			msgs[i].hdr.Namelen = unix.SizeofSockaddrAny
		}
		var n uintptr
		var errno syscall.Errno
		err := raw.Read(func(fd uintptr) bool {
			if several {
				wait := unix.NsecToTimespec(int64(gather))
				unix.Nanosleep(&wait, nil)
			}
			n, _, errno = unix.Syscall6(unix.SYS_RECVMMSG, fd, uintptr(unsafe.Pointer(&msgs[0])), batchSize, unix.MSG_DONTWAIT, 0, 0)
			several = errno == 0 && n > 1 && n < batchSize
			return errno != unix.EAGAIN && errno != unix.EINTR
		})
		if err != nil {
			return err
		}
		if errno != 0 {
			return errno
		}
		for i := range int(n) {
			if from == nil || names[i] != last {
				last, from = names[i], udpAddrOf(&names[i])
			}
			p := room[i*LongestDatagram : i*LongestDatagram+int(msgs[i].n)]
			more = f(p, from) && more
		}
		if !pause() || !more {
			return nil
		}
	}
}

func readOne(c net.PacketConn, f func([]byte, net.Addr) bool, pause func() bool) error {
	p := make([]byte, LongestDatagram)
	for {
		n, from, err := c.ReadFrom(p)
		if err != nil || !f(p[:n], from) || !pause() {
			return err
		}
	}
}

func udpAddrOf(sa *unix.RawSockaddrAny) net.Addr {
	switch sa.Addr.Family {
	case unix.AF_INET:
		p := (*unix.RawSockaddrInet4)(unsafe.Pointer(sa))
		return net.UDPAddrFromAddrPort(netip.AddrPortFrom(netip.AddrFrom4(p.Addr), swap16(p.Port)))
	case unix.AF_INET6:
		p := (*unix.RawSockaddrInet6)(unsafe.Pointer(sa))
		a := netip.AddrFrom16(p.Addr).Unmap()
		if p.Scope_id != 0 {
			if i, err := net.InterfaceByIndex(int(p.Scope_id)); err == nil {
				a = a.WithZone(i.Name)
			}
		}
		return net.UDPAddrFromAddrPort(netip.AddrPortFrom(a, swap16(p.Port)))
	}
	return nil
}

// swap16 reads a port, which is in network order whatever the machine's.
func swap16(port uint16) uint16 {
	b := (*[2]byte)(unsafe.Pointer(&port))
	return uint16(b[0])<<8 | uint16(b[1])
}

// writeBatch lets the kernel cut one large send into datagrams of one size
// (UDP_SEGMENT); what does not fit that is sent one by one.
func writeBatch(c net.PacketConn, ps [][]byte, to net.Addr) (total int64, err error) {
	s, ok := c.(*net.UDPConn)
	if !ok {
		return writeEach(c, ps, to)
	}
	raw, err := s.SyscallConn()
	if err != nil {
		return 0, err
	}
	var sa unix.Sockaddr
	if u, ok := to.(*net.UDPAddr); ok && to != nil {
		if sa = sockaddrOf(s, u); sa == nil {
			return writeEach(c, ps, to)
		}
	}
	for len(ps) > 0 {
		k := run(ps)
		if k < 2 {
			n, err := writeEach(c, ps[:1], to)
			total += n
			if err != nil {
				return total, err
			}
			ps = ps[1:]
			continue
		}
		size := uint16(len(ps[0]))
		oob := make([]byte, unix.CmsgSpace(2))
		h := (*unix.Cmsghdr)(unsafe.Pointer(&oob[0]))
		h.Level, h.Type = unix.IPPROTO_UDP, unix.UDP_SEGMENT
		h.SetLen(unix.CmsgLen(2))
		*(*uint16)(unsafe.Pointer(&oob[unix.CmsgLen(0)])) = size
		var n int
		werr := raw.Write(func(fd uintptr) bool {
			n, err = unix.SendmsgBuffers(int(fd), ps[:k], oob, sa, unix.MSG_DONTWAIT)
			return err != unix.EAGAIN && err != unix.EINTR
		})
		switch {
		case werr != nil:
			return total, werr
		case errors.Is(err, unix.EIO), errors.Is(err, unix.EINVAL), errors.Is(err, unix.EOPNOTSUPP), errors.Is(err, unix.ENOPROTOOPT):
			rest, err := writeEach(c, ps, to) // no segmentation on this way
			return total + rest, err
		case err != nil:
			return total, err
		}
		total += int64(n)
		ps = ps[k:]
	}
	return total, nil
}

// run is how many of the first of ps can go as one: all of one size but the
// last, which may be shorter.
func run(ps [][]byte) int {
	const most, bytes = 64, 65000
	size, total := len(ps[0]), 0
	if size == 0 {
		return 1
	}
	for k, p := range ps {
		if k == most || len(p) == 0 || len(p) > size || total+len(p) > bytes {
			return k
		}
		if total += len(p); len(p) < size {
			return k + 1
		}
	}
	return len(ps)
}

func sockaddrOf(c *net.UDPConn, u *net.UDPAddr) unix.Sockaddr {
	ap := u.AddrPort()
	a := ap.Addr().Unmap()
	local, ok := c.LocalAddr().(*net.UDPAddr)
	if !ok || a.Zone() != "" {
		return nil
	}
	if a.Is4() && local.IP.To4() != nil {
		return &unix.SockaddrInet4{Port: u.Port, Addr: a.As4()}
	}
	return &unix.SockaddrInet6{Port: u.Port, Addr: a.As16()}
}
