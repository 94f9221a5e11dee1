package mail

import (
	"cmp"
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

// rename moves a file from one open directory to another.
func rename(_ *os.Root, from *os.File, name string, to *os.File, as string) error {
	rf, err := from.SyscallConn()
	if err != nil {
		return err
	}
	rt, err := to.SyscallConn()
	if err != nil {
		return err
	}
	var inner, moved error
	err = rf.Control(func(f uintptr) {
		inner = rt.Control(func(t uintptr) { moved = unix.Renameat(int(f), name, int(t), as) })
	})
	return cmp.Or(err, inner, moved)
}
