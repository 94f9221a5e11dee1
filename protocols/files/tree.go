package files

import (
	"context"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

// A Lister can list a directory; "" is the current one. The entries . and ..
// are not among them. A listing that was not understood in whole ends with an
// error, after all that was.
type Lister interface {
	List(ctx context.Context, dir string) verb.Stream[Entry]
}

// A Getter can read a file from a byte on. What a listing has told of it may
// come along; without, its Kind is "". Blob.Size is what is left from that
// byte on, -1 if that is not known. The error of the Blob's Close counts.
type Getter interface {
	Fetch(ctx context.Context, file At, from int64) (*verb.Blob, error)
}

// Storing says how a file is written.
type Storing struct {
	From     int64     // the Blob begins at this byte; what is before it is there
	Modified time.Time // to be set on the file, if it can be; zero: as it comes
	Replace  bool      // a file that is there is to be replaced, whatever else was said
	Temp     bool      // it is to have its name only when it is whole
	Quiet    bool      // it is a note of ours, of which no progress is shown
}

// A Putter can write a file. It reads b to its end and closes it.
type Putter interface {
	Store(ctx context.Context, path string, b *verb.Blob, o Storing) error
}

// A Tree is a place where files are: a server, or a directory of this
// machine. Paths have slashes. What is not there is an error of kind
// NotFound.
type Tree interface {
	Lister
	Getter
	Putter
	Stat(ctx context.Context, path string) (Entry, error)
	MakeDir(ctx context.Context, path string) error // no error if it is there
	RemoveFile(ctx context.Context, path string) error
	RemoveDir(ctx context.Context, path string) error // an empty one
}

// A Resumer is a Tree that can go on with a file. Partial tells how many
// bytes of a file, which is there as whole says, an earlier try has left
// under path; 0 if none, or if they are of another file. Begun reports whether
// there was such a try, as far as that is known without asking.
type Resumer interface {
	Partial(ctx context.Context, path string, whole Entry) (int64, error)
	Begun(path string) bool
}

// A Sender is a Tree that can have a file sent straight to another one. An
// error of kind Unsupported is that these two cannot: then it may be fetched
// from the one and stored in the other.
type Sender interface {
	Send(ctx context.Context, path string, to Tree, target string) error
}

// A Cloner is a Tree that can be had several times over, to work on several
// files at once. The clone is the caller's, who closes it.
type Cloner interface {
	Clone(ctx context.Context) (Clone, error)
}

// A Clone is a Tree of one's own.
type Clone interface {
	Tree
	Close() error
}

// A Disk is the directory of this machine that a command works in. What it
// stores is under its name only when it is whole.
type Disk interface {
	Tree
	Resumer
	// Glob are the files that a pattern means.
	Glob(pattern string) ([]string, error)
}

// A Namer is a Disk for a command whose user has said what the one file that
// it fetches is to be called; "" is that it keeps its name.
type Namer interface {
	Named() string
}

// Named has the one file among items get the name that the user has given.
func Named(d Disk, items []Item) ([]Item, error) {
	n, ok := d.(Namer)
	if !ok || n.Named() == "" {
		return items, nil
	}
	switch {
	case n.Named() == "-":
		return nil, fault.New(fault.Usage, "this fetches into files, and -o - is none").WithHint("cat shows a file")
	case len(items) != 1:
		return nil, fault.New(fault.Usage, "-o %s names one file, and there are %d", n.Named(), len(items)).WithHint("lcd goes to the directory that they are to be in")
	case items[0].Do == Copied:
		items[0].To = n.Named()
	}
	return items, nil
}

type diskKey struct{}

// WithDisk lends a Disk to the verbs of a command: those that work on many
// files, or go on with one, ask for it with DiskOf.
func WithDisk(ctx context.Context, d Disk) context.Context {
	return context.WithValue(ctx, diskKey{}, d)
}

// DiskOf is the Disk that was lent to a command, or nil.
func DiskOf(ctx context.Context) Disk {
	d, _ := ctx.Value(diskKey{}).(Disk)
	return d
}
