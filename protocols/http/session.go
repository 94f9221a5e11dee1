package http

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"wireline/protocols"
	"wireline/protocols/wire"
)

// A Session is a base for relative URLs, the cookies that servers set, and
// the connections that are kept for the next request.
type Session struct {
	base *url.URL
	wire *wire.Dialer
	pool *http.Transport
	jar  *jar

	last     *Response  // nil before the first
	count    counts     // of the session
	here     *url.URL   // what was fetched last
	previous []*url.URL // what before that, for back
	page     *page      // the page whose links have numbers
}

type counts struct{ requests, connections int }

func connect(p protocols.Peer, _ context.Context, _ struct{}) (protocols.Session, error) {
	base, err := tidy(p.URL)
	if err != nil {
		return nil, err
	}
	s := &Session{base: base, wire: p.Dialer, jar: newJar()}
	s.pool = s.transport()
	return s, nil
}

// Where is the path that relative URLs start from.
func (s *Session) Where() string { return s.base.Path }

// Close drops the connections; HTTP has no goodbye.
func (s *Session) Close() error {
	s.pool.CloseIdleConnections()
	for _, c := range s.wire.Conns() {
		_ = c.Close()
	}
	return nil
}

// Reply is the status of the last response.
func (s *Session) Reply() (code, text string) {
	if s.last == nil {
		return "", ""
	}
	return s.last.code(), s.last.Text
}

// Info is the state of a session.
type Info struct {
	Base        string     `json:"base"`
	URL         string     `json:"url,omitempty"`     // of the last response
	Version     string     `json:"version,omitempty"` // of HTTP
	Code        int        `json:"code,omitempty"`
	Text        string     `json:"text,omitempty"`
	Requests    int        `json:"requests"`
	Connections int        `json:"connections"`
	Reused      bool       `json:"reused"` // the last request needed no new connection
	Cookies     int        `json:"cookies"`
	Timing      *Timing    `json:"timing,omitempty"`
	Hops        []Hop      `json:"hops,omitempty"` // the redirects before the last response
	Connection  *wire.Info `json:"connection,omitempty"`
}

// A Timing is how long each part of an exchange took. Resolve, Connect and
// TLS are zero on a connection that was open already.
type Timing struct {
	Resolve  time.Duration `json:"dns"`
	Connect  time.Duration `json:"connect"`
	TLS      time.Duration `json:"tls"`
	Send     time.Duration `json:"send"`     // from the connection to the end of the request
	Wait     time.Duration `json:"wait"`     // from there to the first byte of the response
	Transfer time.Duration `json:"transfer"` // from there to the end of the body
	Total    time.Duration `json:"total"`
}

// Info tells of the session and of the last exchange.
func (s *Session) Info() any {
	i := Info{Base: s.base.Redacted(), Requests: s.count.requests, Connections: s.count.connections, Cookies: len(s.jar.list())}
	if r := s.last; r != nil {
		i.URL, i.Version, i.Code, i.Text = r.URL, r.Version, r.Code, r.Text
		i.Reused, i.Hops = r.Reused, r.Hops
		t := r.clock.timing()
		i.Timing = &t
	}
	if c := s.wire.Last(); c != nil {
		w := c.Info()
		i.Connection = &w
	}
	return i
}
