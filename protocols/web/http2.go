package web

import (
	"bytes"
	"cmp"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/textproto"
	"strings"

	"golang.org/x/net/http2/hpack"

	"wireline/protocols/fault"
	"wireline/protocols/wire"
)

// Windows large enough that a body need not wait for them.
const (
	frameSize  = 1 << 20
	streamRoom = 4<<20 - 1
)

// second begins HTTP/2 (RFC 9113) on k. It is net/http's, which takes a wire
// that speaks TLS already for one that needs none.
func (k *conn) second(ctx context.Context) (err error) {
	t := &http.Transport{
		DialContext:            func(context.Context, string, string) (net.Conn, error) { return &opening{Conn: k.Conn, k: k}, nil },
		DisableCompression:     true,
		MaxResponseHeaderBytes: maxHead,
		Protocols:              new(http.Protocols),
		HTTP2:                  &http.HTTP2Config{MaxReadFrameSize: frameSize, MaxReceiveBufferPerStream: streamRoom, MaxReceiveBufferPerConnection: streamRoom},
	}
	t.Protocols.SetUnencryptedHTTP2(true)
	if k.h2, err = t.NewClientConn(ctx, "http", "wire:1"); err != nil {
		return k.unversed(fault.New(fault.Protocol, "no HTTP/2: %s", brief(err.Error())))
	}
	return nil
}

// An opening is a connection whose first bytes are looked at: net/http says in
// more ways than one that they are of HTTP/1.
type opening struct {
	*wire.Conn
	k    *conn
	seen bool
}

func (o *opening) Read(p []byte) (int, error) {
	n, err := o.Conn.Read(p)
	if n > 0 && !o.seen {
		o.seen = true
		o.k.http1.Store(bytes.HasPrefix(p[:n], []byte("HTTP/1")))
	}
	return n, err
}

// unversed is err, or that the server does not speak HTTP/2.
func (k *conn) unversed(err error) error {
	if !k.http1.Load() {
		return err
	}
	return fault.New(fault.Protocol, "no HTTP/2: the server answers with HTTP/1").WithHint("without --http 2 it is talked to so")
}

// usable reports whether another request may be sent over HTTP/2.
func (k *conn) usable() bool { return k.h2.Err() == nil }

// ask2 is one exchange over HTTP/2.
func (c *Client) ask2(ctx context.Context, x *exchange, r *Request) (*Response, error) {
	c.veil(r.Fields)
	m := &http.Request{
		Method: r.Method, URL: r.URL, Host: r.host(), Header: r.Fields.Header(),
		Proto: "HTTP/2.0", ProtoMajor: 2,
	}
	if r.Body != nil {
		m.ContentLength = r.Body.Size
		m.Body = &moving{r.Body.Open(), x.taken}
		if r.Body.Size == 0 {
			m.Body = http.NoBody
		}
	}
	res := x.response(r)
	interim := 0
	var flood error // net/http only tells that there was an error
	trace := &httptrace.ClientTrace{
		WroteRequest:         func(httptrace.WroteRequestInfo) { x.wrote() },
		GotFirstResponseByte: func() { x.clock.mark(&x.clock.first) },
		Got1xxResponse: func(int, textproto.MIMEHeader) error {
			if interim++; interim > maxInterim {
				flood = fault.New(fault.Limit, "more than %d interim responses", maxInterim)
			}
			return flood
		},
	}
	got, err := x.k.h2.RoundTrip(m.WithContext(httptrace.WithClientTrace(ctx, trace)))
	if err != nil {
		return nil, x.k.unversed(cmp.Or(flood, err))
	}
	if _, err := contentLength(got.Header.Values("Content-Length")); err != nil { // which net/http takes for none
		_ = got.Body.Close()
		return nil, err
	}
	x.clock.mark(&x.clock.first)
	res.Version, res.Code, res.Length = "HTTP/2", got.StatusCode, got.ContentLength
	res.Text, res.Fields = http.StatusText(got.StatusCode), fieldsOf(got.Header)
	res.Body = x.content(ctx, &end2{got.Body, got, res})
	return res, nil
}

// end2 notes the trailers at the end of a body.
type end2 struct {
	io.ReadCloser
	from *http.Response
	to   *Response
}

func (e *end2) Read(p []byte) (int, error) {
	n, err := e.ReadCloser.Read(p)
	if err == io.EOF {
		e.to.Trailers = fieldsOf(e.from.Trailer)
	}
	return n, err
}

// veil keeps secrets out of traces in the form that HTTP/2 gives them.
func (c *Client) veil(all Fields) {
	for _, f := range all {
		if !Secret(f.Name) {
			continue
		}
		for part := range strings.SplitSeq(f.Value, "; ") {
			c.Wire.Secret(part)
			c.Wire.Secret(string(hpack.AppendHuffmanString(nil, part)))
		}
	}
}

// Secret reports whether the value of a header is for nobody else's eyes.
func Secret(name string) bool {
	switch strings.ToLower(name) {
	case "authorization", "proxy-authorization", "cookie", "set-cookie":
		return true
	}
	return false
}
