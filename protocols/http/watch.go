package http

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"strings"
	"time"

	"wireline/protocols/verb"
	"wireline/protocols/web"
)

// A Change is what a URL gives, when that has changed.
type Change struct {
	Time   time.Time `json:"time"`
	Code   int       `json:"code"`
	Bytes  int64     `json:"bytes"`
	ETag   string    `json:"etag,omitempty"`
	SHA256 string    `json:"sha256,omitempty"` // of the body
}

// WatchArgs are the arguments of watch.
type WatchArgs struct {
	URL   string        `arg:"url?" help:"URL, or what to add to the session's base" complete:"remote"`
	Items []string      `arg:"item..." help:"header Name:value or query q==v"`
	Every time.Duration `flag:"every" help:"time between two looks; 10 seconds if not given"`
	Count int           `flag:"count" help:"stop after so many changes; the first look counts as one"`
	How
}

// Watch fetches a URL again and again and gives a row when it has changed. A
// server that knows ETags or dates is asked for changes only.
func (s *Session) Watch(ctx context.Context, a WatchArgs) (verb.Stream[Change], error) {
	r, err := s.request("GET", Args{URL: a.URL, Items: a.Items, How: a.How}, verb.Input{})
	if err != nil {
		return nil, err
	}
	if a.Every <= 0 {
		a.Every = 10 * time.Second
	}
	return func(yield func(Change, error) bool) {
		var was Change
		for n := 0; ; {
			one := *r
			now, err := s.look(ctx, &one)
			if err != nil {
				yield(Change{}, err)
				return
			}
			if now != nil && (now.Code != was.Code || now.SHA256 != was.SHA256) {
				was = *now
				if n++; !yield(was, nil) || n == a.Count {
					return
				}
			}
			if err := sleep(ctx, a.Every); err != nil {
				yield(Change{}, web.Locate(err, r.url))
				return
			}
			if tag := s.last.from.Fields.Get("ETag"); tag != "" {
				r.fields.Set("If-None-Match", tag)
			} else if date := s.last.from.Fields.Get("Last-Modified"); date != "" {
				r.fields.Set("If-Modified-Since", date)
			}
		}
	}, nil
}

// look fetches once; nil when the server says that nothing has changed.
func (s *Session) look(ctx context.Context, r *request) (*Change, error) {
	res, err := s.perform(ctx, r)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	if res.Code == 304 {
		return nil, nil
	}
	h := sha256.New()
	n, err := io.Copy(h, res.Body)
	if err != nil {
		return nil, err
	}
	return &Change{
		Time: time.Now(), Code: res.Code, Bytes: n,
		ETag: strings.ToValidUTF8(res.Fields.Get("ETag"), "?"), SHA256: hex.EncodeToString(h.Sum(nil)),
	}, nil
}
