package wire

import (
	"io"
	"os"

	"golang.org/x/sys/unix"
)

// Widen has a pipe that w writes to hold as much as is moved at a time, so
// that its reader is woken for that and not for every 64 KiB. Where w is no
// pipe it does nothing.
func Widen(w io.Writer) {
	f, ok := w.(*os.File)
	if !ok {
		return
	}
	if raw, err := f.SyscallConn(); err == nil {
		raw.Control(func(fd uintptr) { widen(int(fd)) })
	}
}

// widen is for what it brings: a system that does not allow it, or something
// that is no pipe, stays as it is.
func widen(fd int) { unix.FcntlInt(uintptr(fd), unix.F_SETPIPE_SZ, spliceSize) }
