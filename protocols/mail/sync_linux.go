package mail

import (
	"os"

	"golang.org/x/sys/unix"
)

// canSyncAll says that many files are written out together, at the cost of
// about one.
const canSyncAll = true

// syncAll writes out all of the file system that d is on.
func syncAll(d *os.File) error {
	raw, err := d.SyscallConn()
	if err != nil {
		return err
	}
	var serr error
	if err := raw.Control(func(fd uintptr) { serr = unix.Syncfs(int(fd)) }); err != nil {
		return err
	}
	return serr
}
