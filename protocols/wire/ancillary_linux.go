package wire

import (
	"encoding/binary"
	"net"
	"net/netip"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// TellsAncillary is whether ReadMessage has more to tell than ReadFrom.
const TellsAncillary = true

// askAncillary has the system tell where datagrams were sent to. That it does
// not is no reason to do without the datagrams.
func askAncillary(network string, c syscall.RawConn) {
	_ = c.Control(func(fd uintptr) {
		if strings.HasSuffix(network, "6") {
			_ = unix.SetsockoptInt(int(fd), unix.IPPROTO_IPV6, unix.IPV6_RECVPKTINFO, 1)
			_ = unix.SetsockoptInt(int(fd), unix.IPPROTO_IPV6, unix.IPV6_RECVHOPLIMIT, 1)
			return
		}
		_ = unix.SetsockoptInt(int(fd), unix.IPPROTO_IP, unix.IP_PKTINFO, 1)
		_ = unix.SetsockoptInt(int(fd), unix.IPPROTO_IP, unix.IP_RECVTTL, 1)
	})
}

func readMessage(c *net.UDPConn, p []byte) (n int, from net.Addr, a Ancillary, err error) {
	var room [128]byte
	n, more, _, addr, err := c.ReadMsgUDP(p, room[:])
	if err != nil {
		return n, nil, a, err
	}
	msgs, err := unix.ParseSocketControlMessage(room[:more])
	if err != nil {
		return n, addr, a, nil
	}
	to := func(ip netip.Addr, index []byte) {
		a.Index = int(binary.NativeEndian.Uint32(index))
		port := 0
		if u, ok := c.LocalAddr().(*net.UDPAddr); ok {
			port = u.Port
		}
		a.To = netip.AddrPortFrom(ip.Unmap(), uint16(port))
	}
	for _, m := range msgs {
		switch b := m.Data; {
		case m.Header.Level == unix.IPPROTO_IP && m.Header.Type == unix.IP_PKTINFO && len(b) >= 12:
			to(netip.AddrFrom4([4]byte(b[8:12])), b)
		case m.Header.Level == unix.IPPROTO_IPV6 && m.Header.Type == unix.IPV6_PKTINFO && len(b) >= 20:
			to(netip.AddrFrom16([16]byte(b[:16])), b[16:])
		case len(b) >= 4 && (m.Header.Level == unix.IPPROTO_IP && m.Header.Type == unix.IP_TTL ||
			m.Header.Level == unix.IPPROTO_IPV6 && m.Header.Type == unix.IPV6_HOPLIMIT):
			a.TTL = int(binary.NativeEndian.Uint32(b))
		}
	}
	return n, addr, a, nil
}
