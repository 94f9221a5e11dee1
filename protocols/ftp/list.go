package ftp

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"time"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/files"
	"wireline/protocols/verb"
)

// Ls lists a directory, the entries that match a pattern, or one file.
func (s *Session) Ls(ctx context.Context, a files.LsArgs) (list verb.Stream[files.Entry], err error) {
	dir := a.Path
	if dir != "" {
		if dir, err = s.remote("path", dir); err != nil {
			return nil, err
		}
	}
	err = s.twice(ctx, func() error {
		if files.Magic(dir) {
			list, err = s.matching(ctx, dir)
		} else {
			list, err = s.listing(ctx, dir, a.All, true)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return s.excuse(files.Sorted(list, a.Sort, a.All)), nil
}

// matching are the entries that match a pattern, by their paths.
func (s *Session) matching(ctx context.Context, pattern string) (verb.Stream[files.Entry], error) {
	found, err := files.Glob(ctx, s, pattern)
	if err != nil {
		return nil, err
	}
	return func(yield func(files.Entry, error) bool) {
		for _, f := range found {
			f.Name = f.Path
			if !yield(f.Entry, nil) {
				return
			}
		}
	}, nil
}

// excuse makes a remark of the error that not every line was understood.
func (s *Session) excuse(list verb.Stream[files.Entry]) verb.Stream[files.Entry] {
	return func(yield func(files.Entry, error) bool) {
		for e, err := range list {
			if errors.Is(err, errUnread) {
				s.warn(err.(*fault.Error).Text)
				return
			}
			if !yield(e, err) {
				return
			}
		}
	}
}

// List lists a directory of the server. (files.Lister)
func (s *Session) List(ctx context.Context, dir string) verb.Stream[files.Entry] {
	return func(yield func(files.Entry, error) bool) {
		var list verb.Stream[files.Entry]
		err := s.twice(ctx, func() (err error) {
			list, err = s.listing(ctx, dir, true, false)
			return err
		})
		if err != nil {
			yield(files.Entry{}, err)
			return
		}
		list(yield)
	}
}

// listing opens a listing: by MLSD where the server has it, else by LIST. With
// alone set, dir may be a file.
func (s *Session) listing(ctx context.Context, dir string, all, alone bool) (verb.Stream[files.Entry], error) {
	if _, ok := s.caps.has("MLST"); ok && !s.args.NoMLSD {
		x, err := s.open(ctx, request{command: with("MLSD", dir), about: dir, size: -1})
		if err == nil {
			return s.entries(x, func(line string) (item, bool, bool) {
				it, ok := parseMLSx(line)
				return it, it.self, ok
			}), nil
		}
		f, ok := err.(*fault.Error)
		if !ok || f.Code == "" || s.ctl.broken != nil {
			return nil, err
		}
		if f.Kind != fault.Unsupported {
			if dir == "" || !alone {
				return nil, err
			}
			e, serr := s.mlst(ctx, dir)
			if serr != nil || e.Kind == files.Dir {
				return nil, err
			}
			return one(e), nil
		}
		s.args.NoMLSD = true
	}
	command := "LIST"
	if all {
		if system := s.system(ctx); strings.HasPrefix(system, "UNIX") {
			command += " -a"
		}
	}
	if strings.HasPrefix(dir, "-") {
		dir = "./" + dir
	}
	x, err := s.open(ctx, request{command: with(command, dir), about: dir, size: -1})
	if err != nil {
		return nil, err
	}
	p := &parser{now: time.Now().UTC()}
	some := false
	list := s.entries(x, func(line string) (item, bool, bool) {
		some = true
		return p.parse(line)
	})
	return s.zoned(ctx, dir, func(yield func(files.Entry, error) bool) {
		for e, err := range list {
			if !yield(e, err) || err != nil {
				return
			}
		}
		if !some && dir != "" {
			if err := s.enters(ctx, dir); err != nil {
				yield(files.Entry{}, err)
			}
		}
	}), nil
}

// enters tells why a directory of which LIST shows nothing cannot be entered:
// servers that have no such directory, or may not read it, show nothing, too, and
// say that all went well.
func (s *Session) enters(ctx context.Context, dir string) error {
	if text := s.ctl.reply.text(); strings.Contains(text, "failed to open") { // vsftpd
		return s.of(dir, &fault.Error{Kind: fault.Denied, At: s.target.String(), Text: short(text)})
	}
	r, err := s.ask(ctx, "CWD "+dir)
	if err != nil {
		return err
	}
	if !r.good() {
		return s.of(dir, s.refusal(r))
	}
	_, err = s.must(ctx, "CWD "+s.cwd)
	return err
}

func with(command, arg string) string {
	if arg == "" {
		return command
	}
	return command + " " + arg
}

func one(e files.Entry) verb.Stream[files.Entry] {
	return func(yield func(files.Entry, error) bool) { yield(e, nil) }
}

// errUnread is the cause of an error that says how much was not understood.
var errUnread = errors.New("lines were not understood")

// longLine is the longest line of a listing.
const longLine = 64 << 10

// entries reads a listing to its end, a line at a time.
func (s *Session) entries(x *download, parse func(string) (it item, skip, ok bool)) verb.Stream[files.Entry] {
	return func(yield func(files.Entry, error) bool) {
		defer x.Close()
		r := bufio.NewReaderSize(x, longLine)
		lines, lost := 0, 0
		for {
			raw, err := r.ReadSlice('\n')
			if err == bufio.ErrBufferFull {
				f := fault.New(fault.Limit, "a line of the listing is longer than %d bytes", longLine)
				f.At = s.target.String()
				yield(files.Entry{}, f)
				return
			}
			if err != nil && err != io.EOF {
				yield(files.Entry{}, err)
				return
			}
			if line := strings.TrimRight(s.names.decode(raw), "\r\n"); line != "" {
				lines++
				it, skip, ok := parse(line)
				if !ok {
					lost++
				} else if !skip && !yield(it.Entry, nil) {
					return
				}
			}
			if err == io.EOF {
				break
			}
		}
		err := x.Close()
		if err == nil && lost > 0 {
			err = &fault.Error{Kind: fault.Partial, At: s.target.String(), Err: errUnread,
				Text: fmt.Sprintf("%d of %d lines of the listing not understood", lost, lines), Hint: "dir shows them"}
		}
		if err != nil {
			yield(files.Entry{}, err)
		}
	}
}

// DirArgs are the arguments of dir and nlst.
type DirArgs struct {
	Path string `arg:"path?" help:"directory, or what else the server understands; the current directory if left out" complete:"remote"`
}

// Dir gives a listing as the server sends it.
func (s *Session) Dir(ctx context.Context, a DirArgs) (*verb.Blob, error) {
	return s.text(ctx, "LIST", a.Path)
}

// Nlst gives the names in a directory as the server sends them.
func (s *Session) Nlst(ctx context.Context, a DirArgs) (*verb.Blob, error) {
	return s.text(ctx, "NLST", a.Path)
}

func (s *Session) text(ctx context.Context, command, arg string) (b *verb.Blob, err error) {
	if arg != "" {
		if arg, err = s.remote("path", arg); err != nil {
			return nil, err
		}
	}
	err = s.twice(ctx, func() error {
		x, err := s.open(ctx, request{command: with(command, arg), about: arg, size: -1})
		if err == nil {
			b = &verb.Blob{Size: -1, Type: "text/plain", ReadCloser: newTextReader(x, nil)}
		}
		return err
	})
	return b, err
}

// Find lists a directory and all below it, by paths.
func (s *Session) Find(ctx context.Context, a files.FindArgs) (verb.Stream[files.Entry], error) {
	dir := a.Dir
	var err error
	if dir != "" {
		if dir, err = s.remote("dir", dir); err != nil {
			return nil, err
		}
	}
	if err := protocols.OneLine("name", a.Name); err != nil {
		return nil, err
	}
	if _, err := path.Match(a.Name, ""); err != nil {
		return nil, fault.New(fault.BadArgument, "%q is not a pattern", a.Name)
	}
	if err := s.ready(ctx); err != nil {
		return nil, err
	}
	return func(yield func(files.Entry, error) bool) {
		for at, err := range files.Walk(ctx, s, dir) {
			if err != nil {
				yield(files.Entry{}, err)
				return
			}
			like, _ := path.Match(a.Name, at.Name)
			if a.Name != "" && !like || a.Type != "" && a.Type != at.Kind {
				continue
			}
			at.Name = at.Path
			if !yield(at.Entry, nil) {
				return
			}
		}
	}, nil
}

// listings are directories that were listed for completion.
type listings map[string]listed

type listed struct {
	at    time.Time
	names []string
}

const fresh = 10 * time.Second // a listing for completion

// Complete gives the names that begin as prefix does, directories with a
// slash.
func (s *Session) Complete(ctx context.Context, what, prefix string) ([]string, error) {
	if what != "remote" || s.busy || protocols.OneLine("prefix", prefix) != nil {
		return nil, nil
	}
	dir, base := path.Split(prefix)
	key := files.Join(s.cwd, dir)
	l, ok := s.seen[key]
	if !ok || time.Since(l.at) > fresh {
		where := ""
		if dir != "" {
			var err error
			if where, err = s.remote("path", dir); err != nil {
				return nil, err
			}
		}
		es, err := files.Collect(s.List(ctx, where))
		if err != nil && len(es) == 0 {
			return nil, err
		}
		l = listed{at: time.Now()}
		for _, e := range es {
			if e.Kind == files.Dir {
				e.Name += "/"
			}
			l.names = append(l.names, e.Name)
		}
		if s.seen == nil || len(s.seen) > 100 {
			s.seen = listings{}
		}
		s.seen[key] = l
	}
	var found []string
	for _, n := range l.names {
		if strings.HasPrefix(n, base) && (base != "" || !strings.HasPrefix(n, ".")) {
			found = append(found, dir+n)
		}
	}
	return found, nil
}
