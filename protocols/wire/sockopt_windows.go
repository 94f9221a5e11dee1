package wire

import (
	"strconv"
	"syscall"

	"golang.org/x/sys/windows"

	"wireline/protocols/fault"
)

func sockOptions() []sockOption {
	const so, tcp, ip, ip6 = windows.SOL_SOCKET, windows.IPPROTO_TCP, windows.IPPROTO_IP, windows.IPPROTO_IPV6
	return []sockOption{
		{"SO_BROADCAST", so, windows.SO_BROADCAST, isNumber},
		{"SO_KEEPALIVE", so, windows.SO_KEEPALIVE, isNumber},
		{"SO_RCVBUF", so, windows.SO_RCVBUF, isNumber},
		{"SO_REUSEADDR", so, windows.SO_REUSEADDR, isNumber},
		{"SO_SNDBUF", so, windows.SO_SNDBUF, isNumber},
		{"TCP_NODELAY", tcp, windows.TCP_NODELAY, isNumber},
		{"IP_MULTICAST_LOOP", ip, windows.IP_MULTICAST_LOOP, isNumber},
		{"IP_MULTICAST_TTL", ip, windows.IP_MULTICAST_TTL, isNumber},
		{"IP_TOS", ip, windows.IP_TOS, isNumber},
		{"IP_TTL", ip, windows.IP_TTL, isNumber},
		{"IPV6_MULTICAST_HOPS", ip6, windows.IPV6_MULTICAST_HOPS, isNumber},
		{"IPV6_MULTICAST_LOOP", ip6, windows.IPV6_MULTICAST_LOOP, isNumber},
		{"IPV6_UNICAST_HOPS", ip6, windows.IPV6_UNICAST_HOPS, isNumber},
		{"IPV6_V6ONLY", ip6, windows.IPV6_V6ONLY, isNumber},
	}
}

func (o sockOption) get(fd uintptr) (string, error) {
	n, err := windows.GetsockoptInt(windows.Handle(fd), o.level, o.opt)
	return strconv.Itoa(n), err
}

func (o sockOption) set(fd uintptr, value string) error {
	n, err := o.optionNumber(value)
	if err != nil {
		return err
	}
	return windows.SetsockoptInt(windows.Handle(fd), o.level, o.opt, n)
}

func bindInterface(syscall.RawConn, string, bool) error {
	return fault.New(fault.Unsupported, "windows cannot bind a socket to an interface").WithHint("use --source with an address of it")
}

func reusePort(syscall.RawConn) error {
	return fault.New(fault.Unsupported, "windows has no SO_REUSEPORT")
}

func backlog(syscall.RawConn, int) error {
	return fault.New(fault.Unsupported, "windows does not let the backlog be changed")
}

func kernelInfo(syscall.RawConn, string, *Info) {}

// SendOOB is for other systems.
func (c *Conn) SendOOB([]byte) error { return c.unsupported("urgent data") }

// RecvOOB is for other systems.
func (c *Conn) RecvOOB(int) ([]byte, error) { return nil, c.unsupported("urgent data") }
