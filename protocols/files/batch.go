package files

import (
	"context"

	"wireline/protocols/verb"
)

// A Batch stores many files for the price of a few.
//
// Store reads b to its end and closes it. Its error is that the file did not
// come, or cannot be written, and then is not called. Otherwise then is called
// once, with nil when the file has its name: by this Store, or by a later one,
// or by Flush or Close, on whichever goroutine that is.
//
// Store and Flush may be called by several goroutines.
type Batch interface {
	Store(ctx context.Context, path string, b *verb.Blob, o Storing, then func(error)) error
	Flush()
	Close() // does what Flush does
}

// A Batcher is a Putter that can make a Batch.
type Batcher interface {
	Batch() Batch
}

// NewBatch is a Batch on p, which stores one file after another if p can do
// no better.
func NewBatch(p Putter) Batch {
	if b, ok := p.(Batcher); ok {
		return b.Batch()
	}
	return single{p}
}

type single struct{ Putter }

func (s single) Store(ctx context.Context, path string, b *verb.Blob, o Storing, then func(error)) error {
	err := s.Putter.Store(ctx, path, b, o)
	if err == nil {
		then(nil)
	}
	return err
}

func (single) Flush() {}
func (single) Close() {}
