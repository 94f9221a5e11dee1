package http

import (
	"cmp"
	"context"
	"io"
	"mime"
	"net/http"
	"net/url"
	"path"
	"strings"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
	"wireline/protocols/web"
)

// A blob is what a response becomes.
type blob struct {
	verb.Blob
	body result
}

// blob is the body of res, and what else was asked for. That the status is an
// error is told when the body has been read.
func (s *Session) blob(ctx context.Context, res *web.Response, r *request) (*verb.Blob, error) {
	return new(blob).of(ctx, s, res, r)
}

// of makes b that of s and res.
func (b *blob) of(ctx context.Context, s *Session, res *web.Response, r *request) (*verb.Blob, error) {
	b.Blob = verb.Blob{Size: res.Length, Type: res.Fields.Get("Content-Type"), Name: r.name}
	if r.show.Named {
		b.Name = cmp.Or(disposition(res), b.Name)
	}
	if t, err := http.ParseTime(res.Fields.Get("Last-Modified")); err == nil {
		b.Modified = t
	}
	verdict := r.verdict(res)
	if verdict != nil {
		b.Size = -1 // it is nothing that one could go on with
	}
	if r.from > 0 && (verdict == nil || res.Code == http.StatusRequestedRangeNotSatisfiable) {
		if err := r.fits(res); err != nil {
			_ = res.Body.Close()
			return nil, err
		}
		verdict = nil
		if res.Code == http.StatusRequestedRangeNotSatisfiable { // all of it is there already
			b.Size, b.Type = 0, ""
			b.body = result{ReadCloser: http.NoBody, s: s, r: r, res: res, head: s.last}
			b.ReadCloser = &b.body
			return &b.Blob, res.Drain()
		}
	}
	from, err := s.contents(ctx, res, r, &b.Blob)
	if err != nil {
		_ = res.Body.Close()
		return nil, err
	}
	b.body = result{ReadCloser: from, s: s, r: r, res: res, head: s.last, ctype: b.Type, verdict: verdict}
	b.ReadCloser = &b.body
	return &b.Blob, nil
}

// contents is the body as the user wants to see it.
func (s *Session) contents(ctx context.Context, res *web.Response, r *request, b *verb.Blob) (from io.ReadCloser, err error) {
	if most := int64(r.show.Most); most > 0 && res.Length > most {
		return nil, web.Locate(fault.New(fault.TooLarge, "the body has %d bytes, more than --max-filesize", res.Length), r.url)
	}
	if mediaType(b.Type) == "text/event-stream" {
		res.Body.Patience()
	}
	from = res.Body
	switch {
	case r.segments > 0:
		m := s.segmented(ctx, res, r)
		from, b.Size = m, m.total
	case res.Fields.Has("Content-Encoding") && !r.show.Raw:
		b.Size = -1
		if from, err = web.Decode(res); err != nil {
			return nil, err
		}
	case r.ways.Retry > 0 && r.method == "GET" && res.Code == http.StatusOK:
		from = &resuming{s: s, ctx: ctx, r: r, res: res, body: res.Body, left: r.ways.Retry}
	}
	if r.show.Most > 0 {
		from = &capped{from, int64(r.show.Most), r.url}
	}
	if r.method == "GET" {
		from = s.visit(r.url, b.Type, from)
	}
	if s.sample = nil; r.alone && b.Size <= maxSample {
		s.sample = &sample{}
		from = &sampled{ReadCloser: from, of: s.sample}
	}
	body := from
	switch {
	case r.show.JQ != "":
		from, err = jq(ctx, body, r.show.JQ, r.url)
	case r.show.Text && isHTML(b.Type):
		from = &late{make: func() (string, error) { return pageText(body, r.url) }, of: body}
	case r.show.Pretty && isJSON(b.Type):
		from = &late{make: func() (string, error) { return pretty(body, r.url) }, of: body}
	default:
		if r.show.Print == "" || r.show.Print == "b" {
			return from, nil
		}
	}
	ctype := ""
	if r.show.JQ == "" && !r.show.Text {
		ctype = b.Type
	}
	b.Size, b.Type = -1, ""
	if r.show.Print != "" && err == nil {
		from = printed(res, r, s.last, ctype, from)
	}
	return from, err
}

// A result is a body whose status may be an error.
type result struct {
	io.ReadCloser
	s       *Session
	r       *request
	res     *web.Response
	head    *Response
	ctype   string
	verdict error
	viewed  bool
}

// View is the body, or its parts. A page that a link led to is shown as text.
func (b *result) View() (*verb.Blob, error) {
	if v, ok := b.ReadCloser.(verb.Viewer); ok {
		return v.View()
	}
	if b.viewed {
		return nil, nil
	}
	b.viewed = true
	if b.r.browsed && isHTML(b.ctype) && b.r.show.Print == "" {
		text, err := pageText(b.ReadCloser, b.r.url)
		return &verb.Blob{Size: -1, ReadCloser: io.NopCloser(strings.NewReader(text))}, err
	}
	return &verb.Blob{Size: -1, Type: b.ctype, ReadCloser: io.NopCloser(b.ReadCloser)}, nil
}

// WriteTo lets the kernel move the bytes where nothing is done to them.
func (b *result) WriteTo(w io.Writer) (int64, error) {
	if t, ok := b.ReadCloser.(io.WriterTo); ok {
		return t.WriteTo(w)
	}
	return io.Copy(w, b.ReadCloser)
}

func (b *result) Close() error {
	err := b.ReadCloser.Close()
	b.head.Trailers = b.res.Trailers
	switch {
	case b.verdict != nil:
		return b.verdict
	case err != nil || !b.res.Body.Ended() || b.res.Body.Marked():
		return err
	case b.r.show.Strict:
		return web.Locate(fault.New(fault.Partial, "the body ended with the connection, and so may have been longer"), b.r.url)
	case b.s.wire.Warn != nil:
		b.s.wire.Warn("the body ended with the connection: nothing says that it is whole")
	}
	return nil
}

// capped is a body that may not be longer than some.
type capped struct {
	io.ReadCloser
	left int64
	url  *url.URL
}

func (c *capped) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p)
	if c.left -= int64(n); c.left < 0 {
		return 0, web.Locate(fault.New(fault.TooLarge, "the body is larger than --max-filesize"), c.url)
	}
	return n, err
}

// nameOf is the name of what u leads to.
func nameOf(u *url.URL) string {
	if name := path.Base(u.Path); name != "/" && name != "." {
		return name
	}
	return "index.html"
}

// disposition is the name that a response gives to its body (RFC 6266).
func disposition(res *web.Response) string {
	_, params, err := mime.ParseMediaType(res.Fields.Get("Content-Disposition"))
	if err != nil {
		return ""
	}
	return params["filename"]
}

func isHTML(ctype string) bool {
	t := mediaType(ctype)
	return t == "text/html" || t == "application/xhtml+xml"
}
