package wire

import (
	"net"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"

	"wireline/protocols/fault"
)

func sockOptions() []sockOption {
	const so, tcp, ip, ip6 = unix.SOL_SOCKET, unix.IPPROTO_TCP, unix.IPPROTO_IP, unix.IPPROTO_IPV6
	return []sockOption{
		{"SO_ACCEPTCONN", so, unix.SO_ACCEPTCONN, readOnly},
		{"SO_BROADCAST", so, unix.SO_BROADCAST, isNumber},
		{"SO_OOBINLINE", so, unix.SO_OOBINLINE, isNumber},
		{"SO_DONTROUTE", so, unix.SO_DONTROUTE, isNumber},
		{"SO_ERROR", so, unix.SO_ERROR, readOnly},
		{"SO_KEEPALIVE", so, unix.SO_KEEPALIVE, isNumber},
		{"SO_LINGER", so, unix.SO_LINGER, isLinger},
		{"SO_OOBINLINE", so, unix.SO_OOBINLINE, isNumber},
		{"SO_RCVBUF", so, unix.SO_RCVBUF, isNumber},
		{"SO_RCVTIMEO", so, unix.SO_RCVTIMEO, isSpan},
		{"SO_REUSEADDR", so, unix.SO_REUSEADDR, isNumber},
		{"SO_REUSEPORT", so, unix.SO_REUSEPORT, isNumber},
		{"SO_SNDBUF", so, unix.SO_SNDBUF, isNumber},
		{"SO_SNDTIMEO", so, unix.SO_SNDTIMEO, isSpan},
		{"SO_TYPE", so, unix.SO_TYPE, readOnly},
		{"TCP_KEEPCNT", tcp, unix.TCP_KEEPCNT, isNumber},
		{"TCP_KEEPINTVL", tcp, unix.TCP_KEEPINTVL, isNumber},
		{"TCP_MAXSEG", tcp, unix.TCP_MAXSEG, isNumber},
		{"TCP_NODELAY", tcp, unix.TCP_NODELAY, isNumber},
		{"TCP_NOPUSH", tcp, unix.TCP_NOPUSH, isNumber},
		{"IP_MULTICAST_LOOP", ip, unix.IP_MULTICAST_LOOP, isNumber},
		{"IP_MULTICAST_TTL", ip, unix.IP_MULTICAST_TTL, isNumber},
		{"IP_TOS", ip, unix.IP_TOS, isNumber},
		{"IP_TTL", ip, unix.IP_TTL, isNumber},
		{"IPV6_MULTICAST_HOPS", ip6, unix.IPV6_MULTICAST_HOPS, isNumber},
		{"IPV6_MULTICAST_LOOP", ip6, unix.IPV6_MULTICAST_LOOP, isNumber},
		{"IPV6_TCLASS", ip6, unix.IPV6_TCLASS, isNumber},
		{"IPV6_UNICAST_HOPS", ip6, unix.IPV6_UNICAST_HOPS, isNumber},
		{"IPV6_V6ONLY", ip6, unix.IPV6_V6ONLY, isNumber},
	}
}

func getLinger(fd uintptr, o sockOption) (string, error) {
	l, err := unix.GetsockoptInt(int(fd), o.level, o.opt)
	if err == nil && l == 0 {
		return "off", nil
	}
	return strconv.Itoa(l), err
}

func bindInterface(c syscall.RawConn, name string, v6 bool) error {
	i, err := net.InterfaceByName(name)
	if err != nil {
		return fault.New(fault.BadArgument, "no interface is named %q", name)
	}
	level, opt := unix.IPPROTO_IP, unix.IP_BOUND_IF
	if v6 {
		level, opt = unix.IPPROTO_IPV6, unix.IPV6_BOUND_IF
	}
	if cerr := c.Control(func(fd uintptr) { err = unix.SetsockoptInt(int(fd), level, opt, i.Index) }); cerr != nil {
		return cerr
	}
	return err
}

// kernelInfo asks the kernel what it knows of the connection.
func kernelInfo(c syscall.RawConn, network string, i *Info) {
	if network != "unix" {
		return
	}
	c.Control(func(fd uintptr) {
		u, err := unix.GetsockoptXucred(int(fd), unix.SOL_LOCAL, unix.LOCAL_PEERCRED)
		if err != nil {
			return
		}
		pid, _ := unix.GetsockoptInt(int(fd), unix.SOL_LOCAL, unix.LOCAL_PEERPID)
		i.Creds = &Creds{PID: pid, UID: int(u.Uid), GID: int(u.Groups[0])}
	})
}
