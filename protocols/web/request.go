package web

import (
	"encoding/base64"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/http/httpguts"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/wire"
)

// A Request is what is asked of a server.
type Request struct {
	Method  string
	URL     *url.URL // http or https; its user is not looked at
	Host    string   // the Host header; "" is the URL's host
	Fields  Fields   // the other headers, but for those that frame the message
	Body    *Body    // nil: none
	Version string   // "1.0", "1.1" or "2"; "" is 1.1
	Socket  string   // a unix socket to connect to instead of the URL's host
	NoCert  bool     // the client's certificate is not for this server

	said string // to a proxy, of who asks
}

// A Body is that of a request.
type Body struct {
	Size int64                // -1 when unknown: it is sent in chunks
	Once bool                 // it can be read but once
	Open func() io.ReadCloser // begins to read it
}

// Again reports whether the body can be sent once more. It may be nil.
func (b *Body) Again() bool { return b == nil || !b.Once }

// Text is a body that is text.
func Text(s string) *Body {
	return &Body{Size: int64(len(s)), Open: func() io.ReadCloser { return io.NopCloser(strings.NewReader(s)) }}
}

// Whole is all that there is to read of what is called name, and is to be sent.
// What has more than most bytes is refused: no part of it is the whole.
func Whole(from io.Reader, most int64, name string) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(from, most+1))
	if err != nil {
		return nil, fault.New(fault.ReadLocal, "%s cannot be read: %w", name, err)
	}
	if int64(len(b)) > most {
		return nil, fault.New(fault.TooLarge, "%s has more than %d KiB", name, most>>10)
	}
	return b, nil
}

// Check refuses what would be more than one request, or none, on the wire.
func (r *Request) Check() error {
	if !httpguts.ValidHeaderFieldName(r.Method) { // both are tokens (RFC 9110, section 9.1)
		return fault.New(fault.BadArgument, "%q is not a method", r.Method)
	}
	if Port(r.URL.Scheme) == "" || r.URL.Hostname() == "" {
		return fault.New(fault.BadArgument, "%s is no URL of http or https", r.URL.Redacted())
	}
	uri := r.URL.RequestURI()
	if err := protocols.OneLine("host", r.host()); err != nil {
		return err
	}
	if err := protocols.OneLine("path", uri); err != nil {
		return err
	}
	if strings.Contains(uri, " ") {
		return fault.New(fault.BadArgument, "a blank in the path of a URL")
	}
	for _, f := range r.Fields {
		if err := CheckField(f); err != nil {
			return err
		}
	}
	return nil
}

// CheckField refuses a header that would be more than one line, or is none.
func CheckField(f Field) error {
	if !httpguts.ValidHeaderFieldName(f.Name) {
		return fault.New(fault.BadArgument, "%q is not the name of a header", f.Name)
	}
	if !httpguts.ValidHeaderFieldValue(f.Value) {
		return fault.New(fault.BadArgument, "header %s: a control character is not allowed in its value", f.Name)
	}
	return nil
}

func (r *Request) host() string {
	if r.Host != "" {
		return r.Host
	}
	return r.URL.Host
}

// pair is a user and a password as Basic has them (RFC 7617, section 2).
func pair(u *url.Userinfo) string {
	password, _ := u.Password()
	return base64.StdEncoding.EncodeToString([]byte(u.Username() + ":" + password))
}

func (r *Request) clone() *Request {
	c := *r
	c.Fields = slices.Clone(r.Fields)
	return &c
}

// Head is the request up to its body, as it is sent by HTTP/1 (RFC 9112,
// section 3), with CR LF at the ends of its lines.
func (r *Request) Head() string { return string(r.head(nil, nil)) }

// target is what the request line names (RFC 9112, section 3.2).
func (r *Request) target(via *wire.Proxy) string {
	uri := r.URL.RequestURI()
	if via != nil {
		uri = r.URL.Scheme + "://" + r.URL.Host + strings.TrimPrefix(uri, "*")
	}
	return uri
}

// introduce notes what is said to the proxy via of who asks.
func (r *Request) introduce(via *wire.Proxy) {
	if via != nil {
		r.said = via.Authorization(r.Method, r.target(via))
	}
}

// head appends Head to b, as the proxy via is sent it, which is told the server
// in the request line (RFC 9112, section 3.2.2) and who asks; nil: it goes to the
// server.
func (r *Request) head(b []byte, via *wire.Proxy) []byte {
	version := "1.1"
	if r.Version == "1.0" {
		version = "1.0"
	}
	line := func(parts ...string) {
		for _, p := range parts {
			b = append(b, p...)
		}
		b = append(b, "\r\n"...)
	}
	line(r.Method, " ", r.target(via), " HTTP/", version)
	line("Host: ", r.host())
	if via != nil && r.said != "" {
		line("Proxy-Authorization: ", r.said)
	}
	for _, f := range r.Fields {
		line(f.Name, ": ", f.Value)
	}
	switch {
	case r.Body == nil && (r.Method == "POST" || r.Method == "PUT" || r.Method == "PATCH"):
		line("Content-Length: 0")
	case r.Body == nil:
	case r.Body.Size >= 0:
		line("Content-Length: ", strconv.FormatInt(r.Body.Size, 10))
	case version == "1.1":
		line("Transfer-Encoding: chunked")
	}
	line()
	return b
}

// idempotent reports whether sending r twice does no more than sending it
// once (RFC 9110, section 9.2.2).
func (r *Request) idempotent() bool { return Idempotent(r.Method) }

// Idempotent reports whether a request of that method may be sent again when
// nobody knows what became of the first.
func Idempotent(method string) bool {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPut, http.MethodDelete, http.MethodOptions, http.MethodTrace, "PROPFIND":
		return true
	}
	return false
}
