package http

import (
	"fmt"
	"io"
	"mime"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

// A Response is the head of one, and how it came.
type Response struct {
	URL     string  `json:"url"`
	Method  string  `json:"method"`
	Version string  `json:"version"` // "HTTP/1.1"
	Code    int     `json:"code"`
	Text    string  `json:"text"` // the reason phrase, or what the code means
	Headers []Field `json:"headers"`
	Hops    []Hop   `json:"hops,omitempty"` // the redirects before it
	Reused  bool    `json:"reused"`         // no connection had to be made for it

	clock *clock
}

// A Field is one header.
type Field struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// A Hop is one redirect that was followed.
type Hop struct {
	Code int           `json:"code"`
	From string        `json:"from"`
	To   string        `json:"to"`
	Took time.Duration `json:"took"`
}

// String is the head as it is sent.
func (r *Response) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %d %s\n", r.Version, r.Code, r.Text)
	for _, h := range r.Headers {
		b.WriteString(h.Name + ": " + h.Value + "\n")
	}
	return b.String()
}

func (r *Response) code() string { return strconv.Itoa(r.Code) }

// response notes the head of x, the answer to r.
func response(r *request, x *exchange, hops []Hop) *Response {
	_, text, _ := strings.Cut(x.res.Status, " ")
	if text == "" {
		text = http.StatusText(x.res.StatusCode)
	}
	return &Response{
		URL: r.url.Redacted(), Method: r.method, Version: x.res.Proto, Code: x.res.StatusCode, Text: text,
		Headers: headersOf(x.res.Header), Hops: hops, Reused: x.clock.reused(), clock: x.clock,
	}
}

func headersOf(h http.Header) []Field {
	var all []Field
	for name, values := range h {
		for _, v := range values {
			all = append(all, Field{name, v})
		}
	}
	slices.SortStableFunc(all, func(a, b Field) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// verdict is the error that the status is, if it is one.
func (r *request) verdict(res *Response) error {
	if slices.Contains(r.expect, res.Code) || len(r.expect) == 0 && res.Code < 400 {
		return nil
	}
	e := located(&fault.Error{Kind: fault.Refused, Code: res.code(), Text: res.Text}, r.url)
	if res.Code == http.StatusMethodNotAllowed {
		if i := slices.IndexFunc(res.Headers, func(h Field) bool { return h.Name == "Allow" }); i >= 0 {
			e.Hint = "it has " + res.Headers[i].Value
		}
	}
	return e
}

// blob is the body of x and, with --print, what else was asked for. That the
// status is an error is told when the body has been read.
func (s *Session) blob(x *exchange, r *request) *verb.Blob {
	b := &verb.Blob{Size: x.res.ContentLength, Type: x.res.Header.Get("Content-Type")}
	if name := path.Base(r.url.Path); name != "/" && name != "." {
		b.Name = name
	}
	if t, err := http.ParseTime(x.res.Header.Get("Last-Modified")); err == nil {
		b.Modified = t
	}
	var from io.ReadCloser = x.res.Body
	if r.method == "GET" {
		s.visit(r.url, x)
	}
	if r.print != "" && r.print != "b" {
		from, b.Size, b.Type = printed(x, r, s.last), -1, ""
	}
	b.ReadCloser = judged{from, r.verdict(s.last)}
	return b
}

// judged is a body whose status may be an error.
type judged struct {
	io.ReadCloser
	verdict error
}

func (j judged) Close() error {
	if err := j.ReadCloser.Close(); j.verdict == nil {
		return err
	}
	return j.verdict
}

func mediaType(header string) string {
	t, _, err := mime.ParseMediaType(header)
	if err != nil {
		t, _, _ = strings.Cut(header, ";")
	}
	return strings.ToLower(strings.TrimSpace(t))
}
