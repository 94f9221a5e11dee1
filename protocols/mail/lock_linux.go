package mail

import (
	"io"
	"os"

	"golang.org/x/sys/unix"
)

// claimed reports whether somebody else writes to f, be it a server that
// delivers mail there, and claims it if not. Where a file system knows no locks
// nobody can tell.
func claimed(f *os.File) (is bool) {
	c, err := f.SyscallConn()
	if err != nil {
		return false
	}
	_ = c.Control(func(fd uintptr) { // an error is that f is closed
		lock := unix.Flock_t{Type: unix.F_WRLCK, Whence: io.SeekStart}
		err := unix.FcntlFlock(fd, unix.F_OFD_SETLK, &lock)
		is = err == unix.EAGAIN || err == unix.EACCES
	})
	return is
}
