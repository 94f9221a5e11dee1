package http

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/web"
)

// A Response is the head of one, and how it came.
type Response struct {
	URL      string      `json:"url"`
	Method   string      `json:"method"`
	Version  string      `json:"version"` // "HTTP/1.1"
	Code     int         `json:"code"`
	Text     string      `json:"text"` // the reason phrase, or what the code means
	Headers  []web.Field `json:"headers"`
	Trailers []web.Field `json:"trailers,omitempty"` // once the body has been read
	Hops     []Hop       `json:"hops,omitempty"`     // the redirects before it
	Reused   bool        `json:"reused"`             // no connection had to be made for it

	clock *web.Clock
	from  *web.Response
}

// A Hop is one redirect that was followed.
type Hop struct {
	Code   int           `json:"code"`
	From   string        `json:"from"`
	To     string        `json:"to"`
	Took   time.Duration `json:"took"`
	Timing web.Timing    `json:"timing"`

	of *Response // what redirected
}

// String is the head as it came.
func (r *Response) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %d %s\n", r.Version, r.Code, r.Text)
	for _, h := range r.Headers {
		b.WriteString(h.Name + ": " + h.Value + "\n")
	}
	return b.String()
}

// MediaType is that of a head.
func (r *Response) MediaType() string { return headType }

func (r *Response) code() string { return strconv.Itoa(r.Code) }

// response notes the head of the answer to r.
func response(r *request, res *web.Response, hops []Hop) Response {
	return Response{
		URL: r.url.Redacted(), Method: r.method, Version: res.Version, Code: res.Code, Text: res.Text,
		Headers: res.Fields, Hops: hops, Reused: res.Reused, clock: res.Clock, from: res,
	}
}

// verdict is the error that the status is, if it is one.
func (r *request) verdict(res *web.Response) error {
	if slices.Contains(r.how.Expect, res.Code) || len(r.how.Expect) == 0 && res.Code < 400 {
		return nil
	}
	e := web.Locate(&fault.Error{Kind: fault.Refused, Code: strconv.Itoa(res.Code), Text: res.Text}, r.url)
	switch res.Code {
	case http.StatusUnauthorized:
		if e.Hint = "-u NAME says who asks"; r.login.Refused(res) {
			if e.Kind, e.Hint = fault.Login, ""; r.alone {
				r.login.Forget()
			}
		}
	case http.StatusProxyAuthRequired:
		e.Hint = "it is the proxy that asks; --proxy-user NAME:PASSWORD says who you are"
		if strings.Contains(res.Sent(), "\r\nProxy-Authorization: ") {
			e.Hint = "it is the proxy that refuses this user or password"
		}
	case http.StatusMethodNotAllowed:
		if allow := res.Fields.Get("Allow"); allow != "" {
			e.Hint = "it has " + allow
		}
	}
	return e
}

func mediaType(header string) string {
	t, _, _ := strings.Cut(header, ";")
	return strings.ToLower(strings.TrimSpace(t))
}
