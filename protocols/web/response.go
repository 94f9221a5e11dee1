package web

import (
	"io"
	"net/http"
	"net/url"
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
	Sent     string // the head of the request
	Reused   bool   // no connection had to be made for it
	Clock    *Clock
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
