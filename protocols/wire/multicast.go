package wire

import (
	"net"
	"net/netip"

	"golang.org/x/net/ipv4"
	"golang.org/x/net/ipv6"

	"wireline/protocols/fault"
)

// Join makes the socket a member of a multicast group on an interface; "" is
// the one that the system chooses. Datagrams to the group arrive if the
// socket is bound to its port at every address or at the group itself.
func (c *PacketConn) Join(group, iface string) error { return c.member(group, iface, true) }

// Leave ends a membership.
func (c *PacketConn) Leave(group, iface string) error { return c.member(group, iface, false) }

func (c *PacketConn) member(group, iface string, join bool) error {
	a, err := netip.ParseAddr(group)
	if err != nil || !a.IsMulticast() {
		return fault.New(fault.BadArgument, "%q is not a multicast address", group).WithHint("they are 224.0.0.0 to 239.255.255.255, and ff00::/8")
	}
	if c.network != "udp" {
		return fault.New(fault.Unsupported, "multicast is for udp")
	}
	if iface == "" {
		iface = a.Zone()
	}
	var ifi *net.Interface
	if iface != "" {
		if ifi, err = net.InterfaceByName(iface); err != nil {
			return fault.New(fault.BadArgument, "no interface is named %q", iface)
		}
	}
	to := &net.UDPAddr{IP: a.WithZone("").AsSlice()}
	var do func(*net.Interface, net.Addr) error
	switch {
	case a.Is4() && join:
		do = ipv4.NewPacketConn(c.c).JoinGroup
	case a.Is4():
		do = ipv4.NewPacketConn(c.c).LeaveGroup
	case join:
		do = ipv6.NewPacketConn(c.c).JoinGroup
	default:
		do = ipv6.NewPacketConn(c.c).LeaveGroup
	}
	if err := do(ifi, to); err != nil {
		e := &fault.Error{At: group, Kind: fault.Unsupported, Err: err, Text: "the group was not joined: " + plain(err, err.Error())}
		if !join {
			e.Text = "the group was not left: " + plain(err, err.Error())
		}
		return e
	}
	return nil
}
