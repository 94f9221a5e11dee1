//go:build unix

package mail

import (
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// setTime sets when f was last changed.
func setTime(f *os.File, at time.Time) error {
	tv := unix.NsecToTimeval(at.UnixNano())
	raw, err := f.SyscallConn()
	if err != nil {
		return err
	}
	var serr error
	if err := raw.Control(func(fd uintptr) { serr = unix.Futimes(int(fd), []unix.Timeval{tv, tv}) }); err != nil {
		return err
	}
	return serr
}
