//go:build !linux

package mail

import (
	"os"
	"path/filepath"
)

// canSyncAll says that each file is written out by itself.
const canSyncAll = false

// syncAll writes out the directory; its files are written out already.
func syncAll(d *os.File) error { return d.Sync() }

// rename moves a file from one open directory of root to another.
func rename(root *os.Root, from *os.File, name string, to *os.File, as string) error {
	under := func(d *os.File) string { return filepath.Base(d.Name()) + "/" }
	return root.Rename(under(from)+name, under(to)+as)
}
