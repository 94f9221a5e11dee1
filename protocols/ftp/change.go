package ftp

import (
	"context"
	"path"
	"strings"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/files"
)

// paths are the words of a verb as paths, with patterns replaced by what
// matches them.
func (s *Session) paths(ctx context.Context, first string, more []string) (all []string, err error) {
	for _, w := range append([]string{first}, more...) {
		p, err := s.remote("path", w)
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	if err := s.ready(ctx); err != nil {
		return nil, err
	}
	var found []string
	for _, p := range all {
		if !files.Magic(p) {
			found = append(found, p)
			continue
		}
		ats, err := files.Glob(ctx, s, p)
		if err != nil {
			return nil, err
		}
		for _, at := range ats {
			found = append(found, at.Path)
		}
	}
	return found, nil
}

// changed forgets what is known of directories, since one is other now.
func (s *Session) changed() { s.seen = nil }

// Rm removes files, and with -r directories.
func (s *Session) Rm(ctx context.Context, a files.RmArgs) (c files.Changed, err error) {
	c.Did = "removed"
	list, err := s.paths(ctx, a.Path, a.More)
	if err != nil {
		return c, err
	}
	defer s.changed()
	for _, p := range list {
		err := s.RemoveFile(ctx, p)
		if err != nil && a.Recurse && s.ctl.broken == nil && ctx.Err() == nil {
			err = s.removeAll(ctx, p, err)
		}
		if a.Force && fault.Of(err) == fault.NotFound {
			continue
		}
		if err != nil {
			return c, err
		}
		c.Paths = append(c.Paths, p)
	}
	return c, nil
}

// removeAll removes what is below a directory, then the directory. The names
// . and .. and what leads elsewhere are never targets (F07). why is the error
// if it is no directory.
func (s *Session) removeAll(ctx context.Context, dir string, why error) error {
	if base := path.Base(path.Clean(dir)); base == "." || base == ".." || base == "/" {
		return fault.New(fault.BadArgument, "%q is not removed with all that is in it", dir)
	}
	var below []files.At
	for at, err := range files.Walk(ctx, s, dir) {
		if err != nil {
			if len(below) == 0 && fault.Of(err) != fault.Partial && fault.Of(err) != fault.WriteLocal && why != nil {
				return why
			}
			return err
		}
		if below = append(below, at); len(below) > files.Collected {
			return fault.New(fault.Limit, "there are more than %d files in %s", files.Collected, short(dir))
		}
	}
	for i := len(below) - 1; i >= 0; i-- {
		remove := s.RemoveFile
		if below[i].Kind == files.Dir {
			remove = s.RemoveDir
		}
		if err := remove(ctx, below[i].Path); err != nil {
			return err
		}
	}
	return s.RemoveDir(ctx, dir)
}

// RemoveFile removes a file.
func (s *Session) RemoveFile(ctx context.Context, p string) error {
	if err := s.ready(ctx); err != nil {
		return err
	}
	return s.change(ctx, p, func() error { return s.lib.Delete(p) })
}

// RemoveDir removes an empty directory.
func (s *Session) RemoveDir(ctx context.Context, p string) error {
	if err := s.ready(ctx); err != nil {
		return err
	}
	return s.change(ctx, p, func() error { return s.lib.RemoveDir(p) })
}

// MakeDir makes a directory, unless it is there.
func (s *Session) MakeDir(ctx context.Context, p string) error {
	if err := s.ready(ctx); err != nil {
		return err
	}
	err := s.change(ctx, p, func() error { return s.lib.MakeDir(p) })
	if err == nil || s.ctl.broken != nil || ctx.Err() != nil {
		return err
	}
	if e, serr := s.Stat(ctx, p); serr == nil && e.Kind == files.Dir {
		return nil
	}
	return err
}

// change runs a call of the library that changes something at the server.
// Any reply of the 2xx kind is fine: RFC 959 and RFC 1123 differ, and servers
// from both.
func (s *Session) change(ctx context.Context, p string, f func() error) error {
	if err := protocols.OneLine("path", p); err != nil {
		return err
	}
	err := s.call(ctx, func() error {
		s.ctl.reply = Reply{} // f may fail before there is another
		err := f()
		if s.ctl.broken == nil && err != nil && s.ctl.reply.good() {
			return nil
		}
		return err
	})
	return s.of(p, err)
}

// Mv renames a file, or moves it to a directory.
func (s *Session) Mv(ctx context.Context, a files.MvArgs) (c files.Changed, err error) {
	from, err := s.remote("from", a.From)
	if err != nil {
		return c, err
	}
	to, err := s.remote("to", a.To)
	if err != nil {
		return c, err
	}
	if strings.HasSuffix(to, "/") {
		to = files.Join(to, path.Base(from))
	}
	if err := s.ready(ctx); err != nil {
		return c, err
	}
	defer s.changed()
	if err := s.change(ctx, from, func() error { return s.lib.Rename(from, to) }); err != nil {
		return c, err
	}
	return files.Changed{Did: "renamed", Paths: []string{from + " to " + to}}, nil
}

// Edit has the user change a file.
func (s *Session) Edit(ctx context.Context, a files.EditArgs) (c files.Changed, err error) {
	p, err := s.remote("remote", a.Path)
	if err != nil {
		return c, err
	}
	if err := s.ready(ctx); err != nil {
		return c, err
	}
	return files.Edited(ctx, s, p)
}

// Mkdir makes directories.
func (s *Session) Mkdir(ctx context.Context, a files.DirArgs) (c files.Changed, err error) {
	c.Did = "made"
	for _, w := range append([]string{a.Dir}, a.More...) {
		dir, err := s.remote("dir", w)
		if err != nil {
			return c, err
		}
		if err := s.ready(ctx); err != nil {
			return c, err
		}
		defer s.changed()
		if a.Parents {
			for i, r := range dir {
				if r == '/' && i > 0 && dir[:i] != "." && dir[:i] != ".." {
					// The last one tells whether it worked.
					if err := s.MakeDir(ctx, dir[:i]); err != nil && s.ctl.broken != nil {
						return c, err
					}
				}
			}
			err = s.MakeDir(ctx, strings.TrimSuffix(dir, "/"))
		} else {
			err = s.change(ctx, dir, func() error { return s.lib.MakeDir(dir) })
		}
		if err != nil {
			return c, err
		}
		c.Paths = append(c.Paths, dir)
	}
	return c, nil
}

// Rmdir removes empty directories; with -p those above that are empty then.
func (s *Session) Rmdir(ctx context.Context, a files.DirArgs) (c files.Changed, err error) {
	c.Did = "removed"
	for _, w := range append([]string{a.Dir}, a.More...) {
		dir, err := s.remote("dir", w)
		if err != nil {
			return c, err
		}
		if err := s.ready(ctx); err != nil {
			return c, err
		}
		defer s.changed()
		if err := s.RemoveDir(ctx, dir); err != nil {
			return c, err
		}
		c.Paths = append(c.Paths, dir)
		for a.Parents {
			dir = path.Dir(strings.TrimSuffix(dir, "/"))
			if dir == "." || dir == "/" || s.RemoveDir(ctx, dir) != nil {
				break
			}
			c.Paths = append(c.Paths, dir)
		}
	}
	return c, nil
}
