package files

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"wireline/protocols/verb"
)

// LsArgs are the arguments of ls.
type LsArgs struct {
	Path string `arg:"path?" help:"directory, file or pattern such as *.gz; the current directory if left out" complete:"remote"`
	All  bool   `flag:"a,all" help:"names that begin with a dot too"`
	Long bool   `flag:"l,long" help:"permissions, owner and group too"`
	Sort string `flag:"sort" enum:"name,size,time,none" help:"order; none is the server's"`
}

// Ls declares ls.
func Ls[S any](f func(S, context.Context, LsArgs) (verb.Stream[Entry], error)) verb.Verb {
	return verb.Verb{
		Name: "ls", Short: "list a directory",
		Long:    "Entries are sorted by name unless there are more than 10,000, which are shown\nas they come.",
		Example: []string{"ls", "ls -l /pub", "ls *.gz --sort time"},
		Run: verb.Call(func(s S, ctx context.Context, a LsArgs) (any, error) {
			list, err := f(s, ctx, a)
			if err != nil {
				return nil, err
			}
			return Shown(list, a.Long), nil
		}),
	}
}

// CdArgs are the arguments of cd.
type CdArgs struct {
	Dir string `arg:"dir?" help:"directory; - is the one before, none is where the session began" complete:"remote"`
}

// Cd declares cd.
func Cd[S any](f func(S, context.Context, CdArgs) (Place, error)) verb.Verb {
	return verb.Verb{
		Name: "cd", Aliases: []string{"cwd"}, Short: "go to another directory",
		Example: []string{"cd /pub", "cd ..", "cd -"}, Run: verb.Call(f),
	}
}

// Pwd declares pwd.
func Pwd[S any](f func(S, context.Context, struct{}) (string, error)) verb.Verb {
	return verb.Verb{Name: "pwd", Short: "show the current directory", Example: []string{"pwd"}, Run: verb.Call(f)}
}

// A Place is where a session went.
type Place struct {
	Path string `json:"path"`
}

// Message says it.
func (p Place) Message() string { return "now in " + p.Path }

// CatArgs are the arguments of cat.
type CatArgs struct {
	Path  string `arg:"remote" help:"file to show" complete:"remote"`
	Ascii bool   `flag:"ascii" help:"as text: the server's ends of lines become ours"`
	From  int64  `flag:"from" help:"begin at this byte"`
}

// Cat declares cat.
func Cat[S any](f func(S, context.Context, CatArgs) (*verb.Blob, error)) verb.Verb {
	return verb.Verb{
		Name: "cat", Short: "show a file",
		Example: []string{"cat README", "cat README | less"}, Run: verb.Call(f),
	}
}

// GetArgs are the arguments of get.
type GetArgs struct {
	Path    string   `arg:"remote" help:"file to fetch, or a pattern such as *.gz" complete:"remote"`
	More    []string `arg:"more..." help:"others" complete:"remote"`
	Resume  bool     `flag:"c,continue" help:"go on with what an earlier try has left"`
	Jobs    int      `flag:"j,jobs" help:"how many files at a time"`
	Segment int      `flag:"segments" help:"how many parts of a file at a time, each on a connection of its own"`
	Newer   bool     `flag:"newer" help:"only files that are newer than ours"`
	Recurse bool     `flag:"r,recursive" help:"directories with what is in them"`
	Ascii   bool     `flag:"ascii" help:"as text: the server's ends of lines become ours"`
	From    int64    `flag:"from" help:"begin at this byte"`
}

// Get declares get. Its result is a *verb.Blob for one file, and a
// verb.Stream[Done] for several, which need a Disk.
func Get[S any](f func(S, context.Context, GetArgs) (any, error)) verb.Verb {
	return verb.Verb{
		Name: "get", Aliases: []string{"mget"}, Short: "fetch files",
		Long:    "A file is saved under its own name in the local directory; -o FILE gives\nanother, and -o - shows it. It has its name only when it is complete.",
		Example: []string{"get big.iso", "get big.iso -c", "get big.iso --segments 4", "get *.gz -j 8", "get a.txt -o b.txt"},
		Run:     verb.Call(f),
	}
}

// PutArgs are the arguments of put.
type PutArgs struct {
	File   verb.Input `arg:"local" help:"file to store; - is standard input" complete:"local"`
	Remote string     `arg:"remote?" help:"its name at the server; the same if left out" complete:"remote"`
	Resume bool       `flag:"c,continue" help:"go on with what an earlier try has left"`
	Temp   bool       `flag:"temp" help:"store under another name, and rename when it is complete"`
	Ascii  bool       `flag:"ascii" help:"as text: our ends of lines become the server's"`
}

// Put declares put.
func Put[S any](f func(S, context.Context, PutArgs) (Stored, error)) verb.Verb {
	return verb.Verb{
		Name: "put", Short: "store a file", Danger: true,
		Example: []string{"put x.tgz", "put x.tgz -c", "put x.tgz /pub/y.tgz --temp"}, Run: verb.Call(f),
	}
}

// MputArgs are the arguments of mput.
type MputArgs struct {
	Files   []string `arg:"local..." help:"files or patterns such as *.gz" complete:"local"`
	To      string   `flag:"to" help:"directory at the server" complete:"remote"`
	Temp    bool     `flag:"temp" help:"store each under another name, and rename it when it is complete"`
	Resume  bool     `flag:"c,continue" help:"go on with what an earlier try has left"`
	Jobs    int      `flag:"j,jobs" help:"how many files at a time"`
	Newer   bool     `flag:"newer" help:"only files that are newer than the server's"`
	Recurse bool     `flag:"r,recursive" help:"directories with what is in them"`
}

// Mput declares mput. It needs a Disk.
func Mput[S any](f func(S, context.Context, MputArgs) (verb.Stream[Done], error)) verb.Verb {
	return verb.Verb{
		Name: "mput", Short: "store several files", Danger: true,
		Example: []string{"mput *.gz -j 4", "mput a.txt b.txt --to /pub"}, Run: verb.Call(f),
	}
}

// RmArgs are the arguments of rm.
type RmArgs struct {
	Path    string   `arg:"remote" help:"file or pattern" complete:"remote"`
	More    []string `arg:"more..." help:"others" complete:"remote"`
	Recurse bool     `flag:"r,recursive" help:"directories with all that is in them"`
	Force   bool     `flag:"f,force" help:"no error for what is not there"`
}

// Rm declares rm.
func Rm[S any](f func(S, context.Context, RmArgs) (Changed, error)) verb.Verb {
	return verb.Verb{
		Name: "rm", Aliases: []string{"delete"}, Short: "remove files", Danger: true,
		Example: []string{"rm old.txt", "rm -r old", "rm *.bak"}, Run: verb.Call(f),
	}
}

// MvArgs are the arguments of mv.
type MvArgs struct {
	From string `arg:"from" help:"file or directory" complete:"remote"`
	To   string `arg:"to" help:"its new name; a directory if it ends in a slash" complete:"remote"`
}

// Mv declares mv.
func Mv[S any](f func(S, context.Context, MvArgs) (Changed, error)) verb.Verb {
	return verb.Verb{
		Name: "mv", Aliases: []string{"rename"}, Short: "rename or move a file", Danger: true,
		Example: []string{"mv a.txt b.txt", "mv a.txt old/"}, Run: verb.Call(f),
	}
}

// DirArgs are the arguments of mkdir and rmdir.
type DirArgs struct {
	Dir     string   `arg:"dir" help:"directory" complete:"remote"`
	More    []string `arg:"more..." help:"others" complete:"remote"`
	Parents bool     `flag:"p,parents" help:"those above it too; no error for what is done already"`
}

// Mkdir declares mkdir.
func Mkdir[S any](f func(S, context.Context, DirArgs) (Changed, error)) verb.Verb {
	return verb.Verb{
		Name: "mkdir", Short: "make directories", Danger: true,
		Example: []string{"mkdir new", "mkdir -p a/b/c"}, Run: verb.Call(f),
	}
}

// Rmdir declares rmdir.
func Rmdir[S any](f func(S, context.Context, DirArgs) (Changed, error)) verb.Verb {
	return verb.Verb{
		Name: "rmdir", Short: "remove empty directories", Danger: true,
		Example: []string{"rmdir old", "rmdir -p a/b/c"}, Run: verb.Call(f),
	}
}

// FindArgs are the arguments of find.
type FindArgs struct {
	Dir  string `arg:"dir?" help:"where to begin; the current directory if left out" complete:"remote"`
	Name string `flag:"name" help:"only names like this pattern"`
	Type string `flag:"type" enum:"file,dir,link,other" help:"only entries of this type"`
}

// Find declares find.
func Find[S any](f func(S, context.Context, FindArgs) (verb.Stream[Entry], error)) verb.Verb {
	return verb.Verb{
		Name: "find", Aliases: []string{"search"}, Short: "list a directory and all below it",
		Example: []string{"find", "find /pub --name *.gz"}, Run: verb.Call(f),
	}
}

// MirrorArgs are the arguments of mirror.
type MirrorArgs struct {
	From    string   `arg:"from" help:"directory at the server; with -R ours" complete:"remote"`
	To      string   `arg:"to?" help:"directory to make like it; with -R at the server" complete:"local"`
	Reverse bool     `flag:"R,reverse" help:"from here to the server"`
	Newer   bool     `flag:"newer" help:"only files that are newer than those they replace"`
	Delete  bool     `flag:"delete" help:"remove what is not at the source"`
	Include []string `flag:"include" help:"only files like this pattern; may be repeated"`
	Exclude []string `flag:"exclude" help:"not what is like this pattern; may be repeated"`
	DryRun  bool     `flag:"n,dry-run" help:"only tell what would be done"`
	Temp    bool     `flag:"temp" help:"with -R, store each file under another name, and rename it when it is complete"`
	Resume  bool     `flag:"c,continue" help:"go on with what an earlier try has left"`
	Jobs    int      `flag:"j,jobs" help:"how many files at a time"`
}

// Mirror declares mirror. It needs a Disk.
func Mirror[S any](f func(S, context.Context, MirrorArgs) (verb.Stream[Done], error)) verb.Verb {
	return verb.Verb{
		Name: "mirror", Short: "make a directory like another one", Danger: true,
		Long:    "A file is copied unless there is one of its size that is not older. Links are\nneither made nor followed, and what has a name that would lead elsewhere is\nleft out and makes the command fail at its end. Nothing is deleted if the\nsource could not be listed in whole.",
		Example: []string{"mirror . ./copy --newer --delete --dry-run", "mirror -R ./site /www -j 8"},
		Run:     verb.Call(f),
	}
}

// A Done is what became of one file.
type Done struct {
	Did   string    `json:"did"`  // copied, made, removed, skipped or failed; would copy …
	Path  string    `json:"path"` // where it is now, or would be
	Bytes int64     `json:"bytes"`
	From  Start     `json:"from,omitempty"` // the byte at which it was resumed
	Why   string    `json:"why,omitempty"`  // it was skipped, or failed
	Time  time.Time `json:"mtime,omitzero"`
}

// Report says that a Done tells what was done. (verb.Report)
func (Done) Report() {}

// A Start is the byte at which something was gone on with; 0 is none.
type Start int64

// String is the number, or nothing.
func (s Start) String() string {
	if s == 0 {
		return ""
	}
	return strconv.FormatInt(int64(s), 10)
}

// Stored is what became of the one file that was put.
type Stored struct {
	Done
}

// Message says it.
func (s Stored) Message() string {
	if s.From > 0 {
		return fmt.Sprintf("%s: %d bytes stored, behind the %d that were there", s.Path, s.Bytes, s.From)
	}
	return fmt.Sprintf("%s: %d bytes stored", s.Path, s.Bytes)
}

// Changed is what a verb has changed.
type Changed struct {
	Did   string   `json:"did"` // "removed", "made", "renamed", …
	Paths []string `json:"paths"`
}

// Message says it.
func (c Changed) Message() string { return c.Did + " " + list(c.Paths) }
