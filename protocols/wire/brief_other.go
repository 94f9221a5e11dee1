//go:build !linux

package wire

import (
	"context"
	"net"
	"net/netip"
)

// A briefConn is known on Linux only.
type briefConn struct{ net.Conn }

// connectBrief is known on Linux only.
func connectBrief(context.Context, netip.AddrPort) (net.Conn, error) { return nil, nil }
