package http

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
	"wireline/protocols/web"
)

// Validator is what --if-range of a later request may be given: the ETag, if
// it is a strong one, or else the date, if it says enough (RFC 9110, section
// 13.1.5). It is "" when two versions could not be told apart.
func (b *result) Validator() string { return validator(b.res) }

// Offset is which byte of the whole the first one is.
func (b *result) Offset() int64 {
	if b.res.Code != http.StatusPartialContent {
		return 0
	}
	from, _, _ := contentRange(b.res)
	return from
}

// Total is the size of the whole, -1 when unknown.
func (b *result) Total() int64 {
	if b.res.Code == http.StatusPartialContent {
		_, total, _ := contentRange(b.res)
		return total
	}
	return b.res.Length
}

// Again fetches the body from a byte on, if it is still the same; else the
// error is of kind ResumeMismatch.
func (b *result) Again(ctx context.Context, from int64) (*verb.Blob, error) {
	v := b.Validator()
	if v == "" || b.r.method != "GET" {
		return nil, web.Locate(fault.New(fault.ResumeMismatch, "nothing tells whether the rest is of the same version"), b.r.url)
	}
	r := *b.r
	r.segments = 0
	if err := r.part(GetArgs{From: from, IfRange: v}); err != nil {
		return nil, err
	}
	res, err := b.s.perform(ctx, &r)
	if err != nil {
		return nil, err
	}
	return b.s.blob(ctx, res, &r)
}

func validator(res *web.Response) string {
	if tag := res.Fields.Get("ETag"); tag != "" {
		if strings.HasPrefix(tag, `"`) {
			return tag
		}
		return ""
	}
	date, err := http.ParseTime(res.Fields.Get("Date"))
	if err != nil {
		return ""
	}
	// A file that was changed within the last minute may change again.
	changed := res.Fields.Get("Last-Modified")
	if t, err := http.ParseTime(changed); err != nil || date.Sub(t).Seconds() < 60 {
		return ""
	}
	return changed
}

// another reports whether res says that it is of another version than tag, an
// ETag or a date. A server that does not know If-Range sends a part all the same.
func another(res *web.Response, tag string) bool {
	now := res.Fields.Get("Last-Modified")
	if strings.HasPrefix(tag, `"`) {
		now = res.Fields.Get("ETag")
	}
	return tag != "" && now != "" && now != tag
}

// contentRange reads bytes FROM-TO/TOTAL and bytes */TOTAL.
func contentRange(res *web.Response) (from, total int64, ok bool) {
	text, ok := strings.CutPrefix(res.Fields.Get("Content-Range"), "bytes ")
	if !ok {
		return 0, -1, false
	}
	part, whole, _ := strings.Cut(text, "/")
	first, _, _ := strings.Cut(part, "-")
	if first != "*" {
		if from, ok = number(first); !ok {
			return 0, -1, false
		}
	}
	if whole == "*" {
		return from, -1, true
	}
	total, ok = number(whole)
	return from, total, ok
}

func number(s string) (int64, bool) {
	n, err := strconv.ParseUint(s, 10, 63)
	return int64(n), err == nil
}

// fits refuses what cannot be put behind the bytes that are there already.
func (r *request) fits(res *web.Response) error {
	from, total, ok := contentRange(res)
	why := ""
	switch code := res.Code; {
	case another(res, r.fields.Get("If-Range")):
		why = "it has changed"
	case code == http.StatusPartialContent:
		if ok && from == r.from {
			return nil
		}
		why = "the part that came does not begin at byte " + strconv.FormatInt(r.from, 10)
	case code == http.StatusRequestedRangeNotSatisfiable:
		if ok && total == r.from {
			return nil // there is no more of it
		}
		why = "it has another size now"
	case code == http.StatusOK:
		if why = "the server sends the whole: it has changed, or parts are not to be had"; !r.fields.Has("If-Range") {
			why = "the server sends the whole: parts are not to be had"
		}
	default:
		why = "the server answers " + strconv.Itoa(code)
	}
	return web.Locate(fault.New(fault.ResumeMismatch, "cannot go on from byte %d: %s", r.from, why), r.url)
}

// A resuming is a body that asks for its rest when the connection breaks.
type resuming struct {
	s    *Session
	ctx  context.Context
	r    *request
	res  *web.Response // the first
	body *web.Content
	got  int64
	left int // tries
	err  error
}

func (b *resuming) Read(p []byte) (int, error) {
	if b.err != nil {
		return 0, b.err
	}
	n, err := b.body.Read(p)
	b.got += int64(n)
	if err != nil && err != io.EOF {
		err = b.again(err)
	}
	b.err = err
	return n, err
}

func (b *resuming) WriteTo(w io.Writer) (total int64, err error) {
	for {
		n, err := b.body.WriteTo(w)
		total += n
		b.got += n
		var f *fault.Error
		if err == nil || !errors.As(err, &f) || f.Phase != "body" {
			return total, err
		}
		if err := b.again(err); err != nil {
			return total, err
		}
	}
}

// again asks for the rest, or says why that cannot be.
func (b *resuming) again(broken error) error {
	v := validator(b.res)
	for n := 1; b.left > 0 && v != "" && fault.Of(broken).Retry && b.ctx.Err() == nil; n++ {
		b.left--
		if err := sleep(b.ctx, b.s.backoff(n)); err != nil {
			return broken
		}
		r := *b.r
		r.ways.Retry = 0
		if b.got > 0 && r.part(GetArgs{From: b.got, IfRange: v}) != nil {
			return broken
		}
		m := r.message()
		res, err := b.s.client.Send(b.ctx, &m, r.login)
		if err != nil {
			broken = err
			continue
		}
		if err = r.verdict(res); err == nil && b.got > 0 {
			err = r.fits(res)
		} else if err == nil && (res.Code != b.res.Code || validator(res) != v) {
			err = web.Locate(fault.New(fault.ResumeMismatch, "it has changed while it was fetched"), r.url)
		}
		if err != nil {
			_ = res.Body.Close()
			return err
		}
		b.body = res.Body
		return nil
	}
	return broken
}

func (b *resuming) Close() error { return b.body.Close() }
