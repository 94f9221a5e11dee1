package http

import (
	"bytes"
	"context"
	"fmt"
	"io"

	"wireline/protocols/verb"
)

// CookiesArgs are the arguments of cookies.
type CookiesArgs struct {
	Save  bool       `flag:"save" help:"write them to cookies.txt, or to the file that -o names, as curl and wget do"`
	Load  verb.Input `flag:"load" help:"add those of such a file" complete:"local"`
	Clear bool       `flag:"clear" help:"forget them all"`
}

// Cookies lists the cookies of the session, writes them to a file or reads
// them from there.
func (s *Session) Cookies(_ context.Context, a CookiesArgs) (any, error) {
	jar := s.client.Jar
	switch {
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
		return &verb.Blob{Name: "cookies.txt", Size: int64(b.Len()), Type: "text/plain", Save: true, Private: true, ReadCloser: io.NopCloser(&b)}, nil
	}
	return rows(jar.List()), nil
}

// Told is what was done, in a line.
type Told struct {
	Text string `json:"text"`
}

func (t Told) Message() string { return t.Text }
