package socket

import (
	"fmt"
	"net"
	"strings"

	"wireline/protocols/wire"
)

// pair is an address as Python prints one: ('127.0.0.1', 48437).
func pair(address string) string {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return "'" + address + "'"
	}
	return fmt.Sprintf("('%s', %s)", host, port)
}

// text is an address that may be missing, as that of a Unix client is.
func text(a net.Addr) string {
	if a == nil || a.String() == "" || a.String() == "@" {
		return "a client without a name"
	}
	return a.String()
}

// who is a client: its address, or the process behind a Unix socket.
func who(c *wire.Conn) string {
	if a := c.RemoteAddr(); a != nil && a.String() != "" && a.String() != "@" {
		return a.String()
	}
	if p := c.Info().Creds; p != nil {
		return fmt.Sprintf("pid %d of uid %d", p.PID, p.UID)
	}
	return text(nil)
}

// split reads HOST PORT, HOST:PORT, :PORT, PORT, or the path of a Unix
// socket, which is a host without a port.
func split(network, host, port string) (string, string) {
	if port != "" || strings.HasPrefix(network, "unix") {
		return host, port
	}
	if h, p, err := net.SplitHostPort(host); err == nil {
		return h, p
	}
	return "", host
}
