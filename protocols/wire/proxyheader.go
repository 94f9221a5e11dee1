package wire

import (
	"encoding/binary"
	"fmt"
	"net"
	"net/netip"

	"wireline/protocols/fault"
)

// announce begins a connection with a PROXY protocol header that names our
// own end as the source, as haproxy's proxy-protocol.txt defines it.
func (d *Dialer) announce(c net.Conn) error {
	h, err := proxyHeader(d.Options.ProxyHeader, c.LocalAddr(), c.RemoteAddr())
	if err != nil {
		return err
	}
	if _, err := c.Write(h); err != nil {
		return &fault.Error{At: c.RemoteAddr().String(), Phase: "connect", Kind: fault.Send, Err: err, Text: plain(err, err.Error())}
	}
	d.note(0, "proxy", "PROXY protocol "+d.Options.ProxyHeader+" header sent")
	return nil
}

func proxyHeader(version string, from, to net.Addr) ([]byte, error) {
	src, err1 := netip.ParseAddrPort(from.String())
	dst, err2 := netip.ParseAddrPort(to.String())
	if err1 != nil || err2 != nil || transport(from.Network()) != "tcp" {
		return nil, fault.New(fault.Unsupported, "a PROXY protocol header needs a TCP connection")
	}
	s, t := src.Addr().Unmap().WithZone(""), dst.Addr().Unmap().WithZone("")
	if version == "v1" {
		family := "TCP6"
		if s.Is4() {
			family = "TCP4"
		}
		return fmt.Appendf(nil, "PROXY %s %s %s %d %d\r\n", family, s, t, src.Port(), dst.Port()), nil
	}
	h := []byte("\r\n\r\n\x00\r\nQUIT\n\x21")
	family := byte(0x21)
	if s.Is4() {
		family = 0x11
	}
	addrs := append(s.AsSlice(), t.AsSlice()...)
	h = append(h, family)
	h = binary.BigEndian.AppendUint16(h, uint16(len(addrs)+4))
	h = append(h, addrs...)
	h = binary.BigEndian.AppendUint16(h, src.Port())
	return binary.BigEndian.AppendUint16(h, dst.Port()), nil
}
