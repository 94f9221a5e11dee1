package main

import (
	"net"

	"golang.org/x/sys/unix"
)

// sink takes what comes and throws it away in the kernel, so that the client
// and not the server is what is measured.
func sink(c *net.TCPConn) (total int64, err error) {
	raw, err := c.SyscallConn()
	if err != nil {
		return 0, err
	}
	room := make([]byte, megabyte)
	for {
		var n int
		rerr := raw.Read(func(fd uintptr) bool {
			n, _, err = unix.Recvfrom(int(fd), room, unix.MSG_TRUNC|unix.MSG_DONTWAIT)
			return err != unix.EAGAIN && err != unix.EINTR
		})
		if rerr != nil {
			return total, rerr
		}
		if err != nil || n == 0 {
			return total, err
		}
		total += int64(n)
	}
}
