//go:build !linux

package mail

import (
	"os"
)

// canSyncAll says that each file is written out by itself.
const canSyncAll = false

// syncAll writes out the directory; its files are written out already.
func syncAll(d *os.File) error { return d.Sync() }
