package playground

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path"
	"strings"
	"time"

	ftpserver "github.com/fclairamb/ftpserverlib"
	"github.com/spf13/afero"
)

// ftpFiles is the world's tree for one client.
type ftpFiles struct {
	*ftpWorld
	writes bool
}

// Name is asked for by afero.Fs.
func (f *ftpFiles) Name() string { return "playground" }

// Stat tells of a file or a directory.
func (f *ftpFiles) Stat(name string) (os.FileInfo, error) {
	if x, ok := f.w.files.get(key(name)); ok {
		return ftpInfo{path.Base(name), int64(len(x.data)), x.modified, false}, nil
	}
	if f.isDir(name) {
		return ftpInfo{path.Base(name), 0, time.Now(), true}, nil
	}
	return nil, os.ErrNotExist
}

// ReadDir lists a directory.
func (f *ftpFiles) ReadDir(name string) (all []os.FileInfo, err error) {
	for _, n := range f.below(name) {
		fi, err := f.Stat(path.Join("/", name, n))
		if err == nil {
			all = append(all, fi)
		}
	}
	return all, nil
}

// Mkdir makes a directory.
func (f *ftpFiles) Mkdir(name string, _ os.FileMode) error {
	if _, err := f.Stat(name); err == nil {
		return os.ErrExist
	}
	return f.change(func() error { f.setDir(name, true); return nil })
}

// MkdirAll makes a directory; those above it need not be made.
func (f *ftpFiles) MkdirAll(name string, m os.FileMode) error { return f.Mkdir(name, m) }

// Remove removes a file.
func (f *ftpFiles) Remove(name string) error {
	return f.change(func() error {
		if !f.w.files.remove(key(name)) {
			return os.ErrNotExist
		}
		return nil
	})
}

// RemoveDir removes an empty directory.
func (f *ftpFiles) RemoveDir(name string) error {
	return f.change(func() error {
		switch {
		case !f.isDir(name):
			return os.ErrNotExist
		case len(f.below(name)) > 0:
			return errors.New("the directory is not empty")
		}
		f.setDir(name, false)
		return nil
	})
}

// RemoveAll is not offered.
func (f *ftpFiles) RemoveAll(string) error { return os.ErrPermission }

// Rename renames a file.
func (f *ftpFiles) Rename(from, to string) error {
	return f.change(func() error {
		x, ok := f.w.files.get(key(from))
		if !ok {
			return os.ErrNotExist
		}
		if _, ok := f.w.files.put(key(to), x.data); !ok {
			return errors.New("the world is full")
		}
		f.w.files.remove(key(from))
		return f.Chtimes(to, x.modified, x.modified)
	})
}

// Chtimes sets the time of a file.
func (f *ftpFiles) Chtimes(name string, _, modified time.Time) error {
	return f.change(func() error {
		t := f.w.files
		t.mu.Lock()
		defer t.mu.Unlock()
		x, ok := t.all[key(name)]
		if !ok {
			return os.ErrNotExist
		}
		x.modified = modified
		t.all[key(name)] = x
		return nil
	})
}

// Chmod and Chown change nothing: the world has no permissions.
func (f *ftpFiles) Chmod(string, os.FileMode) error { return f.change(func() error { return nil }) }
func (f *ftpFiles) Chown(string, int, int) error    { return os.ErrPermission }

// change does what only some may do.
func (f *ftpFiles) change(do func() error) error {
	if !f.writes {
		return os.ErrPermission
	}
	return do()
}

// Create, Open and OpenFile are for servers without GetHandle.
func (f *ftpFiles) Create(string) (afero.File, error) { return nil, os.ErrPermission }
func (f *ftpFiles) Open(string) (afero.File, error)   { return nil, os.ErrPermission }
func (f *ftpFiles) OpenFile(string, int, os.FileMode) (afero.File, error) {
	return nil, os.ErrPermission
}

// GetHandle opens a file for a transfer, from a byte on.
func (f *ftpFiles) GetHandle(name string, flags int, offset int64) (ftpserver.FileTransfer, error) {
	x, there := f.w.files.get(key(name))
	if flags&(os.O_WRONLY|os.O_RDWR) == 0 {
		if !there {
			return nil, os.ErrNotExist
		}
		r := bytes.NewReader(x.data)
		_, err := r.Seek(offset, io.SeekStart)
		return &ftpHandle{r: r}, err
	}
	if !f.writes {
		return nil, os.ErrPermission
	}
	h := &ftpHandle{f: f, name: key(name)}
	switch {
	case strings.HasSuffix(name, "/") || f.isDir(name):
		return nil, errors.New("this is a directory")
	case flags&os.O_APPEND != 0:
		h.data = bytes.Clone(x.data)
	case offset > 0:
		h.data = bytes.Clone(x.data[:min(offset, int64(len(x.data)))])
	}
	return h, nil
}

// An ftpHandle is a file being read, or one on its way in, which is there
// when it is closed.
type ftpHandle struct {
	r    *bytes.Reader
	f    *ftpFiles
	name string
	data []byte
	bad  bool
}

func (h *ftpHandle) Read(p []byte) (int, error) {
	if h.r == nil {
		return 0, os.ErrPermission
	}
	return h.r.Read(p)
}

func (h *ftpHandle) Write(p []byte) (int, error) {
	if len(h.data)+len(p) > maxFile {
		h.bad = true
		return 0, errors.New("a file has at most 16 MiB here")
	}
	h.data = append(h.data, p...)
	return len(p), nil
}

// Seek is called for a file that is gone on with; GetHandle has done it.
func (h *ftpHandle) Seek(offset int64, whence int) (int64, error) {
	if h.r != nil {
		return h.r.Seek(offset, whence)
	}
	return offset, nil
}

func (h *ftpHandle) Close() error {
	if h.r != nil || h.bad {
		return nil
	}
	if _, ok := h.f.w.files.put(h.name, h.data); !ok {
		return errors.New("the world is full")
	}
	return nil
}

// An ftpInfo tells of a file or a directory.
type ftpInfo struct {
	name     string
	size     int64
	modified time.Time
	dir      bool
}

func (i ftpInfo) Name() string       { return i.name }
func (i ftpInfo) Size() int64        { return i.size }
func (i ftpInfo) ModTime() time.Time { return i.modified }
func (i ftpInfo) IsDir() bool        { return i.dir }
func (i ftpInfo) Sys() any           { return nil }

func (i ftpInfo) Mode() os.FileMode {
	if i.dir {
		return os.ModeDir | 0o755
	}
	return 0o644
}
