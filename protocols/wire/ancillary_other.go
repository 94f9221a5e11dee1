//go:build !linux

package wire

import (
	"net"
	"syscall"
)

// TellsAncillary is whether ReadMessage has more to tell than ReadFrom.
const TellsAncillary = false

func askAncillary(string, syscall.RawConn) {}

func readMessage(c *net.UDPConn, p []byte) (n int, from net.Addr, a Ancillary, err error) {
	n, from, err = c.ReadFrom(p)
	return n, from, a, err
}
