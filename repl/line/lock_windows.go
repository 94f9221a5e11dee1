package line

import (
	"os"

	"golang.org/x/sys/windows"
)

const terminalName = "CONIN$"

// lock keeps other programs off a file until it is closed.
func lock(f *os.File) error {
	return windows.LockFileEx(windows.Handle(f.Fd()), windows.LOCKFILE_EXCLUSIVE_LOCK, 0, 1, 0, new(windows.Overlapped))
}
