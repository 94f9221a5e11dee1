package ftp

import (
	"context"
	"net/url"
	"strings"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/files"
)

// route gives URLs a meaning: ftp://host/pub/ is to be listed and
// ftp://host/pub/a.gz to be shown, below the directory to which the login
// leads. A path that begins with %2F or a second slash begins at the root
// (RFC 1738, section 3.2.2).
func route(u *url.URL) (name string, words []string) {
	p := urlPath(u)
	switch {
	case p == "":
		return "ls", nil
	case strings.HasSuffix(p, "/"):
		return "ls", []string{p}
	}
	return "cat", []string{p}
}

func urlPath(u *url.URL) string {
	if u == nil {
		return ""
	}
	p := strings.TrimPrefix(u.Path, "/")
	if i := strings.LastIndex(p, ";type="); i >= 0 && len(p) == i+len(";type=x") {
		p = p[:i]
	}
	if p == "" || strings.HasPrefix(p, "/") {
		return p
	}
	return "~/" + p
}

// remote is a path as the server is told it. ~ is the directory to which the
// login has led. (I01)
func (s *Session) remote(arg, p string) (string, error) {
	if err := protocols.OneLine(arg, p); err != nil {
		return "", err
	}
	if p == "" {
		return "", fault.New(fault.BadArgument, "%s is empty", arg)
	}
	if p == "~" {
		p = s.home
	} else if rest, ok := strings.CutPrefix(p, "~/"); ok {
		p = strings.TrimSuffix(s.home, "/") + "/" + rest
	}
	if _, err := s.names.encode(p); err != nil {
		return "", err
	}
	return p, nil
}

// twice runs f, which changes nothing at the server, and runs it again on a
// new connection if the old one turns out to be gone.
func (s *Session) twice(ctx context.Context, f func() error) error {
	if err := s.ready(ctx); err != nil {
		return err
	}
	err := f()
	if k := fault.Of(err); err == nil || s.ctl.broken == nil || ctx.Err() != nil || k != fault.Recv && k != fault.Send {
		return err
	}
	if s.again(ctx) != nil {
		return err
	}
	return f()
}

// Cd goes to another directory.
func (s *Session) Cd(ctx context.Context, a files.CdArgs) (p files.Place, err error) {
	dir := a.Dir
	switch dir {
	case "":
		dir = s.home
	case "-":
		if dir = s.last; dir == "" {
			return p, fault.New(fault.Usage, "there is no directory before this one")
		}
	}
	if dir, err = s.remote("dir", dir); err != nil {
		return p, err
	}
	err = s.twice(ctx, func() error {
		p.Path, err = s.chdir(ctx, dir)
		return err
	})
	return p, err
}

// Cdup goes to the directory above.
func (s *Session) Cdup(ctx context.Context, _ struct{}) (p files.Place, err error) {
	err = s.twice(ctx, func() error {
		if err := s.change(ctx, "", s.lib.ChangeDirToParent); err != nil {
			return err
		}
		before := s.cwd
		err = s.where(ctx)
		s.left(before)
		p.Path = s.cwd
		return err
	})
	return p, err
}

func (s *Session) chdir(ctx context.Context, dir string) (string, error) {
	if err := s.change(ctx, dir, func() error { return s.lib.ChangeDir(dir) }); err != nil {
		return "", err
	}
	before := s.cwd
	if err := s.where(ctx); err != nil {
		return "", err
	}
	s.left(before)
	return s.cwd, nil
}

func (s *Session) left(before string) {
	if before != s.cwd {
		s.last = before
	}
}

// Pwd asks where the session is.
func (s *Session) Pwd(ctx context.Context, _ struct{}) (string, error) {
	err := s.twice(ctx, func() error { return s.where(ctx) })
	return s.cwd, err
}

// where asks for the current directory.
func (s *Session) where(ctx context.Context) error {
	r, err := s.ask(ctx, "PWD")
	if err != nil {
		return err
	}
	if !r.good() {
		if r.Code/100 == 5 {
			if s.cwd == "" {
				s.cwd = "/"
			}
			return nil // it does not tell
		}
		return s.refusal(r)
	}
	dir, ok := parsePWD(r.text())
	if !ok {
		return s.ctl.fail(&fault.Error{Kind: fault.Protocol, At: s.target.String(), Code: "257", Text: "the reply to PWD names no directory: " + quote(r.text())})
	}
	s.cwd = dir
	return nil
}

// parsePWD reads the name in the text of a 257 reply: in quotes, where a
// quote within is doubled (RFC 959, appendix II). Some servers say something
// before it.
func parsePWD(text string) (dir string, ok bool) {
	_, rest, ok := strings.Cut(text, `"`)
	if !ok {
		return "", false
	}
	var b strings.Builder
	for {
		part, after, found := strings.Cut(rest, `"`)
		if !found {
			return "", false
		}
		b.WriteString(part)
		if rest, found = strings.CutPrefix(after, `"`); !found {
			return b.String(), b.Len() > 0
		}
		b.WriteByte('"')
	}
}
