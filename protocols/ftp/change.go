package ftp

import (
	"context"
	"path"
	"strings"
	"time"

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
		below = append(below, at)
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
	err := s.call(ctx, func() error {
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

// ChmodArgs are the arguments of chmod.
type ChmodArgs struct {
	Mode string   `arg:"mode" help:"octal permissions, such as 644"`
	Path string   `arg:"remote" help:"file" complete:"remote"`
	More []string `arg:"more..." help:"others" complete:"remote"`
}

// Chmod says SITE CHMOD, which most servers know.
func (s *Session) Chmod(ctx context.Context, a ChmodArgs) (c files.Changed, err error) {
	if a.Mode == "" || len(a.Mode) > 5 || strings.Trim(a.Mode, "01234567") != "" {
		if err := protocols.OneLine("mode", a.Mode); err != nil {
			return c, err
		}
		return c, fault.New(fault.BadArgument, "%q is no mode such as 644", a.Mode)
	}
	list, err := s.paths(ctx, a.Path, a.More)
	if err != nil {
		return c, err
	}
	defer s.changed()
	c.Did = "mode " + a.Mode + " on"
	for _, p := range list {
		if _, err := s.must(ctx, "SITE CHMOD "+a.Mode+" "+p); err != nil {
			return c, s.of(p, err)
		}
		c.Paths = append(c.Paths, p)
	}
	return c, nil
}

// TouchArgs are the arguments of touch.
type TouchArgs struct {
	Path string   `arg:"remote" help:"file" complete:"remote"`
	More []string `arg:"more..." help:"others" complete:"remote"`
	Time string   `flag:"time" help:"such as 2026-01-02 or 2026-01-02T15:04:05Z; now if left out"`
}

// Touch sets the time of files (MFMT, or SITE UTIME and MDTM where that is
// not known).
func (s *Session) Touch(ctx context.Context, a TouchArgs) (c files.Changed, err error) {
	t := time.Now()
	if a.Time != "" {
		if t, err = timeFrom(a.Time); err != nil {
			return c, err
		}
	}
	list, err := s.paths(ctx, a.Path, a.More)
	if err != nil {
		return c, err
	}
	defer s.changed()
	c.Did = t.UTC().Format("2006-01-02 15:04:05 MST") + " on"
	for _, p := range list {
		if err := s.setTime(ctx, p, t); err != nil {
			return c, err
		}
		c.Paths = append(c.Paths, p)
	}
	return c, nil
}

func timeFrom(text string) (time.Time, error) {
	if err := protocols.OneLine("time", text); err != nil {
		return time.Time{}, err
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02", "20060102150405"} {
		if t, err := time.ParseInLocation(layout, text, time.Local); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fault.New(fault.BadArgument, "%q is no time such as 2026-01-02 or 2026-01-02T15:04:05Z", text)
}

func (s *Session) setTime(ctx context.Context, p string, t time.Time) error {
	stamp := t.UTC().Format("20060102150405")
	if _, ok := s.caps.has("MFMT"); ok {
		return s.change(ctx, p, func() error { return s.lib.SetTime(p, t) })
	}
	// Some servers know it and do not tell.
	r, err := s.ask(ctx, "MFMT "+stamp+" "+p)
	if err == nil && unknown(r) {
		r, err = s.ask(ctx, "SITE UTIME "+stamp+" "+p)
	}
	if err == nil && unknown(r) {
		// vsftpd sets the time with MDTM. Where that only asks for a time, it
		// has no such file as this, with a time in its name.
		r, err = s.ask(ctx, "MDTM "+stamp+" "+p)
	}
	switch {
	case err == nil && unknown(r):
		f := fault.New(fault.Unsupported, "the server cannot set the time of a file")
		f.At = s.target.String()
		err = f
	case err == nil && !r.good():
		err = s.refusal(r)
	}
	return s.of(p, err)
}

// unknown reports whether a server does not know a command.
func unknown(r Reply) bool { return r.Code >= 500 && r.Code <= 504 }

// PathArgs name one file.
type PathArgs struct {
	Path string `arg:"remote" help:"file" complete:"remote"`
}

// Size asks how many bytes a file has.
func (s *Session) Size(ctx context.Context, a PathArgs) (n int64, err error) {
	p, err := s.remote("remote", a.Path)
	if err != nil {
		return 0, err
	}
	err = s.twice(ctx, func() error {
		if err := s.setType(ctx, "I"); err != nil {
			return err
		}
		return s.call(ctx, func() error {
			n, err = s.lib.FileSize(p)
			return err
		})
	})
	return n, s.of(p, err)
}

// Mtime asks when a file was changed.
func (s *Session) Mtime(ctx context.Context, a PathArgs) (t time.Time, err error) {
	p, err := s.remote("remote", a.Path)
	if err != nil {
		return t, err
	}
	err = s.twice(ctx, func() error {
		t, err = s.mdtm(ctx, p)
		return err
	})
	return t, err
}
