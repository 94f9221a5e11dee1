package web

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"wireline/protocols/wire"
)

// bufferSize is what is read at once where the kernel does not move bytes.
const bufferSize = 64 << 10

// A conn is a connection to a server, for one exchange after the other; with
// HTTP/2 several at a time.
type conn struct {
	*wire.Conn
	r     *bufio.Reader
	h2    *http.ClientConn // nil: HTTP/1
	http1 atomic.Bool      // what was to be HTTP/2 is HTTP/1
	key   string           // for whom and how it was made
	used  int              // exchanges that are over
	since time.Time        // when the last was
}

func (k *conn) close() {
	if k.h2 != nil {
		_ = k.h2.Close()
	}
	_ = k.Conn.Close()
}

// key tells apart what must not share a connection: another server, or one
// that was reached, or believed, in another way.
func (c *Client) key(r *Request) string {
	o := &c.Wire.Options
	key := Origin(r.URL) + " " + r.Socket + " " + o.Proxy + " " + o.SNI + " " + o.TLSMin + " " + o.TLSMax + " " + o.Source + " " + o.Interface + " " + o.DNS + " " + o.ProxyUser + " " + o.ProxyAuth + " " + o.NoProxy + " " + o.ProxyHeader
	for _, list := range [...][]string{o.Resolve, o.ConnectTo, o.CA, o.Pin, o.Ciphers} {
		key += " " + strings.Join(list, ",")
	}
	if o.Insecure {
		key += " insecure"
	}
	if o.ProxyTunnel {
		key += " tunnel"
	}
	if o.TOFU {
		key += " tofu"
	}
	if o.NoPrivate {
		key += " public"
	}
	if o.IPv4 || o.IPv6 {
		key += fmt.Sprint(" ", o.IPv4, o.IPv6)
	}
	if r.Version == "2" {
		key += " 2"
	}
	if r.NoCert {
		key += " nocert"
	}
	return key
}

// connect is a connection for r: one that was kept, unless fresh is set, or a
// new one.
func (c *Client) connect(ctx context.Context, r *Request, fresh bool) (k *conn, reused bool, err error) {
	if !fresh {
		for k := c.kept(c.key(r)); k != nil; k = c.kept(c.key(r)) {
			if k.alive() {
				return k, true, nil
			}
			k.close()
		}
	}
	k, err = c.dial(ctx, r)
	return k, false, err
}

// kept takes the connection with that key that was used last.
func (c *Client) kept(key string) *conn {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i := len(c.idle) - 1; i >= 0; i-- {
		if k := c.idle[i]; k.key == key {
			if k.h2 == nil || !k.usable() {
				c.idle = slices.Delete(c.idle, i, i+1)
			}
			return k
		}
	}
	return nil
}

// keep puts k back for a later request.
func (c *Client) keep(k *conn) {
	k.used++
	k.since = time.Now()
	k.SetReadDeadline(time.Time{})
	c.mu.Lock()
	c.idle = append(c.idle, k)
	var old *conn
	if len(c.idle) > maxIdle {
		old, c.idle = c.idle[0], c.idle[1:]
	}
	c.mu.Unlock()
	if old != nil {
		old.close()
	}
}

// alive reports whether a connection that was kept still stands, and nothing
// has come on it that nobody has asked for: it would be taken for the next
// response.
func (k *conn) alive() bool {
	if k.h2 != nil {
		return k.usable()
	}
	return time.Since(k.since) <= keepIdle && k.r.Buffered() == 0 && k.Quiet()
}

// dial makes a connection for r.
func (c *Client) dial(ctx context.Context, r *Request) (*conn, error) {
	defer c.options(r)()
	scheme := *Scheme(r.URL.Scheme)
	t := wire.Target{URL: &url.URL{Scheme: scheme.Name, Host: Address(r.URL)}, Scheme: scheme, Forward: r.Version != "2"}
	if r.Socket != "" {
		t = wire.Target{URL: &url.URL{Path: r.Socket}, Scheme: wire.Scheme{Name: scheme.Name, Network: "unix"}}
	}
	w, err := c.Wire.Dial(ctx, t)
	if err != nil {
		return nil, err
	}
	if r.Socket != "" && scheme.Security == wire.TLS {
		if err := w.StartTLS(ctx, r.URL.Hostname()); err != nil {
			_ = w.Close()
			return nil, err
		}
	}
	c.mu.Lock()
	c.count.Connections++
	c.mu.Unlock()
	k := &conn{Conn: w, key: c.key(r)}
	tls := w.TLS()
	if r.Version == "2" && (tls == nil || tls.NegotiatedProtocol == "h2") {
		if err := k.second(ctx); err != nil {
			_ = w.Close()
			return nil, err
		}
		c.mu.Lock()
		c.idle = append(c.idle, k)
		c.mu.Unlock()
		return k, nil
	}
	k.r = bufio.NewReaderSize(w, bufferSize)
	return k, nil
}

// options sets what of the wire's options depends on the request, until done:
// the protocols that TLS offers, unless the user has named them, and whether
// the client's certificate is shown.
func (c *Client) options(r *Request) (done func()) {
	if Scheme(r.URL.Scheme).Security != wire.TLS {
		return func() {}
	}
	o := &c.Wire.Options
	c.noted.Do(func() { c.alpn, c.cert = o.ALPN, o.Cert })
	alpn, cert := c.alpn, c.cert
	if len(alpn) == 0 {
		alpn = []string{"http/1.1"}
		if r.Version == "2" {
			alpn = []string{"h2", "http/1.1"}
		}
	}
	if r.NoCert {
		cert = ""
	}
	for {
		c.dialing.RLock()
		if slices.Equal(o.ALPN, alpn) && o.Cert == cert {
			return c.dialing.RUnlock
		}
		c.dialing.RUnlock()
		c.dialing.Lock() // no dial is under way
		o.ALPN, o.Cert = alpn, cert
		c.dialing.Unlock()
	}
}
