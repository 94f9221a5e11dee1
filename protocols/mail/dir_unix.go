//go:build unix

package mail

import (
	"os"
	"time"

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
func (d *dir) create(name string) (file, error) {
	fd, err := unix.Openat(d.fd, name, unix.O_WRONLY|unix.O_CREAT|unix.O_EXCL|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0o600)
	return file{fd}, err
}

// date sets when a file was last changed.
func (d *dir) date(name string, at time.Time) error {
	ts, err := unix.TimeToTimespec(at)
	if err != nil {
		return err
	}
	return unix.UtimesNanoAt(d.fd, name, []unix.Timespec{ts, ts}, unix.AT_SYMLINK_NOFOLLOW)
}

func (d *dir) move(name string, to *dir, as string) error {
	return unix.Renameat(d.fd, name, to.fd, as)
}

func (d *dir) remove(name string) { _ = unix.Unlinkat(d.fd, name, 0) }

func (d *dir) sync() error  { return d.f.Sync() }
func (d *dir) close() error { return d.f.Close() }

// A file is a bare descriptor: with very many small files, what an os.File
// does besides is a good part of the work.
type file struct{ fd int }

func (f file) Write(p []byte) (n int, err error) {
	for n < len(p) {
		k, err := unix.Write(f.fd, p[n:])
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return n, err
		}
		n += k
	}
	return n, nil
}

func (f file) Sync() error  { return unix.Fsync(f.fd) }
func (f file) Close() error { return unix.Close(f.fd) }
