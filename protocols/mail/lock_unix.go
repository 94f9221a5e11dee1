//go:build unix && !linux

package mail

import (
	"os"

	"golang.org/x/sys/unix"
)

// claimed reports whether somebody else writes to f, and claims it if not.
// Where a file system knows no locks nobody can tell.
func claimed(f *os.File) (is bool) {
	c, err := f.SyscallConn()
	if err != nil {
		return false
	}
	_ = c.Control(func(fd uintptr) { // an error is that f is closed
		is = unix.Flock(int(fd), unix.LOCK_EX|unix.LOCK_NB) == unix.EWOULDBLOCK
	})
	return is
}
