package wire

import (
	"strconv"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"wireline/protocols/fault"
)

func sockOptions() []sockOption {
	const so, tcp, ip, ip6 = unix.SOL_SOCKET, unix.IPPROTO_TCP, unix.IPPROTO_IP, unix.IPPROTO_IPV6
	return []sockOption{
		{"SO_ACCEPTCONN", so, unix.SO_ACCEPTCONN, readOnly},
		{"SO_BINDTODEVICE", so, unix.SO_BINDTODEVICE, isText},
		{"SO_BROADCAST", so, unix.SO_BROADCAST, isNumber},
		{"SO_OOBINLINE", so, unix.SO_OOBINLINE, isNumber},
		{"SO_DOMAIN", so, unix.SO_DOMAIN, readOnly},
		{"SO_DONTROUTE", so, unix.SO_DONTROUTE, isNumber},
		{"SO_ERROR", so, unix.SO_ERROR, readOnly},
		{"SO_KEEPALIVE", so, unix.SO_KEEPALIVE, isNumber},
		{"SO_LINGER", so, unix.SO_LINGER, isLinger},
		{"SO_MARK", so, unix.SO_MARK, isNumber},
		{"SO_OOBINLINE", so, unix.SO_OOBINLINE, isNumber},
		{"SO_PRIORITY", so, unix.SO_PRIORITY, isNumber},
		{"SO_PROTOCOL", so, unix.SO_PROTOCOL, readOnly},
		{"SO_RCVBUF", so, unix.SO_RCVBUF, isNumber},
		{"SO_RCVLOWAT", so, unix.SO_RCVLOWAT, isNumber},
		{"SO_RCVTIMEO", so, unix.SO_RCVTIMEO, isSpan},
		{"SO_REUSEADDR", so, unix.SO_REUSEADDR, isNumber},
		{"SO_REUSEPORT", so, unix.SO_REUSEPORT, isNumber},
		{"SO_SNDBUF", so, unix.SO_SNDBUF, isNumber},
		{"SO_SNDTIMEO", so, unix.SO_SNDTIMEO, isSpan},
		{"SO_TYPE", so, unix.SO_TYPE, readOnly},
		{"TCP_CONGESTION", tcp, unix.TCP_CONGESTION, isText},
		{"TCP_CORK", tcp, unix.TCP_CORK, isNumber},
		{"TCP_DEFER_ACCEPT", tcp, unix.TCP_DEFER_ACCEPT, isNumber},
		{"TCP_FASTOPEN", tcp, unix.TCP_FASTOPEN, isNumber},
		{"TCP_KEEPCNT", tcp, unix.TCP_KEEPCNT, isNumber},
		{"TCP_KEEPIDLE", tcp, unix.TCP_KEEPIDLE, isNumber},
		{"TCP_KEEPINTVL", tcp, unix.TCP_KEEPINTVL, isNumber},
		{"TCP_LINGER2", tcp, unix.TCP_LINGER2, isNumber},
		{"TCP_MAXSEG", tcp, unix.TCP_MAXSEG, isNumber},
		{"TCP_NODELAY", tcp, unix.TCP_NODELAY, isNumber},
		{"TCP_QUICKACK", tcp, unix.TCP_QUICKACK, isNumber},
		{"TCP_SYNCNT", tcp, unix.TCP_SYNCNT, isNumber},
		{"TCP_USER_TIMEOUT", tcp, unix.TCP_USER_TIMEOUT, isNumber},
		{"TCP_WINDOW_CLAMP", tcp, unix.TCP_WINDOW_CLAMP, isNumber},
		{"IP_FREEBIND", ip, unix.IP_FREEBIND, isNumber},
		{"IP_MTU", ip, unix.IP_MTU, readOnly},
		{"IP_MTU_DISCOVER", ip, unix.IP_MTU_DISCOVER, isNumber},
		{"IP_MULTICAST_LOOP", ip, unix.IP_MULTICAST_LOOP, isNumber},
		{"IP_MULTICAST_TTL", ip, unix.IP_MULTICAST_TTL, isNumber},
		{"IP_TOS", ip, unix.IP_TOS, isNumber},
		{"IP_TTL", ip, unix.IP_TTL, isNumber},
		{"IPV6_MTU", ip6, unix.IPV6_MTU, readOnly},
		{"IPV6_MULTICAST_HOPS", ip6, unix.IPV6_MULTICAST_HOPS, isNumber},
		{"IPV6_MULTICAST_LOOP", ip6, unix.IPV6_MULTICAST_LOOP, isNumber},
		{"IPV6_TCLASS", ip6, unix.IPV6_TCLASS, isNumber},
		{"IPV6_UNICAST_HOPS", ip6, unix.IPV6_UNICAST_HOPS, isNumber},
		{"IPV6_V6ONLY", ip6, unix.IPV6_V6ONLY, isNumber},
	}
}

func getLinger(fd uintptr, o sockOption) (string, error) {
	var l unix.Linger
	size := uint32(unsafe.Sizeof(l))
	_, _, errno := unix.Syscall6(unix.SYS_GETSOCKOPT, fd, uintptr(o.level), uintptr(o.opt),
		uintptr(unsafe.Pointer(&l)), uintptr(unsafe.Pointer(&size)), 0)
	switch {
	case errno != 0:
		return "", errno
	case l.Onoff == 0:
		return "off", nil
	}
	return strconv.Itoa(int(l.Linger)), nil
}

func bindInterface(c syscall.RawConn, name string, _ bool) error {
	var err error
	if cerr := c.Control(func(fd uintptr) { err = unix.BindToDevice(int(fd), name) }); cerr != nil {
		return cerr
	}
	if err != nil {
		return &fault.Error{Kind: fault.Connect, Err: err, Text: "the interface " + name + " cannot be used: " + plain(err, err.Error())}
	}
	return nil
}

// kernelInfo asks the kernel what it knows of the connection.
func kernelInfo(c syscall.RawConn, network string, i *Info) {
	c.Control(func(fd uintptr) {
		switch network {
		case "tcp":
			t, err := unix.GetsockoptTCPInfo(int(fd), unix.IPPROTO_TCP, unix.TCP_INFO)
			if err != nil {
				return
			}
			if int(t.State) < len(tcpStates) {
				i.State = tcpStates[t.State]
			}
			i.RTT = time.Duration(t.Rtt) * time.Microsecond
			i.RTTVar = time.Duration(t.Rttvar) * time.Microsecond
			i.Retransmits = int(t.Total_retrans)
			i.MSS, i.Window = int(t.Snd_mss), int(t.Snd_cwnd)
		case "unix", "unixpacket":
			if u, err := unix.GetsockoptUcred(int(fd), unix.SOL_SOCKET, unix.SO_PEERCRED); err == nil && u.Pid != 0 {
				i.Creds = &Creds{PID: int(u.Pid), UID: int(u.Uid), GID: int(u.Gid)}
			}
		}
	})
}

var tcpStates = [...]string{1: "ESTABLISHED", 2: "SYN_SENT", 3: "SYN_RECV", 4: "FIN_WAIT1", 5: "FIN_WAIT2", 6: "TIME_WAIT",
	7: "CLOSED", 8: "CLOSE_WAIT", 9: "LAST_ACK", 10: "LISTEN", 11: "CLOSING", 12: "NEW_SYN_RECV"}
