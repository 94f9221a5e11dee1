package repl

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"sync"

	"wireline/protocols/files"
	"wireline/protocols/verb"
	"wireline/repl/render"
	"wireline/repl/transfer"
)

// A series is a Blob of which there are several: the next one follows when
// one has been read.
type series interface {
	Next() (*verb.Blob, error)
}

// A pool is a series whose Blobs may be kept as they come. Each calls do on
// several goroutines, with a Blob or with why one did not come.
type pool interface {
	Each(do func(*verb.Blob, error)) error
}

// SavedAll is what became of several downloads.
type SavedAll struct {
	Files   int     `json:"files"`
	Bytes   int64   `json:"bytes"`
	Seconds float64 `json:"seconds"`
	Saved   []Saved `json:"saved"`
}

func (s SavedAll) Message() string {
	return fmt.Sprintf("%d files, %d bytes in %.1f s", s.Files, s.Bytes, s.Seconds)
}

// saveAll keeps each Blob of a series under its own name. One that fails does
// not keep the others from being tried.
func (r *run) saveAll(ctx context.Context, all series) error {
	k := &keeping{r: r, batch: files.NewBatch(r.disk)}
	keep := func(b *verb.Blob, err error) {
		if err == nil {
			err = k.save(ctx, b)
		}
		if ctx.Err() == nil {
			k.failed(err)
		}
	}
	if p, ok := all.(pool); ok {
		if err := p.Each(keep); ctx.Err() == nil { // that it has ended is told below
			k.failed(err)
		}
	} else {
		for b, err := all.Next(); (b != nil || err != nil) && ctx.Err() == nil; b, err = all.Next() {
			keep(b, err)
		}
	}
	k.batch.Close()
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	k.all.Seconds = r.sh.now().Sub(r.start).Seconds()
	r.data = k.all
	if r.flags.JSON || r.flags.Quiet || r.disk.Meter != nil { // which sums up by itself
		return k.first
	}
	return cmp.Or(k.first, render.Show(r.io.err, r.io.err, r.options(), k.all))
}

// A keeping is several files on their way to the disk.
type keeping struct {
	r     *run
	batch files.Batch

	mu    sync.Mutex
	all   SavedAll
	first error
}

// save hands over a Blob. Unless -c may find a part of it, it need not be on
// the disk at once.
func (k *keeping) save(ctx context.Context, b *verb.Blob) error {
	name, err := transfer.Base(b.Name)
	if err != nil {
		b.Close()
		return err
	}
	if k.r.there(ctx, b, name) {
		k.mu.Lock()
		defer k.mu.Unlock()
		k.all.Files++
		k.all.Saved = append(k.all.Saved, Saved{File: name, Bytes: b.Size, Kept: true})
		return nil
	}
	if b, err = k.r.again(ctx, b, name); err != nil {
		return err
	}
	if from := b.From; b.Size < 0 {
		size := &measured{ReadCloser: b.ReadCloser, n: from}
		b.ReadCloser = size
		return k.batch.Store(ctx, name, b, files.Storing{From: from}, func(err error) { k.stored(name, size.n, err) })
	} else {
		size := from + b.Size
		return k.batch.Store(ctx, name, b, files.Storing{From: from}, func(err error) { k.stored(name, size, err) })
	}
}

// stored notes a file that is there, or why it is not.
func (k *keeping) stored(name string, size int64, err error) {
	if err != nil {
		k.failed(err)
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.all.Files++
	k.all.Bytes += size
	k.all.Saved = append(k.all.Saved, Saved{File: name, Bytes: size, Seconds: k.r.sh.now().Sub(k.r.start).Seconds()})
}

// failed notes an error: the first ends the command in the end, the others
// are told.
func (k *keeping) failed(err error) {
	if err == nil {
		return
	}
	k.mu.Lock()
	first := k.first == nil
	if first {
		k.first = err
	}
	k.mu.Unlock()
	if !first {
		k.r.sh.tell("wireline: " + err.Error())
	}
}

// measured counts the bytes of a body whose size nobody knows.
type measured struct {
	io.ReadCloser
	n int64
}

func (c *measured) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p)
	c.n += int64(n)
	return n, err
}
