package transfer

import (
	"errors"
	"os"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

// syncAll brings the whole file system that f is on to the disk.
func syncAll(f *os.File) error {
	if !tells() {
		return errors.ErrUnsupported
	}
	return unix.Syncfs(int(f.Fd()))
}

// system is the number of the file system that a directory is on.
func system(r *os.Root) uint64 {
	fi, err := r.Stat(".")
	if err != nil {
		return 0
	}
	return fi.Sys().(*syscall.Stat_t).Dev
}

// tells reports whether the kernel has syncfs tell of errors in writing, as
// it does from 5.8 on.
var tells = sync.OnceValue(func() bool {
	var u unix.Utsname
	if unix.Uname(&u) != nil {
		return false
	}
	major, minor, at := 0, 0, 0
	for ; at < len(u.Release) && u.Release[at] >= '0' && u.Release[at] <= '9'; at++ {
		major = 10*major + int(u.Release[at]-'0')
	}
	for at++; at < len(u.Release) && u.Release[at] >= '0' && u.Release[at] <= '9'; at++ {
		minor = 10*minor + int(u.Release[at]-'0')
	}
	return major > 5 || major == 5 && minor >= 8
})
