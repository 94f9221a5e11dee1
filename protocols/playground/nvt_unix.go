//go:build unix

package playground

import (
	"net"
	"syscall"
)

// inline leaves the urgent byte of a Telnet synch in its place among the
// others; otherwise it would be taken out, and a command torn.
func inline(c net.Conn) {
	wrapped, ok := c.(*conn)
	if !ok {
		return
	}
	t, ok := wrapped.Conn.(*net.TCPConn)
	if !ok {
		return
	}
	if raw, err := t.SyscallConn(); err == nil {
		_ = raw.Control(func(fd uintptr) {
			_ = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_OOBINLINE, 1)
		})
	}
}
