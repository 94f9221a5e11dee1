package web

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"wireline/protocols/wire"
)

// A Response is what a server answered.
type Response struct {
	URL      *url.URL
	Method   string // of the request
	Version  string // "HTTP/1.1"
	Code     int
	Text     string // the reason phrase, or what the code means
	Fields   Fields // as they came; with HTTP/2 in the order of their names
	Trailers Fields // once the body is at its end
	Length   int64  // of the body, -1 when unknown; without a body what it would be
	Body     *Content
	Reused   bool // no connection had to be made for it
	Clock    *Clock

	asked *Request
	via   *wire.Proxy // that was asked
}

// Sent is the head of the request as it went out; with HTTP/2 in the notation of
// HTTP/1.
func (r *Response) Sent() string {
	head := string(r.asked.head(nil, r.via))
	if r.Version == "HTTP/2" {
		head = strings.Replace(head, " HTTP/1.1\r\n", " HTTP/2\r\n", 1)
	}
	return head
}

// proxyAsks reports whether the proxy refused, and there is another thing to say
// of who asks.
func (r *Response) proxyAsks() bool {
	return r.Code == http.StatusProxyAuthRequired && r.via != nil && r.via.Challenged(r.Fields.Values("Proxy-Authenticate"), r.asked.said)
}

// Free gives back the memory of a response of a Pipeline whose body has ended,
// for another one to use. Nothing that is reached by r may be used after that,
// but for texts.
func (r *Response) Free() {
	x := r.Body.x
	if x.line == nil || r.Body.err == nil {
		return
	}
	c, room := x.c, r.Fields[:0]
	clear(room[:cap(room)])
	*x = exchange{}
	x.res.Fields = room
	c.spare.Put(x)
}

// maxDrain is how much of a body nobody wants is read to keep its connection.
const maxDrain = 64 << 10

// Drain ends an exchange whose body nobody wants.
func (r *Response) Drain() error {
	_, err := io.CopyN(io.Discard, r.Body, maxDrain)
	_ = r.Body.Close()
	if err == io.EOF {
		return nil
	}
	return err
}

func statusText(code int, text string) string {
	if text == "" {
		return http.StatusText(code)
	}
	return text
}
