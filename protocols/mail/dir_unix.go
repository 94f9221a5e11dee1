//go:build unix

package mail

import (
	"os"

	"golang.org/x/sys/unix"
)

// A dir is a directory that many files are made in, without going the way to
// it for each. Their names are ours, and have no slashes.
type dir struct {
	f  *os.File
	fd int
}

func openDir(root *os.Root, name string) (*dir, error) {
	f, err := root.Open(name)
	if err != nil {
		return nil, err
	}
	return &dir{f, int(f.Fd())}, nil
}

// create makes a file that is not there yet.
func (d *dir) create(name string) (*os.File, error) {
	fd, err := unix.Openat(d.fd, name, unix.O_WRONLY|unix.O_CREAT|unix.O_EXCL|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0o600)
	if err != nil {
		return nil, &os.PathError{Op: "open", Path: name, Err: err}
	}
	return os.NewFile(uintptr(fd), name), nil
}

func (d *dir) move(name string, to *dir, as string) error {
	return unix.Renameat(d.fd, name, to.fd, as)
}

func (d *dir) remove(name string) { _ = unix.Unlinkat(d.fd, name, 0) }

func (d *dir) sync() error  { return d.f.Sync() }
func (d *dir) close() error { return d.f.Close() }
