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

// unwritable refuses a file that others may change.
func unwritable(path string, fi fs.FileInfo) error {
	st, ok := fi.Sys().(*syscall.Stat_t)
	switch {
	case !fi.Mode().IsRegular():
		return fault.New(fault.ReadLocal, "%s is not used: it is not a regular file", path)
	case fi.Mode().Perm()&0o022 != 0:
		return fault.New(fault.ReadLocal, "%s is not used: others may change it", path).WithHint("chmod go-w %s", path)
	case ok && int(st.Uid) != os.Getuid() && st.Uid != 0:
		return fault.New(fault.ReadLocal, "%s is not used: it belongs to somebody else", path)
	}
	return nil
}
