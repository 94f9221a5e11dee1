package wire

import (
	"context"
	"encoding/binary"
	"io"
	"net"
	"net/netip"
	"net/url"

	"wireline/protocols/fault"
)

func proxySays(format string, a ...any) *fault.Error { return fault.New(fault.Proxy, format, a...) }

// destination is what a SOCKS proxy is told: with remote a name as it is,
// else an address that we have looked up.
func (d *Dialer) destination(ctx context.Context, host string, remote bool) (netip.Addr, error) {
	if a, err := netip.ParseAddr(host); err == nil {
		return a.Unmap().WithZone(""), nil
	}
	if remote {
		if len(host) > 255 {
			return netip.Addr{}, proxySays("the host name has %d bytes, SOCKS allows 255", len(host))
		}
		return netip.Addr{}, nil
	}
	addrs, err := d.lookup(ctx, host)
	if err != nil {
		return netip.Addr{}, err
	}
	return addrs[0], d.allowed(addrs[0])
}

// connectSOCKS5 asks a proxy for a connection (RFC 1928), as a user if the
// URL names one (RFC 1929). socks5h leaves the look-up to the proxy; socks5
// makes it here.
func (d *Dialer) connectSOCKS5(ctx context.Context, c net.Conn, p *url.URL, host string, port int) error {
	addr, err := d.destination(ctx, host, p.Scheme == "socks5h")
	if err != nil {
		return err
	}
	methods := []byte{5, 1, 0}
	if p.User != nil {
		methods = []byte{5, 2, 0, 2}
	}
	if _, err := c.Write(methods); err != nil {
		return err
	}
	var b [262]byte
	if _, err := io.ReadFull(c, b[:2]); err != nil {
		return err
	}
	switch {
	case b[0] != 5:
		return proxySays("it does not speak SOCKS 5, it answered %q", b[:2])
	case b[1] == 0xff && p.User == nil:
		return proxySays("it wants a user and a password").WithHint("give them in the proxy's URL: socks5h://user:password@host:1080")
	case b[1] == 0xff:
		return proxySays("it accepts none of our ways to log in")
	case b[1] == 2 && p.User != nil:
		if err := socksLogin(c, p.User); err != nil {
			return err
		}
	case b[1] != 0:
		return proxySays("it chose method %d, which was not offered", b[1])
	}
	ask := []byte{5, 1, 0}
	switch {
	case !addr.IsValid():
		ask = append(append(ask, 3, byte(len(host))), host...)
	case addr.Is4():
		ask = append(append(ask, 1), addr.AsSlice()...)
	default:
		ask = append(append(ask, 4), addr.AsSlice()...)
	}
	if _, err := c.Write(binary.BigEndian.AppendUint16(ask, uint16(port))); err != nil {
		return err
	}
	if _, err := io.ReadFull(c, b[:4]); err != nil {
		return err
	}
	if b[0] != 5 {
		return proxySays("its reply is not SOCKS 5")
	}
	if code := b[1]; code != 0 {
		return socksRefusal(code)
	}
	n := 0
	switch b[3] {
	case 1:
		n = 4
	case 4:
		n = 16
	case 3:
		if _, err := io.ReadFull(c, b[:1]); err != nil {
			return err
		}
		n = int(b[0])
	default:
		return proxySays("its reply has an address of unknown type %d", b[3])
	}
	_, err = io.ReadFull(c, b[:n+2]) // the address it connects from; of no use
	return err
}

func socksLogin(c net.Conn, u *url.Userinfo) error {
	name := u.Username()
	password, _ := u.Password()
	if len(name) == 0 || len(name) > 255 || len(password) > 255 {
		return proxySays("SOCKS allows names and passwords of at most 255 bytes")
	}
	msg := append([]byte{1, byte(len(name))}, name...)
	msg = append(append(msg, byte(len(password))), password...)
	if _, err := c.Write(msg); err != nil {
		return err
	}
	var b [2]byte
	if _, err := io.ReadFull(c, b[:]); err != nil {
		return err
	}
	if b[1] != 0 {
		return proxySays("it refuses the user or the password")
	}
	return nil
}

func socksRefusal(code byte) error {
	words := [...]string{1: "it failed", 2: "its rules do not allow it", 3: "the network is unreachable", 4: "the host is unreachable",
		5: "the connection was refused", 6: "the time to live ran out", 7: "it cannot connect", 8: "it does not know this type of address"}
	if int(code) < len(words) {
		return proxySays("%s (SOCKS reply %d)", words[code], code)
	}
	return proxySays("SOCKS reply %d", code)
}

// connectSOCKS4 asks a SOCKS 4 proxy; 4a leaves the look-up to the proxy.
func (d *Dialer) connectSOCKS4(ctx context.Context, c net.Conn, p *url.URL, host string, port int) error {
	remote := p.Scheme == "socks4a"
	addr, err := d.destination4(ctx, host, remote)
	if err != nil {
		return err
	}
	ask := binary.BigEndian.AppendUint16([]byte{4, 1}, uint16(port))
	if addr.IsValid() {
		ask = append(ask, addr.AsSlice()...)
	} else {
		ask = append(ask, 0, 0, 0, 1)
	}
	ask = append(append(ask, p.User.Username()...), 0)
	if !addr.IsValid() {
		ask = append(append(ask, host...), 0)
	}
	if _, err := c.Write(ask); err != nil {
		return err
	}
	var b [8]byte
	if _, err := io.ReadFull(c, b[:]); err != nil {
		return err
	}
	switch {
	case b[0] != 0:
		return proxySays("it does not speak SOCKS 4, it answered %q", b[:2])
	case b[1] == 90:
		return nil
	case b[1] == 91:
		return proxySays("it refuses, or could not connect (SOCKS reply 91)")
	}
	return proxySays("it does not accept the user (SOCKS reply %d)", b[1])
}

func (d *Dialer) destination4(ctx context.Context, host string, remote bool) (netip.Addr, error) {
	addr, err := d.destination(ctx, host, remote)
	if err != nil || !addr.IsValid() || addr.Is4() {
		return addr, err
	}
	if _, err := netip.ParseAddr(host); err != nil {
		addrs, err := d.lookup(ctx, host)
		if err != nil {
			return addr, err
		}
		for _, a := range addrs {
			if a.Is4() {
				return a, nil
			}
		}
	}
	return addr, proxySays("SOCKS 4 knows no IPv6 address").WithHint("use socks5 or socks5h")
}
