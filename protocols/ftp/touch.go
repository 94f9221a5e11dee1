package ftp

import (
	"context"
	"strings"
	"time"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/files"
)

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

// dating are the commands that set the time of a file, the best first: with
// MDTM vsftpd does. Where that only asks for a time, the server has no such file
// as this, with a time in its name.
func dating() []string { return []string{"MFMT", "SITE UTIME", "MDTM"} }

const utime = 1 // of dating

// setTime sets the time of a file, by the command that did before, or by the
// first one that the server knows: some know MFMT and do not tell.
func (s *Session) setTime(ctx context.Context, p string, t time.Time) error {
	stamp := t.UTC().Format("20060102150405")
	all := dating()
	if _, ok := s.caps.has("MFMT"); ok {
		all = all[:1]
	}
	for i := s.dates; i < len(all); i++ {
		r, err := s.ask(ctx, all[i]+" "+stamp+" "+p)
		switch {
		case err == nil && r.good():
			s.dates = i
			return nil
		case err == nil && unknown(r):
			if s.dates == i {
				s.dates++
			}
			continue
		case err == nil && i == utime && r.Code/100 == 5:
			continue // vsftpd lets not everybody say SITE
		case err == nil:
			err = s.refusal(r)
		}
		return s.of(p, err)
	}
	f := fault.New(fault.Unsupported, "the server cannot set the time of a file")
	f.At = s.target.String()
	return s.of(p, f)
}

// keepTime gives what was stored the time that it has here, if the server can
// do that. It is not worth an error, and a server that could not once is not
// asked again.
func (s *Session) keepTime(ctx context.Context, p string, t time.Time) error {
	_, can := s.caps.has("MFMT")
	if !can && s.undated {
		return nil
	}
	err := s.setTime(ctx, p, t)
	if err != nil && s.ctl.broken != nil {
		return err
	}
	s.undated = s.undated || err != nil
	return nil
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
