package sasl

import (
	"net/netip"
	"strings"

	"wireline/protocols/wire"
)

// Over tells what a login on c would go over. It is private under TLS, on
// this machine, and where the user said --allow-cleartext.
func Over(c *wire.Conn) Channel {
	ch := Channel{TLS: c.TLS()}
	ch.Private = ch.TLS != nil || c.Dialer().Options.Cleartext || local(c)
	return ch
}

// local reports whether c does not leave this machine.
func local(c *wire.Conn) bool {
	a := c.RemoteAddr()
	if a == nil {
		return false
	}
	if strings.HasPrefix(a.Network(), "unix") {
		return true
	}
	ap, err := netip.ParseAddrPort(a.String())
	return err == nil && ap.Addr().Unmap().IsLoopback() && c.Info().Proxy == ""
}
