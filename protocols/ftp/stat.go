package ftp

import (
	"context"
	"errors"
	"path"
	"strings"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/files"
)

// facts is what the server tells of a file without listing its directory:
// all by MLST (RFC 3659), or the size and the time. What it does not tell is
// unknown; it is an error only if nothing was told.
func (s *Session) facts(ctx context.Context, file string) (files.Entry, error) {
	if _, ok := s.caps.has("MLST"); ok && !s.args.NoMLSD {
		return s.mlst(ctx, file)
	}
	e := files.Entry{Name: path.Base(file), Size: files.Unknown}
	err := s.call(ctx, func() error {
		n, err := s.lib.FileSize(file)
		if err == nil && n < 0 {
			return errors.New("a size below zero")
		}
		if err == nil {
			e.Kind, e.Size = files.File, files.Size(n)
		}
		return err
	})
	if s.ctl.broken != nil {
		return e, err
	}
	if t, terr := s.mdtm(ctx, file); terr == nil {
		e.Modified, err = t, nil
	}
	return e, s.of(file, err)
}

func (s *Session) mlst(ctx context.Context, file string) (files.Entry, error) {
	r, err := s.must(ctx, "MLST "+file)
	if err != nil {
		return files.Entry{Size: files.Unknown}, s.of(file, err)
	}
	for _, line := range r.inner() {
		if e, ok := parseMLSx(strings.TrimLeft(line, " ")); ok {
			e.Name = path.Base(e.Name)
			return e.Entry, nil
		}
	}
	return files.Entry{Size: files.Unknown}, &fault.Error{Kind: fault.Protocol, At: s.target.String(), Text: "the reply to MLST tells of no file: " + quote(strings.Join(r.inner(), " "))}
}

// mdtm asks for the time of a file.
func (s *Session) mdtm(ctx context.Context, file string) (time.Time, error) {
	if _, ok := s.caps.has("MDTM"); !ok && len(s.caps.all) > 0 {
		return time.Time{}, fault.New(fault.Unsupported, "the server does not know MDTM")
	}
	r, err := s.must(ctx, "MDTM "+file)
	if err != nil {
		return time.Time{}, s.of(file, err)
	}
	t, ok := parseTime(strings.TrimSpace(r.text()))
	if !ok {
		return t, &fault.Error{Kind: fault.Protocol, At: s.target.String(), Code: "213", Text: "this is no time: " + quote(r.text())}
	}
	return t, nil
}

// Stat tells of a file or a directory.
func (s *Session) Stat(ctx context.Context, file string) (files.Entry, error) {
	if err := s.ready(ctx); err != nil {
		return files.Entry{}, err
	}
	if _, ok := s.caps.has("MLST"); ok && !s.args.NoMLSD {
		return s.mlst(ctx, file)
	}
	if e, err := s.facts(ctx, file); err == nil && e.Kind == files.File || s.ctl.broken != nil {
		return e, err
	}
	dir, name := path.Split(strings.TrimSuffix(file, "/"))
	if name == "" || name == "." || name == ".." {
		return files.Entry{Kind: files.Dir, Name: name, Size: files.Unknown}, nil
	}
	es, err := files.Collect(s.List(ctx, strings.TrimSuffix(dir, "/")))
	for _, e := range es {
		if e.Name == name {
			return e, nil
		}
	}
	if err == nil {
		f := fault.New(fault.NotFound, "there is no such file")
		f.At = s.target.String()
		err = s.of(file, f)
	}
	return files.Entry{}, err
}
