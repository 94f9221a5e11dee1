package wire

import (
	"context"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"syscall"

	"wireline/protocols/fault"
)

// connect makes one connection from the source the user asked for, with the
// socket options the user asked for.
func (d *Dialer) connect(ctx context.Context, network string, to netip.AddrPort) (net.Conn, error) {
	o := &d.Options
	if ctx.Value(toProxy{}) == nil {
		if err := d.allowed(to.Addr()); err != nil {
			return nil, err
		}
	}
	if network == "tcp" && ctx.Value(brief{}) != nil && o.ordinary() {
		if c, err := connectBrief(ctx, to); c != nil || err != nil {
			return c, err
		}
	}
	nd := net.Dialer{ControlContext: func(_ context.Context, network, _ string, c syscall.RawConn) error {
		return d.prepare(network, c)
	}}
	if o.Keepalive != nil && !*o.Keepalive || o.Keepalive == nil && ctx.Value(brief{}) != nil {
		nd.KeepAlive = -1
	}
	if o.Source != "" {
		src, err := source(network, o.Source)
		if err != nil {
			return nil, err
		}
		if src.Addr().IsValid() && src.Addr().Is4() != to.Addr().Is4() {
			return nil, fault.New(fault.Connect, "the source address %s is of the other family", src.Addr())
		}
		if transport(network) == "udp" {
			nd.LocalAddr = net.UDPAddrFromAddrPort(src)
		} else {
			nd.LocalAddr = net.TCPAddrFromAddrPort(src)
		}
	}
	c, err := nd.DialContext(ctx, network, to.String())
	if err != nil {
		return nil, err
	}
	if t, ok := c.(*net.TCPConn); ok && o.NoDelay != nil {
		t.SetNoDelay(*o.NoDelay)
	}
	return c, nil
}

// source reads --source: an address, a port, or both.
func source(network, s string) (netip.AddrPort, error) {
	bad := func() (netip.AddrPort, error) {
		return netip.AddrPort{}, fault.New(fault.BadArgument, "--source %q is not an address, a port or address:port", s)
	}
	if a, err := netip.ParseAddrPort(s); err == nil {
		return a, nil
	}
	if a, err := netip.ParseAddr(strings.Trim(s, "[]")); err == nil {
		return netip.AddrPortFrom(a, 0), nil
	}
	p, err := Port(network, strings.TrimPrefix(s, ":"))
	if err != nil {
		return bad()
	}
	return netip.AddrPortFrom(netip.Addr{}, uint16(p)), nil
}

// manyDatagrams is room for those that come while we are not running.
const manyDatagrams = "4194304"

// prepare sets the options that must be set before a socket is connected or
// bound.
func (d *Dialer) prepare(network string, c syscall.RawConn) error {
	o := &d.Options
	v6 := strings.HasSuffix(network, "6")
	var err error
	set := func(name string, value string) {
		if err == nil && value != "" {
			err = setOption(c, name, value)
		}
	}
	number := func(n int) string {
		if n == 0 {
			return ""
		}
		return strconv.Itoa(n)
	}
	if v6 {
		set("IPV6_UNICAST_HOPS", number(o.TTL))
		set("IPV6_TCLASS", number(o.TOS))
	} else {
		set("IP_TTL", number(o.TTL))
		set("IP_TOS", number(o.TOS))
	}
	if o.Buffer == 0 && strings.HasPrefix(network, "udp") {
		setOption(c, "SO_RCVBUF", manyDatagrams) // as much of it as the system grants
	}
	set("SO_RCVBUF", number(o.Buffer))
	set("SO_SNDBUF", number(o.Buffer))
	if o.Interface != "" && err == nil {
		err = bindInterface(c, o.Interface, v6)
	}
	return err
}
