package wire

import (
	"io/fs"
	"syscall"
)

func ours(fs.FileInfo) bool { return true }

func private(syscall.RawConn) {}
