package wire

import (
	"net"
	"net/url"
)

// Security is how a scheme's transport is secured.
type Security int

const (
	Plain    Security = iota // as it is
	TLS                      // TLS from the first byte
	StartTLS                 // TLS after asking for it; see Upgrade
)

// A Scheme is a URL scheme: which network and port, and how the transport is
// secured.
type Scheme struct {
	Name     string
	Port     string   // default port; "" when one must be given
	Network  string   // tcp, udp, unix, unixgram or unixpacket; "" is tcp
	Security Security // Plain, TLS or StartTLS
	Upgrade  *Upgrade // the dialogue that leads to TLS, if the protocol has one
	Server   string   // variable of the environment that names the server of a URL without one; "" where a URL must have one
}

// A Target is where to go: a URL and what its scheme means. For the unix
// networks URL.Path is the socket's path; "@name" is an abstract one.
type Target struct {
	*url.URL
	Scheme  Scheme
	Forward bool // what is said names the server: an HTTP proxy needs no tunnel for it (RFC 9112, section 3.2.2)
}

// Net is the network to dial.
func (t Target) Net() string {
	if t.Scheme.Network == "" {
		return "tcp"
	}
	return t.Scheme.Network
}

// Address is host:port with the scheme's default port filled in, or the path
// of a unix socket. The port may be a service name.
func (t Target) Address() string {
	if unixNet(t.Net()) {
		return t.Path
	}
	port := t.Port()
	if port == "" {
		port = t.Scheme.Port
	}
	return net.JoinHostPort(t.Hostname(), port)
}

// String is the target for messages: without credentials.
func (t Target) String() string {
	if unixNet(t.Net()) {
		return t.Path
	}
	return t.Address()
}

func unixNet(n string) bool { return n == "unix" || n == "unixgram" || n == "unixpacket" }
