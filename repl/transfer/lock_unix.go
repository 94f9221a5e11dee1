//go:build unix

package transfer

import (
	"os"

	"golang.org/x/sys/unix"
)

// busy reports whether another transfer writes f, or has removed it to begin
// anew, and claims it if not.
func busy(f *os.File) (is bool) {
	c, err := f.SyscallConn()
	if err != nil {
		return false
	}
	_ = c.Control(func(fd uintptr) { is = taken(int(fd)) }) // an error is that f is closed
	return is
}

func taken(fd int) bool {
	var st unix.Stat_t
	return unix.Flock(fd, unix.LOCK_EX|unix.LOCK_NB) == unix.EWOULDBLOCK ||
		unix.Fstat(fd, &st) == nil && st.Nlink == 0
}
