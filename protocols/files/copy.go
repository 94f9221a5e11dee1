package files

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

// What is done with an Item, and what Done tells of it.
const (
	Copied  = "copied"
	Kept    = "kept" // there is the same already
	Made    = "made" // a directory
	Removed = "removed"
	Skipped = "skipped"
	Failed  = "failed"
)

// An Item is one thing to be done.
type Item struct {
	Do    string // Copied, Made, Removed or Skipped
	From  string
	To    string
	Entry Entry  // what is at From; for Removed, at To
	Why   string // for Skipped
	Err   error  // why it cannot be done, if that is known before
}

// Counted is an error if there are too many items, so that an endless tree ends.
func Counted(items []Item) error {
	if len(items) > Collected {
		return fault.New(fault.Limit, "there are more than %d files", Collected)
	}
	return nil
}

// Options say how items are done.
type Options struct {
	Jobs   int  // how many at a time; 0 is one
	Resume bool // go on with what is there
	Newer  bool // copy only what is newer than what it replaces
	Update bool // replace what is there
	DryRun bool // only tell
	Temp   bool // files have their names only when they are whole
	// Segments is how many parts of a file to fetch at a time, where both sides
	// can do that.
	Segments int
	Retry    int // how often to try a file again that may well come later
	Lost     int // the same, for one whose connection was lost; or Retry, if that is more
}

// A Tree that is no Cloner is used by several goroutines at once; of a Cloner
// each gets its own. Directories are made first, and removals come last.

// Run does the items and tells of each but those that were Kept. What fails
// does not stop the others, unless nothing more can succeed; at the end the
// stream has an error of the kind of the first failure. to gets what from
// has.
func Run(ctx context.Context, from, to Tree, items []Item, o Options) verb.Stream[Done] {
	return func(yield func(Done, error) bool) {
		r := &runner{o: o, only: len(items) == 1}
		var before, middle, after []Item
		for _, it := range items {
			switch it.Do {
			case Made, Skipped:
				before = append(before, it)
			case Removed:
				after = append(after, it)
			default:
				middle = append(middle, it)
			}
		}
		if !o.DryRun {
			plan(ctx, len(middle), sizes(middle))
		}
		for _, list := range [][]Item{before, middle, after} {
			jobs := o.Jobs
			if len(list) < len(middle) || len(middle) == 0 {
				jobs = 1
			}
			if !r.all(ctx, from, to, list, jobs, yield) {
				return
			}
		}
		if r.kept > 0 {
			kept(ctx, r.kept)
			plan(ctx, -r.kept, 0)
		}
		if err := r.err(ctx); err != nil {
			yield(Done{}, err)
		}
	}
}

// A runner counts how it went.
type runner struct {
	o      Options
	mu     sync.Mutex
	only   bool // there is one item, so that the error at the end says all
	count  int
	kept   int // as they were
	failed int
	first  error // of the failures
	end    error // why there is no point in going on
}

// all does a list, several at a time. It returns false when nobody listens
// any more.
func (r *runner) all(ctx context.Context, from, to Tree, list []Item, jobs int, yield func(Done, error) bool) bool {
	listens := true
	if jobs = min(jobs, len(list)); jobs <= 1 {
		batch := NewBatch(to)
		tell := func(d Done) { listens = listens && (r.silent(d) || yield(d, nil)) }
		for _, it := range list {
			if r.over(ctx) || !listens {
				break
			}
			r.do(ctx, from, to, batch, it, tell)
		}
		batch.Close()
		return listens
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var next atomic.Int64 // of list
	done := make(chan Done)
	tell := func(d Done) { done <- d } // which is received until all are at their end
	var shared Batch
	if _, ok := to.(Cloner); !ok {
		shared = NewBatch(to)
	}
	var workers sync.WaitGroup
	for i := range jobs {
		workers.Go(func() {
			f, t, release, err := own(ctx, from, to, i > 0)
			if err != nil {
				return // the server wants no more connections; the others go on
			}
			defer release()
			batch := shared
			if batch == nil {
				batch = NewBatch(t)
				defer batch.Close()
			}
			for {
				i := int(next.Add(1)) - 1
				if i >= len(list) || r.over(ctx) {
					return
				}
				r.do(ctx, f, t, batch, list[i], tell)
			}
		})
	}
	go func() {
		workers.Wait()
		if shared != nil {
			shared.Close()
		}
		close(done)
	}()
	for d := range done {
		if listens && !r.silent(d) && !yield(d, nil) {
			listens = false
			cancel(context.Canceled)
		}
	}
	return listens
}

// own gives a worker its trees: clones of those that can be cloned.
func own(ctx context.Context, from, to Tree, another bool) (f, t Tree, release func(), err error) {
	f, first, err := clone(ctx, from, another)
	if err != nil {
		return nil, nil, nil, err
	}
	t, second, err := clone(ctx, to, another)
	if err != nil {
		first()
		return nil, nil, nil, err
	}
	return f, t, func() { first(); second() }, nil
}

func (r *runner) over(ctx context.Context) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.end != nil || ctx.Err() != nil
}

func (r *runner) err(ctx context.Context) error {
	if cause := context.Cause(ctx); cause != nil {
		if r.count == 1 && fault.Of(r.first) == fault.Of(cause) {
			return r.first // which says what was kept
		}
		return cause
	}
	if r.failed == 0 {
		return nil
	}
	if r.count == 1 {
		return r.first
	}
	f := fault.New(fault.Of(r.first), "%d of %d failed; the first: %w", r.failed, r.count, r.first)
	f.Phase = "file"
	return f
}

// do does one item, and tries again what may well succeed then. What became
// of it is told in the end, which for files of a batch may be later.
func (r *runner) do(ctx context.Context, from, to Tree, batch Batch, it Item, tell func(Done)) {
	d := Done{Did: it.Do, Path: it.To, Why: it.Why}
	if it.Do == Copied {
		d.Bytes, d.Time = max(0, int64(it.Entry.Size)), it.Entry.Modified
	}
	var err error
	switch {
	case it.Err != nil:
		err = it.Err
	case it.Do == Skipped:
		err = fault.New(fault.WriteLocal, "%s", it.Why)
	case r.o.DryRun:
		d.Did = map[string]string{Copied: "would copy", Made: "would make", Removed: "would remove"}[it.Do]
	default:
		later := false
		wait := time.Second
		for try := 0; ; try++ {
			err = fault.Safely(func() (err error) {
				later, err = r.once(ctx, from, to, batch, it, &d, r.o.Resume || try > 0 && begun(to, it.To), func(err error) { tell(r.done(d, err)) })
				return err
			})
			if err == nil || try >= r.tries(err) || ctx.Err() != nil {
				break
			}
			batch.Flush()
			select {
			case <-time.After(wait):
			case <-ctx.Done():
			}
			wait = min(2*wait, 30*time.Second)
		}
		if later {
			return
		}
	}
	tell(r.done(d, err))
}

// begun reports whether what is there may be of a try that has failed. Where
// that stored nothing it is another file, and not gone on with.
func begun(to Tree, path string) bool {
	p, ok := to.(Resumer)
	return ok && p.Begun(path)
}

// tries is how often to try again after a failure.
func (r *runner) tries(err error) int {
	k := fault.Of(err)
	switch {
	case k == fault.Recv, k == fault.Send, k == fault.Empty, k == fault.Connect && !gone(err):
		return max(r.o.Retry, r.o.Lost)
	case k.Retry:
		return r.o.Retry
	}
	return 0
}

// gone reports whether there is no server any more.
func gone(err error) bool {
	f, ok := err.(*fault.Error)
	return ok && f.Kind == fault.Connect && f.Phase == "connect"
}

// done counts an item that is done, or has failed.
func (r *runner) done(d Done, err error) Done {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.count++
	if err == nil {
		if d.Did == Kept {
			r.kept++
		}
		return d
	}
	if r.failed++; r.first == nil {
		r.first = err
	}
	if full(err) {
		r.end = err
	}
	if d.Did != Skipped {
		d = Done{Did: Failed, Path: d.Path, Why: err.Error()}
	}
	return d
}

// silent reports whether there is no row for d.
func (r *runner) silent(d Done) bool { return d.Did == Kept || d.Did == Failed && r.only }

// full reports whether err is one that the next file will have too.
func full(err error) bool {
	var f *fault.Error
	if e, ok := err.(*fault.Error); ok {
		f = e
	}
	switch fault.Of(err) {
	case fault.Login, fault.TLSRequired, fault.TLSCert, fault.Interrupt:
		return true
	}
	if gone(err) {
		return true // and that was tried more than once
	}
	return f != nil && (f.Code == "452" || f.Code == "552") || errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EROFS)
}

// once tries to do an item, and completes d. later is that then will be
// called.
func (r *runner) once(ctx context.Context, from, to Tree, batch Batch, it Item, d *Done, resume bool, then func(error)) (later bool, err error) {
	switch it.Do {
	case Made:
		return false, to.MakeDir(ctx, it.To)
	case Removed:
		remove := to.RemoveFile
		if it.Entry.Kind == Dir {
			remove = to.RemoveDir
		}
		if err := remove(ctx, it.To); fault.Of(err) != fault.NotFound {
			return false, err
		}
		return false, nil // such as the part of a file that is whole by now
	}
	if r.o.Newer {
		if e, err := to.Stat(ctx, it.To); err == nil && !newer(it.Entry, e) {
			d.Did, d.Bytes, d.Time = Kept, 0, time.Time{}
			return false, nil
		}
	}
	if _, here := to.(Disk); here && r.o.Resume && whole(ctx, from, to, it) {
		d.Did, d.Bytes, d.Time = Kept, 0, time.Time{}
		return false, nil
	}
	if s, n := r.segmenter(to, it, resume); s != nil {
		return false, r.segmented(ctx, from, s, it, n, resume)
	}
	start := int64(0)
	if p, ok := to.(Resumer); ok && resume {
		it.Entry = exact(ctx, from, it.From, it.Entry)
		if start, err = p.Partial(ctx, it.To, it.Entry); err != nil {
			return false, err
		}
	}
	if start > 0 { // the list may be older than the connection
		if err := unchanged(ctx, from, it); err != nil {
			return false, err
		}
	}
	b, err := from.Fetch(ctx, At{it.From, it.Entry}, start)
	if err != nil {
		return false, err
	}
	if b.Modified.IsZero() {
		b.Modified = it.Entry.Modified
	}
	if d.Time = b.Modified; b.Size >= 0 {
		d.Bytes = b.Size
	}
	d.From = Start(start)
	err = batch.Store(ctx, it.To, b, Storing{From: start, Modified: b.Modified, Replace: r.replaces(), Temp: r.o.Temp}, then)
	return err == nil, err
}

// exact is e with its time to the second: some listings have minutes only, in
// a zone that may be another one in summer.
func exact(ctx context.Context, t Tree, p string, e Entry) Entry {
	if e.Modified.Second() != 0 || e.Modified.Nanosecond() != 0 {
		return e
	}
	if now, err := t.Stat(ctx, p); err == nil && now.Kind == e.Kind {
		return now
	}
	return e
}

// whole reports whether nothing is left to be fetched of a file: it is here, in
// its size, and no older.
func whole(ctx context.Context, from, to Tree, it Item) bool {
	e, err := to.Stat(ctx, it.To)
	return err == nil && e.Kind == File && e.Size >= 0 && e.Size == it.Entry.Size && !newer(exact(ctx, from, it.From, it.Entry), e)
}

func (r *runner) replaces() bool { return r.o.Newer || r.o.Update }

// newer reports whether a was changed after b, as far as the listings tell:
// some have only minutes, and for old files only days.
func newer(a, b Entry) bool {
	if a.Modified.IsZero() || b.Modified.IsZero() {
		return a.Size != b.Size
	}
	slack := 2 * time.Second
	for _, t := range []time.Time{a.Modified.UTC(), b.Modified.UTC()} {
		switch {
		case t.Second() != 0 || t.Nanosecond() != 0:
		case t.Hour() == 0 && t.Minute() == 0:
			slack = 24 * time.Hour
		default:
			slack = max(slack, time.Minute)
		}
	}
	return a.Modified.Sub(b.Modified) > slack
}
