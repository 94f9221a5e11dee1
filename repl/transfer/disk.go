// Package transfer moves bytes between a server and the disk. A file appears
// under its final name only when it is complete.
package transfer

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"wireline/protocols/fault"
	"wireline/protocols/files"
	"wireline/protocols/verb"
)

// A Disk is a directory of this machine. Paths have slashes; those that are
// not absolute are below Dir and cannot leave it, whatever links there are.
type Disk struct {
	Dir       string // "" is the current directory
	Overwrite bool   // replace files that exist
	Rate      int64  // bytes a second for all that is stored; 0: as they come
	As        string // the name of the one file that is fetched; "": its own
	Meter     *Meter // is told of every file; nil: nobody is
	Parts     bool   // List tells of the parts of files, too

	pace pace
}

var _ files.Disk = (*Disk)(nil)

// Named is d.As. (files.Namer)
func (d *Disk) Named() string { return d.As }

// root opens the directory that p is in, and gives the name of p in it.
func (d *Disk) root(p string, make bool) (*os.Root, string, error) {
	dir := d.Dir
	if dir == "" {
		dir = "."
	}
	if filepath.IsAbs(filepath.FromSlash(p)) {
		dir, p = filepath.Split(filepath.FromSlash(p))
		if p == "" {
			p = "."
		}
	}
	r, err := os.OpenRoot(dir)
	if err != nil {
		return nil, "", refuse(dir, err)
	}
	if up := path.Dir(filepath.ToSlash(p)); make && up != "." {
		if err := r.MkdirAll(up, 0o777); err != nil {
			r.Close()
			return nil, "", refuse(up, err)
		}
	}
	return r, path.Clean(filepath.ToSlash(p)), nil
}

// List tells what is in a directory. Parts of files that are on their way, or
// have broken off, are ours and nobody else's: they are neither sent nor removed
// with the rest.
func (d *Disk) List(_ context.Context, dir string) verb.Stream[files.Entry] {
	return func(yield func(files.Entry, error) bool) {
		r, name, err := d.root(orDot(dir), false)
		if err != nil {
			yield(files.Entry{}, err)
			return
		}
		defer r.Close()
		f, err := r.Open(name)
		if err != nil {
			yield(files.Entry{}, unreadable(dir, err))
			return
		}
		defer f.Close()
		for {
			es, err := f.ReadDir(1000)
			for _, e := range es {
				if !d.Parts && reserved(e.Name()) != nil {
					continue
				}
				fi, err := e.Info()
				if err != nil {
					continue // gone meanwhile
				}
				if !yield(entry(fi), nil) {
					return
				}
			}
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				yield(files.Entry{}, unreadable(dir, err))
				return
			}
		}
	}
}

func orDot(p string) string {
	if p == "" {
		return "."
	}
	return p
}

func entry(fi fs.FileInfo) files.Entry {
	e := files.Entry{Name: fi.Name(), Kind: files.Other, Size: files.Unknown, Modified: fi.ModTime(), Perm: files.Mode(uint32(fi.Mode().Perm()))}
	switch m := fi.Mode(); {
	case m.IsRegular():
		e.Kind, e.Size = files.File, files.Size(fi.Size())
	case m.IsDir():
		e.Kind = files.Dir
	case m&fs.ModeSymlink != 0:
		e.Kind = files.Link
	}
	return e
}

// Stat tells about one file. A link is told of, not followed.
func (d *Disk) Stat(_ context.Context, p string) (files.Entry, error) {
	r, name, err := d.root(p, false)
	if err != nil {
		return files.Entry{}, err
	}
	defer r.Close()
	fi, err := r.Lstat(name)
	if err != nil {
		return files.Entry{}, unreadable(p, err)
	}
	return entry(fi), nil
}

// Fetch opens a file for reading from a byte on.
func (d *Disk) Fetch(_ context.Context, file files.At, from int64) (*verb.Blob, error) {
	p := file.Path
	r, name, err := d.root(p, false)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	// To open a pipe would be to wait for whoever writes to it.
	if fi, err := r.Stat(name); err == nil && !fi.Mode().IsRegular() {
		return nil, unreadable(p, errors.New("not a regular file"))
	}
	f, err := r.Open(name)
	if err != nil {
		return nil, unreadable(p, err)
	}
	fi, err := f.Stat()
	if err == nil && !fi.Mode().IsRegular() {
		err = errors.New("not a regular file")
	}
	if err == nil {
		_, err = f.Seek(from, io.SeekStart)
	}
	if err != nil {
		f.Close()
		return nil, unreadable(p, err)
	}
	return &verb.Blob{Name: path.Base(name), Size: max(0, fi.Size()-from), Modified: fi.ModTime(), ReadCloser: f}, nil
}

// MakeDir makes a directory, and those above it.
func (d *Disk) MakeDir(_ context.Context, p string) error {
	r, name, err := d.root(p, true)
	if err != nil {
		return err
	}
	defer r.Close()
	if err := r.MkdirAll(name, 0o777); err != nil {
		return refuse(p, err)
	}
	return nil
}

// RemoveFile removes a file or a link.
func (d *Disk) RemoveFile(ctx context.Context, p string) error {
	e, err := d.Stat(ctx, p)
	if err != nil {
		return err
	}
	if e.Kind == files.Dir {
		return fault.New(fault.WriteLocal, "%s is a directory", p)
	}
	return d.remove(p)
}

// RemoveDir removes an empty directory.
func (d *Disk) RemoveDir(ctx context.Context, p string) error {
	e, err := d.Stat(ctx, p)
	if err != nil {
		return err
	}
	if e.Kind != files.Dir {
		return fault.New(fault.WriteLocal, "%s is not a directory", p)
	}
	return d.remove(p)
}

func (d *Disk) remove(p string) error {
	r, name, err := d.root(p, false)
	if err != nil {
		return err
	}
	defer r.Close()
	if err := r.Remove(name); err != nil {
		return refuse(p, err)
	}
	return nil
}

// Glob are the files that a pattern means; a pattern without a wildcard is a
// name.
func (d *Disk) Glob(pattern string) ([]string, error) {
	full := filepath.FromSlash(pattern)
	if d.Dir != "" && !filepath.IsAbs(full) {
		full = filepath.Join(d.Dir, full)
	}
	found, err := filepath.Glob(full)
	if err != nil {
		return nil, fault.New(fault.BadArgument, "%s is not a pattern", pattern)
	}
	if len(found) == 0 { // it may be a name with a [ in it
		if _, err := os.Lstat(full); err == nil {
			found = []string{full}
		}
	}
	for i, f := range found {
		if rel, err := filepath.Rel(orDot(d.Dir), f); err == nil && !filepath.IsAbs(filepath.FromSlash(pattern)) {
			f = rel
		}
		found[i] = filepath.ToSlash(f)
	}
	return found, nil
}

func refuse(p string, err error) error { return local(fault.WriteLocal, "write", p, err) }

func unreadable(p string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return local(fault.NotFound, "find", p, err)
	}
	return local(fault.ReadLocal, "read", p, err)
}

func local(k *fault.Kind, do, p string, err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		err = pe.Err
	}
	return fault.New(k, "cannot %s %s: %w", do, p, err)
}
