//go:build unix

package wire

import "golang.org/x/sys/unix"

// silent asks the system whether there is nothing to be read.
func (c *Conn) silent() (is, known bool) {
	var err error
	var b [1]byte
	if c.Control(func(fd uintptr) { _, _, err = unix.Recvfrom(int(fd), b[:], unix.MSG_PEEK|unix.MSG_DONTWAIT) }) != nil {
		return false, false
	}
	return err == unix.EAGAIN || err == unix.EWOULDBLOCK, err != unix.EINTR
}
