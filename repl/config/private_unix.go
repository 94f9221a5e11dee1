//go:build unix

package config

import (
	"io/fs"
	"os"
	"syscall"

	"wireline/protocols/fault"
)

// private refuses a file that holds secrets and that others may read, own or
// swap.
func private(path string, fi fs.FileInfo) error {
	refuse := func(why, hint string) error {
		return fault.New(fault.ReadLocal, "%s is not used: %s", path, why).WithHint("%s", hint)
	}
	if !fi.Mode().IsRegular() {
		return refuse("it is not a regular file", "put the passwords into a file of your own")
	}
	if fi.Mode().Perm()&0o077 != 0 {
		return refuse("others may read it", "chmod 600 "+path)
	}
	if st, ok := fi.Sys().(*syscall.Stat_t); ok && int(st.Uid) != os.Getuid() && st.Uid != 0 {
		return refuse("it belongs to somebody else", "chown it")
	}
	return nil
}
