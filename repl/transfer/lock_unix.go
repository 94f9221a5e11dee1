//go:build unix

package transfer

import (
	"os"

	"golang.org/x/sys/unix"
)

// busy reports whether another transfer writes f, or has removed it to begin
// anew, and claims it if not.
func busy(f *os.File) (taken bool) {
	c, err := f.SyscallConn()
	if err != nil {
		return false
	}
	var st unix.Stat_t
	_ = c.Control(func(fd uintptr) { // an error is that f is closed
		taken = unix.Flock(int(fd), unix.LOCK_EX|unix.LOCK_NB) == unix.EWOULDBLOCK ||
			unix.Fstat(int(fd), &st) == nil && st.Nlink == 0
	})
	return taken
}
