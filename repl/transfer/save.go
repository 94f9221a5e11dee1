// Package transfer moves bytes between a server and the disk. A file appears
// under its final name only when it is complete.
package transfer

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

// Options say how a file is kept.
type Options struct {
	Overwrite bool // replace a file that exists
}

// Save reads b to its end into the file called path and returns how many
// bytes that were. The bytes go to a fresh part file beside it, which is
// synced and then renamed; on failure it is removed and path is as it was. b
// is closed.
func Save(ctx context.Context, b *verb.Blob, path string, o Options) (n int64, err error) {
	defer b.Close()
	dir, name := filepath.Split(path)
	if dir == "" {
		dir = "."
	}
	if name == "" || name == "." || name == ".." {
		return 0, fault.New(fault.WriteLocal, "%q is not a file name", path)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return 0, refuse(path, err)
	}
	defer root.Close()
	if fi, err := root.Lstat(name); err == nil {
		if fi.IsDir() {
			return 0, fault.New(fault.WriteLocal, "%s is a directory", path)
		}
		if !o.Overwrite {
			return 0, fault.New(fault.WriteLocal, "%s exists", path).WithHint("--overwrite replaces it")
		}
	}
	part := "." + short(name) + "." + strings.ToLower(rand.Text()[:8]) + ".part"
	f, err := root.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return 0, refuse(path, err)
	}
	defer root.Remove(part)
	n, err = copyTo(ctx, f, b)
	if err == nil {
		if err = b.Close(); err == nil && b.Size >= 0 && n != b.Size {
			err = fault.New(fault.Partial, "%d of %d bytes came", n, b.Size)
		}
	}
	if err == nil {
		if err = f.Sync(); err != nil {
			err = refuse(path, err)
		}
	}
	if cerr := f.Close(); err == nil && cerr != nil {
		err = refuse(path, cerr)
	}
	if err != nil {
		return n, err
	}
	if err := root.Rename(part, name); err != nil {
		return n, refuse(path, err)
	}
	if d, err := root.Open("."); err == nil {
		d.Sync()
		d.Close()
	}
	return n, nil
}

// copyTo lets the kernel move the bytes where it can.
func copyTo(ctx context.Context, f *os.File, b *verb.Blob) (int64, error) {
	n, err := io.Copy(f, b.ReadCloser)
	var p *fs.PathError
	if errors.As(err, &p) {
		err = refuse(f.Name(), err)
	}
	if err == nil {
		err = context.Cause(ctx)
	}
	return n, err
}

// Base is a name that a server gave, made safe for a local file: no
// directory, no leading dot or dash, no control character, 200 bytes at most.
func Base(name string) (string, error) {
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	safe := strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 || r == ':' || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0xfffd {
			return -1
		}
		return r
	}, name)
	safe = short(strings.TrimLeft(safe, ".-"))
	if strings.TrimSpace(safe) == "" {
		return "", fault.New(fault.WriteLocal, "the server's name %q cannot name a file", name).WithHint("-o FILE gives one")
	}
	return safe, nil
}

func short(name string) string {
	for len(name) > 200 {
		name = strings.ToValidUTF8(name[:200], "")
	}
	return name
}

func refuse(path string, err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		err = p.Err
	}
	return fault.New(fault.WriteLocal, "cannot write %s: %w", path, err)
}
