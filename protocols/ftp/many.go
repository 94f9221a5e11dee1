package ftp

import (
	"context"
	"path"
	"strings"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/files"
	"wireline/protocols/verb"
)

// Cat shows a file.
func (s *Session) Cat(ctx context.Context, a files.CatArgs) (b *verb.Blob, err error) {
	p, err := s.remote("remote", a.Path)
	if err != nil {
		return nil, err
	}
	if a.From < 0 {
		return nil, fault.New(fault.BadArgument, "there is no byte %d", a.From)
	}
	err = s.twice(ctx, func() error {
		b, err = s.fetch(ctx, files.At{Path: p}, a.From, a.Ascii)
		return err
	})
	return b, err
}

// Get fetches one file, which the shell keeps, or many, which the Disk does.
func (s *Session) Get(ctx context.Context, a files.GetArgs) (any, error) {
	if len(a.More) == 0 && !files.Magic(a.Path) && !a.Resume && !a.Newer && !a.Recurse && a.Segment <= 1 {
		b, err := s.Cat(ctx, files.CatArgs{Path: a.Path, Ascii: a.Ascii, From: a.From})
		if err != nil {
			return nil, err
		}
		b.Save = true
		return b, nil
	}
	if a.Segment < 0 || a.Segment > mostSegments {
		return nil, fault.New(fault.BadArgument, "a file is fetched in up to %d segments", mostSegments)
	}
	if a.Ascii || a.From != 0 {
		return nil, fault.New(fault.Usage, "--ascii and --from are for one file as it is")
	}
	var list []string
	for _, w := range append([]string{a.Path}, a.More...) {
		p, err := s.remote("remote", w)
		if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	disk, err := diskOf(ctx)
	if err != nil {
		return nil, err
	}
	var items []files.Item
	err = s.twice(ctx, func() error {
		items, err = s.wanted(ctx, list, a.Recurse)
		return err
	})
	if err == nil {
		items, err = files.Named(disk, items)
	}
	if err != nil {
		return nil, err
	}
	return files.Run(ctx, s, disk, items, s.many(files.Options{Jobs: a.Jobs, Resume: a.Resume, Newer: a.Newer, Segments: a.Segment})), nil
}

// mostSegments is as many connections as a server may well bear.
const mostSegments = 16

func diskOf(ctx context.Context) (files.Disk, error) {
	if d := files.DiskOf(ctx); d != nil {
		return d, nil
	}
	if cause := context.Cause(ctx); cause != nil {
		return nil, cause
	}
	return nil, fault.New(fault.Unsupported, "there is no directory to work in").WithHint("get FILE and put FILE do without")
}

// wanted are the files that paths and patterns mean, and where they go: into
// the local directory, under their own names.
func (s *Session) wanted(ctx context.Context, list []string, recurse bool) (items []files.Item, err error) {
	for _, p := range list {
		var found []files.At
		if files.Magic(p) {
			if found, err = files.Glob(ctx, s, p); err != nil {
				return nil, err
			}
		} else {
			e, err := s.Stat(ctx, p)
			if err != nil && (len(list) == 1 || s.ctl.broken != nil || ctx.Err() != nil) {
				return nil, err
			}
			if err != nil { // the others may well be there
				items = append(items, files.Item{Do: files.Copied, To: path.Base(p), Err: err})
				continue
			}
			found = []files.At{{Path: p, Entry: e}}
		}
		for _, f := range found {
			name := path.Base(f.Path)
			switch {
			case files.Safe(name) != nil:
				items = append(items, files.Item{Do: files.Skipped, To: "?", Why: files.Safe(name).Error()})
			case f.Kind == files.Dir && recurse:
				if items, err = below(ctx, s, f.Path, name, items); err != nil {
					return nil, err
				}
			case f.Kind == files.Dir:
				if here := strings.TrimSuffix(p, "/"); here != p && here == s.cwd && len(list) > 1 {
					continue // the URL of a one-shot command, which the names that follow are in
				}
				if !files.Magic(p) {
					items = append(items, files.Item{Do: files.Skipped, To: name, Why: f.Path + " is a directory; -r fetches it"})
				}
			default:
				items = append(items, files.Item{Do: files.Copied, From: f.Path, To: name, Entry: f.Entry})
			}
			if err := files.Counted(items); err != nil {
				return nil, err
			}
		}
	}
	return items, nil
}

// below adds a directory and all that is in it.
func below(ctx context.Context, l files.Lister, dir, to string, items []files.Item) ([]files.Item, error) {
	items = append(items, files.Item{Do: files.Made, To: to})
	for at, err := range files.Walk(ctx, l, dir) {
		if k := fault.Of(err); k == fault.WriteLocal || k == fault.Partial && ctx.Err() == nil {
			return append(items, files.Item{Do: files.Skipped, To: files.Join(to, "?"), Why: err.Error(), Err: err}), nil
		}
		if err != nil {
			return nil, err
		}
		target := files.Join(to, at.Path[len(files.Join(dir, "x"))-1:])
		switch at.Kind {
		case files.Dir:
			items = append(items, files.Item{Do: files.Made, To: target})
		case files.File:
			items = append(items, files.Item{Do: files.Copied, From: at.Path, To: target, Entry: at.Entry})
		}
		if err := files.Counted(items); err != nil {
			return nil, err
		}
	}
	return items, nil
}

// Mput stores several files.
func (s *Session) Mput(ctx context.Context, a files.MputArgs) (verb.Stream[files.Done], error) {
	to := a.To
	var err error
	if to != "" {
		if to, err = s.remote("to", to); err != nil {
			return nil, err
		}
	}
	if len(a.Files) == 0 {
		return nil, fault.New(fault.Usage, "there is no file to store")
	}
	disk, err := diskOf(ctx)
	if err != nil {
		return nil, err
	}
	if err := s.ready(ctx); err != nil {
		return nil, err
	}
	var items []files.Item
	for _, w := range a.Files {
		if err := protocols.OneLine("local", w); err != nil {
			return nil, err
		}
		list, err := disk.Glob(w)
		if err != nil {
			return nil, err
		}
		if len(list) == 0 {
			f := fault.New(fault.ReadLocal, "nothing here matches %s", w)
			if !files.Magic(w) {
				f = fault.New(fault.ReadLocal, "there is no file %s here", w).WithHint("--to DIR says where they go")
			}
			if len(a.Files) == 1 {
				return nil, f
			}
			items = append(items, files.Item{Do: files.Copied, To: files.Join(to, path.Base(w)), Err: f})
		}
		for _, p := range list {
			e, err := disk.Stat(ctx, p)
			if err != nil {
				return nil, err
			}
			target := files.Join(to, path.Base(p))
			switch {
			case e.Kind == files.Dir && a.Recurse:
				if items, err = below(ctx, disk, p, target, items); err != nil {
					return nil, err
				}
			case e.Kind == files.Dir:
				items = append(items, files.Item{Do: files.Skipped, To: target, Why: p + " is a directory; -r stores it"})
			default:
				items = append(items, files.Item{Do: files.Copied, From: p, To: target, Entry: e})
			}
		}
	}
	return files.Run(ctx, disk, s, items, s.many(files.Options{Jobs: a.Jobs, Resume: a.Resume, Newer: a.Newer, Temp: a.Temp})), nil
}

// Mirror makes a directory like another.
func (s *Session) Mirror(ctx context.Context, a files.MirrorArgs) (verb.Stream[files.Done], error) {
	theirs, ours := a.From, a.To
	if a.Reverse {
		theirs, ours = a.To, a.From
	}
	if theirs == "" {
		theirs = path.Base(ours)
	} else if ours == "" {
		ours = path.Base(theirs)
	}
	ours = path.Clean(ours)
	p, err := s.remote("remote", theirs)
	if err != nil {
		return nil, err
	}
	for _, pattern := range append(a.Include[:len(a.Include):len(a.Include)], a.Exclude...) {
		if err := protocols.OneLine("pattern", pattern); err != nil {
			return nil, err
		}
	}
	if err := protocols.OneLine("local", ours); err != nil {
		return nil, err
	}
	disk, err := diskOf(ctx)
	if err != nil {
		return nil, err
	}
	if err := s.ready(ctx); err != nil {
		return nil, err
	}
	if a.Reverse {
		return files.Mirrored(ctx, disk, s, ours, p, a, s.many(files.Options{})), nil
	}
	return files.Mirrored(ctx, s, disk, p, ours, a, s.many(files.Options{})), nil
}

// Fetch begins to read a file. (files.Getter)
func (s *Session) Fetch(ctx context.Context, file files.At, from int64) (b *verb.Blob, err error) {
	if _, err := s.remote("remote", file.Path); err != nil {
		return nil, err
	}
	if _, ok := s.caps.has("MLST"); !ok {
		file.Kind = "" // LIST tells the time in nobody knows which zone
	}
	err = s.twice(ctx, func() error {
		b, err = s.fetch(ctx, file, from, false)
		return err
	})
	return b, err
}

// Clone logs in once more, in the same directory. Its TLS sessions are its
// own: a server may want a data connection to resume the session of its very
// control connection (FTP-04). (files.Cloner)
func (s *Session) Clone(ctx context.Context) (files.Clone, error) {
	c := &clone{Session: Session{peer: s.peer, wire: s.wire.Child(), target: s.target, args: s.args, name: s.name, secret: s.secret, names: s.names.clone(), home: s.home, zone: s.zone, act: s.act.clone(s.args)}}
	c.release = c.wire.Bind(ctx)
	err := c.dialOnce(ctx)
	if err == nil {
		err = c.enter(ctx)
	}
	if err == nil && c.cwd != s.cwd {
		_, err = c.chdir(ctx, s.cwd)
	}
	if err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

// A clone is a session for the time of a command.
type clone struct {
	Session
	release func()
}

func (c *clone) Close() error {
	defer c.release()
	if c.ctl == nil {
		return nil
	}
	return c.Session.Close()
}
