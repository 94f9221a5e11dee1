//go:build unix

package line

import (
	"os"

	"golang.org/x/sys/unix"
)

const terminalName = "/dev/tty"

// lock keeps other programs off a file until it is closed.
func lock(f *os.File) error { return unix.Flock(int(f.Fd()), unix.LOCK_EX) }
