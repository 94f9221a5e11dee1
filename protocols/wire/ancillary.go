package wire

import (
	"net"
	"net/netip"

	"wireline/protocols/fault"
)

// Ancillary is what the system tells of a datagram beside its bytes and its
// sender, where it tells it.
type Ancillary struct {
	To    netip.AddrPort // where it was sent to, also on a socket that is bound to any address
	Index int            // of the network interface that it came in by; 0: unknown
	TTL   int            // what was left of its time to live, or of its hop limit; 0: unknown
}

// Interface is the name of the interface, or "".
func (a Ancillary) Interface() string {
	if a.Index > 0 {
		if i, err := net.InterfaceByIndex(a.Index); err == nil {
			return i.Name
		}
	}
	return ""
}

// ReadMessage is ReadFrom with what the system tells beside, as recvmsg(2)
// does. On systems that tell nothing Ancillary is zero; so it is for what was
// read in a batch.
func (c *PacketConn) ReadMessage(p []byte) (n int, from net.Addr, a Ancillary, err error) {
	c.rmu.Lock()
	defer c.rmu.Unlock()
	if len(c.left) > 0 {
		n, from = copy(p, c.left[0].data), c.left[0].from
		c.left = c.left[1:]
		return n, from, a, nil
	}
	if u, ok := c.c.(*net.UDPConn); ok && TellsAncillary {
		n, from, a, err = readMessage(u, p)
	} else {
		n, from, err = c.c.ReadFrom(p)
	}
	if err != nil {
		return n, from, a, c.fail(err, fault.Recv)
	}
	c.arrived(p[:n], from)
	return n, from, a, nil
}
