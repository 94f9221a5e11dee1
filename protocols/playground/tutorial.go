package playground

import (
	"io"
	"net"
)

// tutorial is the server of the socket tutorial: it says its line and closes.
func tutorial(_ *World, c net.Conn) {
	_, _ = io.WriteString(c, "Thank you for connecting")
}
