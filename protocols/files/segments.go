package files

import (
	"context"
	"sync"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

// A Segmenter is a Disk that can write a file in several places at once.
type Segmenter interface {
	// Segmented reports whether an earlier try has left a file in segments.
	Segmented(path string) bool
	// Segments begins to write a file in n segments, or, with resume, goes on
	// with those that an earlier try has left of the same file.
	Segments(path string, whole Entry, n int, resume bool, o Storing) (Segments, error)
}

// Segments is a file that is written in several places at once.
type Segments interface {
	// Missing are the segments that are not whole: their numbers, and from
	// which byte to fetch.
	Missing() []Segment
	// Store reads b from there to the end of the segment, and closes it. It
	// may be called for several segments at once.
	Store(ctx context.Context, s Segment, b *verb.Blob) error
	// Close gives the file its name, unless err is why it is not whole.
	Close(err error) error
}

// A Segment is a part of a file that is fetched by itself.
type Segment struct {
	Number int
	From   int64
}

// leastSegment is what is worth a connection of its own.
const leastSegment = 64 << 10

// segmenter is to, if an item is to be copied there in segments.
func (r *runner) segmenter(to Tree, it Item, resume bool) (Segmenter, int) {
	s, ok := to.(Segmenter)
	n := int(min(int64(r.o.Segments), int64(it.Entry.Size)/leastSegment))
	if !ok || it.Entry.Size <= 0 || n < 2 && !(resume && s.Segmented(it.To)) {
		return nil, 0
	}
	return s, n
}

// segmented copies a file in segments, each over a connection of its own if
// from can be cloned. In the end the file must still be what it was.
func (r *runner) segmented(ctx context.Context, from Tree, to Segmenter, it Item, n int, resume bool) error {
	// A listing may tell another time than the file itself, which is looked at in
	// the end.
	if e, err := from.Stat(ctx, it.From); err == nil && e.Kind == File && e.Size >= 0 {
		it.Entry = e
	}
	whole, err := to.Segments(it.To, it.Entry, max(1, n), resume, Storing{Modified: it.Entry.Modified, Replace: r.replaces()})
	if err != nil {
		return err
	}
	if err = segments(ctx, from, whole, it); err == nil {
		err = unchanged(ctx, from, it)
	}
	return whole.Close(err)
}

func segments(ctx context.Context, from Tree, whole Segments, it Item) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	missing := whole.Missing()
	todo := make(chan Segment, len(missing))
	for _, s := range missing {
		todo <- s
	}
	close(todo)
	var workers sync.WaitGroup
	for i := range missing {
		workers.Go(func() {
			tree, release, err := clone(ctx, from, i > 0)
			if err != nil {
				return // the server wants no more connections; the others go on
			}
			defer release()
			for s := range todo {
				if ctx.Err() != nil {
					return
				}
				err := fault.Safely(func() error {
					b, err := tree.Fetch(ctx, At{it.From, it.Entry}, s.From)
					if err != nil {
						return err
					}
					return whole.Store(ctx, s, b)
				})
				if err != nil {
					cancel(err)
				}
			}
		})
	}
	workers.Wait()
	return context.Cause(ctx)
}

// clone is a tree for a worker of its own.
func clone(ctx context.Context, t Tree, another bool) (_ Tree, release func(), err error) {
	defer fault.Catch(&err)
	c, ok := t.(Cloner)
	if !another || !ok {
		return t, func() {}, nil
	}
	mine, err := c.Clone(ctx)
	if err != nil {
		return nil, nil, err
	}
	return mine, func() { mine.Close() }, nil
}

// unchanged makes sure that no two versions of a file were put together.
func unchanged(ctx context.Context, from Tree, it Item) error {
	e, err := from.Stat(ctx, it.From)
	if err != nil {
		return err
	}
	if e.Size != it.Entry.Size || !e.Modified.Equal(it.Entry.Modified) && !it.Entry.Modified.IsZero() && !e.Modified.IsZero() {
		return fault.New(fault.ResumeMismatch, "%s has changed while it was fetched", it.From)
	}
	return nil
}
