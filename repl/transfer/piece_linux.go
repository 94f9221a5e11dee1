package transfer

import (
	"io/fs"
	"os"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// A nameless is a piece that is a file without a name: when the program is
// killed nothing is left of it. A part in an os.Root is three times as many
// system calls, and those are most of what a file of 4 KiB costs.
type nameless struct {
	dir  *folder
	name string // that it will get
	fd   int
}

// fresh makes a piece, or is nil where that takes a name.
func (f *folder) fresh(name string, mode fs.FileMode, text []byte, date time.Time) (piece, error) {
	if f.f == nil || name == "" || !nameable() {
		return nil, nil
	}
	fd, err := unix.Openat(f.fd, ".", unix.O_WRONLY|unix.O_TMPFILE|unix.O_CLOEXEC, uint32(mode.Perm()))
	if err != nil {
		return nil, nil
	}
	p := &nameless{f, name, fd}
	for len(text) > 0 {
		n, err := unix.Write(fd, text)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			p.close()
			return nil, refuse(name, err)
		}
		text = text[n:]
	}
	if !date.IsZero() {
		p.date(clamp(date))
	}
	return p, nil
}

// nameable reports whether a file without a name can be given one later.
var nameable = sync.OnceValue(func() bool {
	_, err := os.Stat("/proc/self/fd")
	return err == nil
})

// has reports whether there is something of that name.
func (f *folder) has(name string) bool {
	var st unix.Stat_t
	return f.f == nil || unix.Fstatat(f.fd, name, &st, unix.AT_SYMLINK_NOFOLLOW) == nil
}

// path is where one finds it as long as it has no name.
func (p *nameless) path() string { return "/proc/self/fd/" + strconv.Itoa(p.fd) }

func (p *nameless) date(t time.Time) {
	ts := unix.NsecToTimespec(t.UnixNano())
	both := []unix.Timespec{ts, ts}
	if unix.UtimesNanoAt(p.fd, "", both, unix.AT_EMPTY_PATH) != nil { // before Linux 5.8
		_ = unix.UtimesNanoAt(unix.AT_FDCWD, p.path(), both, 0)
	}
}

func (p *nameless) sync() error {
	for {
		if err := unix.Fsync(p.fd); err != unix.EINTR {
			return err
		}
	}
}

func (p *nameless) settle(free func() error) error {
	err := p.link(p.name)
	if err == unix.EEXIST {
		if err = free(); err == nil {
			return p.replace()
		}
		return err
	}
	if err != nil {
		err = refuse(p.name, err)
	}
	return err
}

func (p *nameless) link(name string) error {
	err := unix.Linkat(p.fd, "", p.dir.fd, name, unix.AT_EMPTY_PATH)
	if err == unix.ENOENT { // before Linux 6.10 only for the privileged
		err = unix.Linkat(unix.AT_FDCWD, p.path(), p.dir.fd, name, unix.AT_SYMLINK_FOLLOW)
	}
	return err
}

// replace gives it a name that somebody has: a link replaces nothing.
func (p *nameless) replace() error {
	at := otherName(p.name)
	err := p.link(at)
	if err == nil {
		if err = unix.Renameat(p.dir.fd, at, p.dir.fd, p.name); err != nil {
			_ = unix.Unlinkat(p.dir.fd, at, 0)
		}
	}
	if err != nil {
		err = refuse(p.name, err)
	}
	return err
}

func (p *nameless) close() { _ = unix.Close(p.fd) }
