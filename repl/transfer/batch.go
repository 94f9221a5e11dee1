package transfer

import (
	"bytes"
	"context"
	"io"
	"io/fs"
	"path"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"wireline/protocols/files"
	"wireline/protocols/verb"
)

// What a batch holds back before it is settled.
const (
	batchFiles = 256
	batchAge   = time.Second
	batchDirs  = 64       // that are kept open
	batchNames = 10000    // that a directory may have to be read for what is left there
	small      = 64 << 10 // bytes of a file that has a place in it
)

// A batch brings many small files to the disk at once. Each is written to a
// part of its own; then all parts are synced and renamed. The names come to the
// disk with the parts that come next, or with their directories.
type batch struct {
	d     *Disk
	fresh func(dir *folder, name string, mode fs.FileMode, text []byte, date time.Time) (piece, error) // (*folder).fresh, but in tests
	sync  func([]pending) (errs []error, whole bool)                                                   // syncParts, but in tests
	age   time.Duration                                                                                // batchAge, but in tests
	names int                                                                                          // batchNames, but in tests

	mu      sync.Mutex
	dirs    map[string]*folder
	pending []pending
	since   time.Time // when the first of pending came
	named   []pending // that have their names, which may not be on the disk
}

// pending is a file that is written and has not got its name yet.
type pending struct {
	piece
	name    string
	dir     *folder
	replace bool // a file that has the name
	then    func(error)
}

// Batch is a Batch on d. (files.Batcher)
func (d *Disk) Batch() files.Batch {
	return &batch{d: d, fresh: (*folder).fresh, sync: syncParts, age: batchAge, names: batchNames, dirs: map[string]*folder{}}
}

// Store writes a file. One that is large gets its name at once.
func (b *batch) Store(ctx context.Context, p string, blob *verb.Blob, o files.Storing, then func(error)) error {
	defer blob.Close()
	b.aged()
	dir, name, err := b.open(p)
	if err != nil {
		return err
	}
	if o.From > 0 || blob.Size > small {
		defer b.leave(dir)
		b.Flush()
		return b.large(ctx, dir, name, p, blob, o, then)
	}
	buf := buffers.Get().(*buffer)
	defer buffers.Put(buf)
	buf.n.Store(0)
	job := b.d.Meter.begin(p, 0, blob.Size, buf.size)
	n, err := buf.fill(b.d.slow(ctx, blob.ReadCloser), b.aged)
	if n > small {
		defer b.leave(dir)
		buf.n.Store(0) // they are counted with the rest
		job.end(false)
		b.Flush()
		whole := *blob
		whole.ReadCloser = struct {
			io.Reader
			io.Closer
		}{io.MultiReader(bytes.NewReader(buf.bytes[:n]), blob.ReadCloser), blob.ReadCloser}
		return b.large(ctx, dir, name, p, &whole, o, then)
	}
	err = ended(ctx, blob, int64(n), 0, err)
	job.end(err == nil)
	var made piece
	if err == nil {
		made, err = b.make(dir, name, mode(blob), buf.bytes[:n], dateOf(blob, o))
	}
	if err != nil {
		b.leave(dir)
		return err
	}
	b.add(pending{made, name, dir, o.Replace, then})
	return nil
}

func (b *batch) large(ctx context.Context, dir *folder, name, p string, blob *verb.Blob, o files.Storing, then func(error)) error {
	err := b.d.store(ctx, dir.root, name, p, blob, o)
	if err == nil {
		then(nil)
	}
	return err
}

func (b *batch) add(f pending) {
	b.mu.Lock()
	if len(b.pending) == 0 {
		b.since = time.Now()
		b.pending = slices.Grow(b.pending, batchFiles)
	}
	b.pending = append(b.pending, f)
	full := len(b.pending) >= batchFiles
	b.mu.Unlock()
	if full {
		b.settle()
	}
}

// aged gives the files their names that have waited for long.
func (b *batch) aged() {
	b.mu.Lock()
	due := len(b.pending) > 0 && time.Since(b.since) > b.age
	b.mu.Unlock()
	if due {
		b.Flush()
	}
}

// Flush gives all files their names that have come so far.
func (b *batch) Flush() {
	b.settle()
	b.mu.Lock()
	named := b.named
	b.named = nil
	b.mu.Unlock()
	b.tell(named, false)
}

// settle gives the files their names whose parts have come so far, and tells of
// those that had theirs before.
func (b *batch) settle() {
	b.mu.Lock()
	all, before := b.pending, b.named
	if len(all) == 0 {
		b.mu.Unlock()
		return
	}
	b.pending, b.named = nil, nil
	b.mu.Unlock()
	errs, whole := b.sync(all)
	for _, f := range before {
		whole = whole && f.dir.system == all[0].dir.system
	}
	b.tell(before, whole)
	named := all[:0]
	var f pending
	free := func() error { return b.d.free(f.dir.root, f.name, f.replace) }
	for i, err := range errs {
		f = all[i]
		if err != nil {
			err = refuse(f.name, err)
		} else {
			err = f.piece.settle(free)
		}
		f.close()
		if err == nil {
			f.dir.tidy(f.name)
			named = append(named, f)
		} else {
			b.leave(f.dir)
			f.then(err)
		}
	}
	b.mu.Lock()
	b.named = append(named, b.named...)
	b.mu.Unlock()
}

// tell tells of files that have their names. synced is set when these are on
// the disk already.
func (b *batch) tell(named []pending, synced bool) {
	if !synced {
		dirs := map[*folder]bool{}
		for _, f := range named {
			dirs[f.dir] = true
		}
		syncFolders(dirs)
	}
	for _, f := range named {
		b.leave(f.dir)
		f.then(nil)
	}
}

// Close flushes, and lets go of the directories.
func (b *batch) Close() {
	b.Flush()
	b.mu.Lock()
	defer b.mu.Unlock()
	b.forget()
}

// open is the directory of p, which is the caller's until leave, and the name
// there.
func (b *batch) open(p string) (*folder, string, error) {
	up, name := path.Split(p)
	if err := reserved(name); err != nil {
		return nil, "", err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if dir := b.dirs[up]; dir != nil {
		dir.uses++
		return dir, name, nil
	}
	r, name, err := b.d.root(p, true)
	if err != nil {
		return nil, "", err
	}
	if at := path.Dir(name); at != "." {
		top := r
		r, err = top.OpenRoot(at)
		top.Close()
		if err != nil {
			return nil, "", refuse(p, err)
		}
		name = path.Base(name)
	}
	if len(b.dirs) >= batchDirs {
		b.forget()
	}
	dir := openFolder(r, b.names)
	dir.uses = 2
	b.dirs[up] = dir
	return dir, name, nil
}

func (b *batch) forget() {
	for p, dir := range b.dirs {
		delete(b.dirs, p)
		dir.leave()
	}
}

func (b *batch) leave(dir *folder) {
	b.mu.Lock()
	defer b.mu.Unlock()
	dir.leave()
}

// A buffer holds a small file until it is whole.
type buffer struct {
	bytes [small + 1]byte
	n     atomic.Int64
}

var buffers = sync.Pool{New: func() any { return new(buffer) }}

func (f *buffer) size() int64 { return f.n.Load() }

// fill reads r until its end or until the buffer is full, and calls between
// before each read.
func (f *buffer) fill(r io.Reader, between func()) (n int, err error) {
	for n < len(f.bytes) {
		between()
		k, err := r.Read(f.bytes[n:])
		n += k
		f.n.Store(int64(n))
		if err == io.EOF {
			return n, nil
		}
		if err != nil {
			return n, err
		}
	}
	return n, nil
}
