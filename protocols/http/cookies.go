package http

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"path/filepath"

	"wireline/protocols/fault"
	"wireline/protocols/files"
	"wireline/protocols/verb"
)

// CookiesArgs are the arguments of cookies.
type CookiesArgs struct {
	File  string     `arg:"file?" help:"what --save writes; cookies.txt if not given" complete:"local"`
	Save  bool       `flag:"save" help:"write them to a file, as curl and wget do"`
	Load  verb.Input `flag:"load" help:"add those of such a file" complete:"local"`
	Clear bool       `flag:"clear" help:"forget them all"`
}

// Cookies lists the cookies of the session, writes them to a file or reads
// them from there.
func (s *Session) Cookies(ctx context.Context, a CookiesArgs) (any, error) {
	jar := s.client.Jar
	switch {
	case a.File != "" && !a.Save:
		return nil, fault.New(fault.Usage, "cookies %s: --save writes a file, and --load reads one", a.File)
	case a.Clear:
		n := len(jar.List())
		jar.Clear()
		return Told{fmt.Sprintf("%d cookies forgotten", n)}, nil
	case a.Load.ReadCloser != nil:
		defer a.Load.Close()
		n, err := jar.Load(a.Load)
		if err != nil {
			return nil, err
		}
		return Told{fmt.Sprintf("%d cookies loaded", n)}, nil
	case a.Save:
		var b bytes.Buffer
		if err := jar.Save(&b); err != nil {
			return nil, err
		}
		jar := &verb.Blob{Name: "cookies.txt", Size: int64(b.Len()), Type: "text/plain", Save: true, Private: true, ReadCloser: io.NopCloser(&b)}
		disk := files.DiskOf(ctx)
		if a.File == "" || disk == nil {
			return jar, nil
		}
		at, err := filepath.Abs(a.File)
		if err != nil {
			return nil, fault.New(fault.WriteLocal, "cannot write %s: %w", a.File, err)
		}
		if err := disk.Store(ctx, filepath.ToSlash(at), jar, files.Storing{}); err != nil {
			return nil, err
		}
		return Told{fmt.Sprintf("%d cookies saved in %s", len(s.client.Jar.List()), a.File)}, nil
	}
	return rows(jar.List()), nil
}

// Told is what was done, in a line.
type Told struct {
	Text string `json:"text"`
}

func (t Told) Message() string { return t.Text }
