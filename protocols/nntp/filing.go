package nntp

import (
	"context"
	"io"

	"wireline/protocols/fault"
	"wireline/protocols/files"
	"wireline/protocols/verb"
)

// filing is articles on their way to files.
type filing struct {
	yield  func(files.Done, error) bool
	batch  files.Batch
	over   bool // nobody wants to be told any more
	count  int
	failed int
	first  error // of the failures
}

// store writes one article. That it is there is told later, when several are.
func (f *filing) store(ctx context.Context, name string, b *block) error {
	f.count++
	err := f.batch.Store(ctx, name, &verb.Blob{Name: name, Size: -1, ReadCloser: io.NopCloser(b)}, files.Storing{}, func(err error) {
		f.tell(files.Done{Did: files.Copied, Path: name, Bytes: b.bytes - b.marks}, err)
	})
	if err != nil {
		if b.l.broken != nil {
			return err
		}
		f.tell(files.Done{Path: name}, err)
	}
	return f.stop()
}

// missing tells of an article that has gone meanwhile.
func (f *filing) missing(arg string, err error) error {
	if !f.over && !f.yield(files.Done{Did: files.Skipped, Path: arg, Why: err.Error()}, nil) {
		f.over = true
	}
	return f.stop()
}

func (f *filing) tell(d files.Done, err error) {
	if err != nil {
		d.Did, d.Bytes, d.Why = files.Failed, 0, err.Error()
		if f.failed++; f.first == nil {
			f.first = err
		}
	}
	if !f.over && !f.yield(d, nil) {
		f.over = true
	}
}

func (f *filing) stop() error {
	if f.over {
		return fault.New(fault.Pipe, "whoever read the output stopped reading")
	}
	return nil
}

func (f *filing) err() error {
	if f.count == 1 {
		return f.first
	}
	return fault.New(fault.Of(f.first), "%d of %d articles were not written; the first: %w", f.failed, f.count, f.first)
}
