package wire

import (
	"errors"
	"net/netip"
	"net/url"

	"wireline/protocols/fault"
)

// errPrivate is why --no-private has refused an address.
var errPrivate = errors.New("a private address")

// isPrivate reports whether an address is of this machine or of a network
// that is not the public one, also when it is dressed as another: those of
// IANA's special-purpose registries (RFC 6890) that lead somewhere.
func isPrivate(a netip.Addr) bool {
	a = a.WithZone("").Unmap()
	if a.IsLoopback() || a.IsPrivate() || a.IsLinkLocalUnicast() || a.IsMulticast() || a.IsUnspecified() {
		return true
	}
	for _, p := range [...]netip.Prefix{
		prefix4(0, 8), prefix4(100<<24|64<<16, 10), prefix4(192<<24, 24), prefix4(198<<24|18<<16, 15), prefix4(240<<24, 4),
		netip.PrefixFrom(netip.AddrFrom16([16]byte{0xfe, 0xc0}), 10),
	} {
		if p.Contains(a) {
			return true
		}
	}
	if !a.Is6() {
		return false
	}
	b := a.As16()
	switch {
	case netip.PrefixFrom(netip.AddrFrom16([16]byte{0, 0x64, 0xff, 0x9b}), 96).Contains(a), // NAT64, RFC 6052
		netip.PrefixFrom(netip.AddrFrom16([16]byte{}), 96).Contains(a): // IPv4-compatible, RFC 4291
		return isPrivate(netip.AddrFrom4([4]byte(b[12:])))
	case b[0] == 0x20 && b[1] == 2: // 6to4, RFC 3056
		return isPrivate(netip.AddrFrom4([4]byte(b[2:])))
	}
	return netip.PrefixFrom(netip.AddrFrom16([16]byte{0, 0x64, 0xff, 0x9b, 0, 1}), 48).Contains(a) // RFC 8215
}

func prefix4(n uint32, bits int) netip.Prefix {
	return netip.PrefixFrom(netip.AddrFrom4([4]byte{byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}), bits)
}

// allowed is an error for an address that --no-private refuses. It is asked
// for each address that is about to be used, so no name can lead elsewhere
// the second time it is looked up.
func (d *Dialer) allowed(a netip.Addr) error {
	if !d.Options.NoPrivate || !isPrivate(a) {
		return nil
	}
	e := fault.New(fault.Connect, "address not allowed: %s is private, and --no-private refuses it", a)
	e.Phase, e.Err = "connect", errPrivate
	return e
}

// allowedBy is an error for a destination that only the proxy will know.
func (d *Dialer) allowedBy(p *url.URL, host string) error {
	if !d.Options.NoPrivate {
		return nil
	}
	if a, err := netip.ParseAddr(host); err == nil {
		return d.allowed(a)
	}
	if p.Scheme == "socks5" || p.Scheme == "socks" || p.Scheme == "socks4" {
		return nil // the name is looked up here
	}
	return fault.New(fault.Connect, "address not allowed: the proxy looks %s up, and --no-private cannot see where it leads", host).
		WithHint("socks5:// and socks4:// look names up here")
}

func (d *Dialer) allowedUnix() error {
	if !d.Options.NoPrivate {
		return nil
	}
	return fault.New(fault.Connect, "address not allowed: a unix socket is of this machine, and --no-private refuses it")
}

// The proxy of the user's own choice may be anywhere.
type toProxy struct{}
