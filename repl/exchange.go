package repl

import (
	"cmp"
	"fmt"
	"io"
	"net/url"
	"strings"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
	"wireline/repl/config"
	"wireline/repl/transfer"
)

// bookmarkable reports why a name and a URL cannot be a bookmark.
func (sh *Shell) bookmarkable(name, target string) error {
	if name == "" || strings.ContainsAny(name, " \t\r\n/:@") {
		return fault.New(fault.BadArgument, "%q cannot name a bookmark", name).WithHint("letters, digits, dots and dashes can")
	}
	if scheme, _, ok := strings.Cut(target, ":"); !ok || sh.speaks(scheme) == nil || strings.ContainsAny(target, " \t\r\n\x00") {
		return fault.New(fault.BadArgument, "%s has no scheme that is known", redactURL(target)).WithHint("such as tcp://localhost:12345")
	}
	return nil
}

// maxBookmarks bounds a file of bookmarks.
const maxBookmarks = 1 << 20

// importBookmarks takes in lines of NAME and URL, as export writes them, or
// of a URL alone, whose bookmark is called as its host. Nothing is kept if a
// line is wrong.
func (sh *Shell) importBookmarks(r *run, file string) (any, error) {
	in, err := sh.importFrom(r, file)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	file = cmp.Or(file, "standard input")
	b, err := io.ReadAll(io.LimitReader(in, maxBookmarks+1))
	if err == nil && len(b) > maxBookmarks {
		err = fmt.Errorf("larger than %d bytes, the limit", maxBookmarks)
	}
	if err != nil {
		return nil, fault.New(fault.ReadLocal, "cannot read %s: %v", file, cause(err))
	}
	add := map[string]string{}
	n := 0
	for line := range strings.Lines(string(b)) {
		n++
		f := strings.Fields(line)
		if len(f) == 0 || strings.HasPrefix(f[0], "#") {
			continue
		}
		if len(f) == 1 {
			if u, err := url.Parse(f[0]); err == nil {
				f = []string{u.Hostname(), f[0]}
			}
		}
		if len(f) != 2 {
			return nil, fault.New(fault.ReadLocal, "%s:%d: want a name and a URL, or a URL", file, n)
		}
		if err := sh.bookmarkable(f[0], f[1]); err != nil {
			return nil, fault.New(fault.ReadLocal, "%s:%d: %v", file, n, err)
		}
		add[f[0]] = withoutPassword(f[1])
	}
	if err := config.AddBookmarks(sh.Dir, add); err != nil {
		return nil, err
	}
	return note(fmt.Sprintf("%d bookmarks taken in", len(add))), nil
}

func (sh *Shell) importFrom(r *run, file string) (verb.Input, error) {
	if file != "" && file != "-" {
		return sh.openInput(file)
	}
	if feed := sh.stdin(r.io, r.argv); feed != nil {
		if in, ok := feed(); ok {
			return in, nil
		}
	}
	return verb.Input{}, fault.New(fault.Usage, "missing the file to import").WithHint("bookmark import FILE, or bookmark import < FILE")
}

// exportBookmarks writes the user's bookmarks as lines of NAME and URL.
func (sh *Shell) exportBookmarks(file string) (any, error) {
	own, err := config.Bookmarks(sh.Dir)
	if err != nil {
		return nil, err
	}
	var b strings.Builder
	for _, name := range sorted(own) {
		b.WriteString(name + " " + own[name] + "\n")
	}
	if file == "" || file == "-" {
		return b.String(), nil
	}
	f, err := transfer.Create(sh.localPath(file), false, 0o666)
	if err != nil {
		return nil, err
	}
	_, err = io.WriteString(f, b.String())
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return nil, fault.New(fault.WriteLocal, "cannot write %s: %v", file, cause(err))
	}
	return note(fmt.Sprintf("%d bookmarks written to %s", len(own), file)), nil
}
