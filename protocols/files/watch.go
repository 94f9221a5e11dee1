package files

import "context"

// A Watcher shows how transfers get on. What a Disk stores it watches
// itself; other transfers are told to it.
type Watcher interface {
	// Plan adds to what is to be done in all: bytes are those that are known.
	Plan(files int, bytes int64)
	// Kept tells of files that are left as they are, since they are the same.
	Kept(files int)
	// Watch tells of a file. from bytes of it were there before, whole are
	// to be there in the end (-1 when unknown), and at, which may be called
	// from any goroutine, is how many are there by now. done is called once,
	// with whether the file is whole.
	Watch(name string, from, whole int64, at func() int64) (done func(ok bool))
}

// Watch tells of a file to whoever watches the command, if anybody does.
func Watch(ctx context.Context, name string, from, whole int64, at func() int64) (done func(ok bool)) {
	if w, ok := DiskOf(ctx).(Watcher); ok {
		return w.Watch(name, from, whole, at)
	}
	return func(bool) {}
}

// kept tells of files that are left as they are.
func kept(ctx context.Context, files int) {
	if w, ok := DiskOf(ctx).(Watcher); ok {
		w.Kept(files)
	}
}

// plan tells how much there is to be copied in all.
func plan(ctx context.Context, files int, bytes int64) {
	if w, ok := DiskOf(ctx).(Watcher); ok {
		w.Plan(files, bytes)
	}
}

// sizes is how many bytes items have, as far as that is known.
func sizes(items []Item) (n int64) {
	for _, it := range items {
		n += max(0, int64(it.Entry.Size))
	}
	return n
}
