//go:build unix

package transfer

import (
	"os"

	"golang.org/x/sys/unix"
)

// busy reports whether another transfer writes f, and claims it if not.
func busy(f *os.File) bool {
	return unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB) == unix.EWOULDBLOCK
}
