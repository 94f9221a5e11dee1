//go:build !windows

package wire

import (
	"io/fs"
	"os"
	"syscall"
)

// ours reports whether a file belongs to the user we run as.
func ours(s fs.FileInfo) bool {
	st, ok := s.Sys().(*syscall.Stat_t)
	return ok && int(st.Uid) == os.Geteuid()
}

// private makes the file of a unix socket that is about to be bound readable
// and writable for its owner only. Where the system takes the mode from the
// socket, as linux does, nobody else can slip in before it is changed.
func private(c syscall.RawConn) {
	c.Control(func(fd uintptr) { syscall.Fchmod(int(fd), 0o600) })
}
