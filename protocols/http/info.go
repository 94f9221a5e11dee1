package http

import (
	"wireline/protocols/web"
	"wireline/protocols/wire"
)

// Info is the state of a session.
type Info struct {
	Base        string      `json:"base"`
	URL         string      `json:"url,omitempty"`     // of the last response
	Version     string      `json:"version,omitempty"` // of HTTP
	Code        int         `json:"code,omitempty"`
	Text        string      `json:"text,omitempty"`
	Requests    int         `json:"requests"`
	Connections int         `json:"connections"`
	Reused      bool        `json:"reused"` // the last request needed no new connection
	Cookies     int         `json:"cookies"`
	Timing      *web.Timing `json:"timing,omitempty"`
	Hops        []Hop       `json:"hops,omitempty"` // the redirects before the last response
	Connection  *wire.Info  `json:"connection,omitempty"`
}

// Info tells of the session and of the last exchange.
func (s *Session) Info() any {
	n := s.client.Counts()
	i := Info{Base: s.base.Redacted(), Requests: n.Requests, Connections: n.Connections, Cookies: len(s.client.Jar.List())}
	if r := s.last; r != nil {
		i.URL, i.Version, i.Code, i.Text = r.URL, r.Version, r.Code, r.Text
		i.Reused, i.Hops = r.Reused, r.Hops
		t := r.clock.Timing()
		i.Timing = &t
	}
	if c := s.wire.Last(); c != nil {
		w := c.Info()
		i.Connection = &w
	}
	return i
}
