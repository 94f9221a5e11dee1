package transfer

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/files"
	"wireline/protocols/verb"
)

// overlap is how much of a part is fetched again, to see that it is of the
// same file.
const overlap = 4 << 10

// Store reads b to its end into a part file beside p, syncs it and renames it
// to p. On failure p is as it was, and the part stays if it can be gone on
// with. With o.From the part that Partial told of is gone on with. b is
// closed; the error of that is part of the result.
func (d *Disk) Store(ctx context.Context, p string, b *verb.Blob, o files.Storing) error {
	defer b.Close()
	r, name, err := d.root(p, true)
	if err != nil {
		return err
	}
	defer r.Close()
	return d.store(ctx, r, name, p, b, o)
}

// store is Store for the name of p below r.
func (d *Disk) store(ctx context.Context, r *os.Root, name, p string, b *verb.Blob, o files.Storing) error {
	if err := d.free(r, name, o.Replace); err != nil {
		return err
	}
	part, err := openPart(r, name, o.From, mode(b))
	if err != nil {
		return err
	}
	defer part.close()
	whole := files.Size(-1)
	if b.Size >= 0 {
		whole = files.Size(o.From + b.Size)
	}
	if err := part.note(state{Size: whole, Modified: b.Modified, Tag: b.Tag}); err != nil {
		return err
	}
	meter := d.Meter
	if o.Quiet {
		meter = nil
	}
	job := meter.begin(p, o.From, int64(whole), part.size)
	n, err := part.fill(ctx, d.slow(ctx, b.ReadCloser), o.From)
	err = ended(ctx, b, n, o.From, err)
	job.end(err == nil)
	if err != nil {
		return part.keep(err, whole >= 0)
	}
	return part.finish(dateOf(b, o))
}

// ended closes b, of which n bytes were read until err, and tells whether
// that was all of it.
func ended(ctx context.Context, b *verb.Blob, n, from int64, err error) error {
	if cerr := b.Close(); err == nil {
		err = cerr
	}
	if err == nil && b.Size >= 0 && n != b.Size {
		err = fault.New(fault.Partial, "%d of %d bytes came", from+n, from+b.Size)
	}
	if err == nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return err
}

// dateOf is the time that a file gets.
func dateOf(b *verb.Blob, o files.Storing) time.Time {
	if !o.Modified.IsZero() {
		return o.Modified
	}
	return b.Modified
}

// mode is what a new file of b may be to others, before the umask.
func mode(b *verb.Blob) fs.FileMode {
	if b.Private {
		return 0o600
	}
	return 0o666
}

// free makes sure that name can be written: that nothing is there, or what is
// there may be replaced.
func (d *Disk) free(r *os.Root, name string, replace bool) error {
	switch path.Base(name) {
	case ".", "..", "/":
		return fault.New(fault.WriteLocal, "%q is not a file name", name)
	}
	if err := reserved(name); err != nil {
		return err
	}
	fi, err := r.Lstat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return refuse(name, err)
	case fi.IsDir():
		return fault.New(fault.WriteLocal, "%s is a directory", name)
	case fi.Mode()&(fs.ModeDevice|fs.ModeNamedPipe|fs.ModeSocket) != 0:
		return fault.New(fault.WriteLocal, "%s is no regular file", name).WithHint("> %s writes to it", name)
	case !d.Overwrite && !replace:
		return fault.New(fault.WriteLocal, "%s exists", name).WithHint("--overwrite replaces it")
	}
	return nil
}

// Partial tells from which byte an earlier try can be gone on with: 0 if
// there is none, or it was of another file. A little of what is there is
// fetched again, and Store compares it.
func (d *Disk) Partial(_ context.Context, p string, whole files.Entry) (int64, error) {
	return d.part(p, func(s state) bool { return s.of(whole) })
}

// of reports whether it is the state of a part of whole.
func (s state) of(whole files.Entry) bool {
	return s.Size == whole.Size && s.Modified.Truncate(time.Second).Equal(whole.Modified.Truncate(time.Second))
}

// PartialOf is Partial for what has a tag rather than a date: total is its
// size, -1 if that is not known.
func (d *Disk) PartialOf(p string, total int64, tag string) (int64, error) {
	return d.part(p, func(s state) bool { return s.Tag == tag && tag != "" && int64(s.Size) == total })
}

func (d *Disk) part(p string, same func(state) bool) (int64, error) {
	r, name, err := d.root(p, false)
	if err != nil {
		return 0, err
	}
	defer r.Close()
	fi, err := r.Lstat(partName(name))
	if err != nil || !fi.Mode().IsRegular() {
		return 0, nil
	}
	s, ok := readState(r, name)
	if !ok || !same(s) || s.Segments != nil || fi.Size() > int64(s.Size) {
		return 0, nil
	}
	return max(0, fi.Size()-overlap), nil
}

// Begun reports whether an earlier try has left a part of p.
func (d *Disk) Begun(p string) bool {
	r, name, err := d.root(p, false)
	if err != nil {
		return false
	}
	defer r.Close()
	_, err = r.Lstat(partName(name))
	return err == nil
}

// fill appends r behind the first from bytes, and returns how many bytes r
// had. What is there already must be the same.
func (p *part) fill(ctx context.Context, r io.Reader, from int64) (n int64, err error) {
	size := p.size()
	if from < size {
		old := make([]byte, size-from)
		if _, err := p.f.ReadAt(old, from); err != nil {
			return 0, refuse(p.name, err)
		}
		again := make([]byte, len(old))
		k, err := io.ReadFull(r, again)
		if err == io.ErrUnexpectedEOF || err == io.EOF {
			err = nil
		}
		if err != nil {
			return int64(k), err
		}
		if !bytes.Equal(old[:k], again[:k]) {
			return int64(k), fault.New(fault.ResumeMismatch, "the file at the server is not the one that %s is a part of", partName(p.name)).
				WithHint("without -c it is fetched from its beginning")
		}
		n = int64(k)
		if k < len(old) {
			return n, nil
		}
	}
	if _, err := p.f.Seek(0, io.SeekEnd); err != nil {
		return n, refuse(p.name, err)
	}
	m, err := io.Copy(p.f, r)
	var pe *fs.PathError
	if errors.As(err, &pe) {
		err = refuse(p.name, err)
	}
	return n + m, err
}
