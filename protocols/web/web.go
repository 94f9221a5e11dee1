// Package web is the HTTP client that HTTP and XML-RPC share: requests as
// they are written, responses as they came, over connections of the wire's
// (RFC 9110, RFC 9112; RFC 9113 by net/http).
package web

import (
	"cmp"
	"context"
	"net"
	"net/url"
	"strings"
	"sync"
	"time"

	"wireline/protocols/wire"
)

// Limits of what a response may ask us to keep.
const (
	maxHead    = 300 << 10 // bytes of status line and headers
	maxFields  = 5000      // headers
	maxInterim = 10        // 1xx responses before the final one
	maxIdle    = 64        // connections kept for later, in all
	keepIdle   = 90 * time.Second
)

// A Client sends requests and keeps connections and cookies for the next.
// Its exported fields are set before it is used.
type Client struct {
	Wire *wire.Dialer
	Jar  *Jar // nil: no cookies

	noted   sync.Once
	alpn    []string // as the user had them
	cert    string
	dialing sync.RWMutex // held for reading by dials, which go by the wire's options
	mu      sync.Mutex
	idle    []*conn // the newest last
	count   Counts
	spare   sync.Pool // of *exchange: those whose response was freed
}

// Counts are totals of a Client.
type Counts struct{ Requests, Connections int }

// Counts tells how much has been done.
func (c *Client) Counts() Counts {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.count
}

// Close drops all connections; HTTP has no goodbye.
func (c *Client) Close() error {
	c.mu.Lock()
	idle := c.idle
	c.idle = nil
	c.mu.Unlock()
	for _, k := range idle {
		k.close()
	}
	for _, w := range c.Wire.Conns() {
		_ = w.Close()
	}
	return nil
}

// Schemes are http and https, as the wire knows them.
func Schemes() []wire.Scheme { return []wire.Scheme{*Scheme("http"), *Scheme("https")} }

// Scheme is the scheme called name, or nil if it is neither http nor https.
func Scheme(name string) *wire.Scheme {
	switch port := Port(name); port {
	case "":
		return nil
	case "443":
		return &wire.Scheme{Name: "https", Port: port, Security: wire.TLS}
	default:
		return &wire.Scheme{Name: "http", Port: port}
	}
}

// Port is the usual port of a scheme, or "" if it is neither http nor https.
func Port(scheme string) string {
	switch {
	case strings.EqualFold(scheme, "http"):
		return "80"
	case strings.EqualFold(scheme, "https"):
		return "443"
	}
	return ""
}

// Send carries out r with the client's cookies, and with the credentials of
// login if they are asked for; login may be nil. The body of the response is
// the caller's to close.
func (c *Client) Send(ctx context.Context, r *Request, login *Login) (*Response, error) {
	for round := 0; ; round++ {
		sent := r.clone()
		if err := login.offer(ctx, sent); err != nil {
			return nil, at(err, r.URL)
		}
		c.Jar.Give(sent)
		res, err := c.Do(ctx, sent)
		if err != nil {
			return nil, err
		}
		c.Jar.Take(r.URL, res)
		again := res.proxyAsks()
		if !again {
			again, err = login.challenged(ctx, r, sent, res)
		}
		if err != nil {
			_ = res.Body.Close()
			return nil, at(err, r.URL)
		}
		if !again || round == maxRounds || !r.Body.Again() {
			return res, nil
		}
		if err := res.Drain(); err != nil {
			return nil, err
		}
	}
}

// Origin is what decides who may see a secret: scheme, host and port
// (RFC 6454); "" for what is neither http nor https.
func Origin(u *url.URL) string {
	if Port(u.Scheme) == "" {
		return ""
	}
	return strings.ToLower(u.Scheme) + "://" + strings.ToLower(Address(u))
}

// SameOrigin reports whether two URLs have one origin, and that is not "".
func SameOrigin(a, b *url.URL) bool {
	if a.Host == b.Host && a.Scheme == b.Scheme {
		return Port(a.Scheme) != ""
	}
	origin := Origin(a)
	return origin != "" && origin == Origin(b)
}

// Address is host:port of u, with the scheme's own port filled in.
func Address(u *url.URL) string {
	host, port := u.Hostname(), u.Port()
	if port != "" && !strings.Contains(host, ":") {
		return u.Host
	}
	return net.JoinHostPort(host, cmp.Or(port, Port(u.Scheme)))
}
