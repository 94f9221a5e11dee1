package wire

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"time"

	"wireline/protocols/fault"
)

// proxyFor is the proxy for a connection to host:port, or nil. --proxy comes
// first ("none" is no proxy at all); without it, for TCP to other machines,
// the environment's SCHEME_proxy, ALL_PROXY in this order, each in lower case
// before upper case; HTTP_PROXY in upper case is not looked at, because a CGI
// server takes it from a request. --no-proxy, or NO_PROXY without it, lists
// the exceptions.
func (d *Dialer) proxyFor(network, scheme, host string, port int) (*url.URL, error) {
	text := d.Options.Proxy
	if text == "none" || text == "" && (network != "tcp" || isLoopback(host)) {
		return nil, nil
	}
	exceptions := d.Options.NoProxy
	if text == "" {
		if text = envProxy(scheme); text == "" {
			return nil, nil
		}
	}
	if exceptions == "" {
		exceptions = getenv("no_proxy", "NO_PROXY")
	}
	if bypassed(exceptions, host, port) {
		return nil, nil
	}
	if network != "tcp" {
		return nil, fault.New(fault.Unsupported, "%s does not go through a proxy", network).WithHint("--proxy none goes without")
	}
	p, err := parseProxy(text)
	if err == nil && d.Options.ProxyUser != "" {
		name, password, _ := strings.Cut(d.Options.ProxyUser, ":")
		p.User = url.UserPassword(name, password)
	}
	if err == nil {
		if password, _ := p.User.Password(); strings.ContainsAny(p.User.Username()+password, "\r\n\x00") {
			return nil, fault.New(fault.BadArgument, "a line break or NUL is not allowed in the proxy's user or password")
		}
	}
	return p, err
}

func envProxy(scheme string) string {
	names := []string{strings.ToLower(scheme) + "_proxy"}
	if up := strings.ToUpper(scheme) + "_PROXY"; up != "HTTP_PROXY" {
		names = append(names, up)
	}
	return getenv(append(names, "all_proxy", "ALL_PROXY")...)
}

func getenv(names ...string) string {
	for _, n := range names {
		if s := os.Getenv(n); s != "" {
			return s
		}
	}
	return ""
}

func parseProxy(text string) (*url.URL, error) {
	if !strings.Contains(text, "://") {
		text = "http://" + text
	}
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" {
		return nil, fault.New(fault.BadArgument, "the proxy's address is not a URL").WithHint("such as socks5h://user:password@host:1080 or http://host:3128")
	}
	if proxyPort(u) == "" {
		return nil, fault.New(fault.BadArgument, "%s is not a kind of proxy", u.Scheme).WithHint("there are socks5, socks5h, socks4, socks4a, http and https")
	}
	return u, nil
}

func proxyPort(u *url.URL) string {
	if u.Port() != "" && u.Scheme == "" {
		return ""
	}
	def := map[string]string{"socks5": "1080", "socks5h": "1080", "socks4": "1080", "socks4a": "1080", "socks": "1080", "http": "3128", "https": "443"}[u.Scheme]
	if def != "" && u.Port() != "" {
		return u.Port()
	}
	return def
}

// bypassed reports whether host:port is in a list such as
// ".example.org,10.0.0.0/8,[::1]:80,*".
func bypassed(list, host string, port int) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	ip, notIP := netip.ParseAddr(host)
	for s := range strings.SplitSeq(list, ",") {
		s = strings.ToLower(strings.TrimSpace(s))
		if s == "*" {
			return true
		}
		if s == "" {
			continue
		}
		if net, err := netip.ParsePrefix(s); err == nil {
			if notIP == nil && net.Contains(ip.WithZone("").Unmap()) {
				return true
			}
			continue
		}
		if h, p, err := net.SplitHostPort(s); err == nil {
			if p != fmt.Sprint(port) {
				continue
			}
			s = h
		}
		s = strings.Trim(s, "[]")
		if a, err := netip.ParseAddr(s); err == nil {
			if notIP == nil && a == ip {
				return true
			}
			continue
		}
		s = strings.TrimPrefix(strings.TrimPrefix(s, "*"), ".")
		if notIP != nil && (host == s || strings.HasSuffix(host, "."+s)) {
			return true
		}
	}
	return false
}

func isLoopback(host string) bool {
	if a, err := netip.ParseAddr(host); err == nil {
		return a.Unmap().IsLoopback()
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	return host == "localhost" || strings.HasSuffix(host, ".localhost")
}

// forwards reports whether the proxy p needs no tunnel, for it understands what
// is said, and nobody asked for one.
func (d *Dialer) forwards(ctx context.Context, p *url.URL) bool {
	return ctx.Value(forward{}) != nil && (p.Scheme == "http" || p.Scheme == "https") && !d.Options.ProxyTunnel && d.Options.ProxyHeader == ""
}

// Forward is the proxy at the other end, whose user and password are to be
// shown to it, when it is no tunnel to the server that was dialled but must be
// told with each request which is meant. Else it is nil. See Target.Forward.
func (c *Conn) Forward() *Proxy { return c.forward }

// through connects to host:port by way of the proxy p, or only to p if there
// is to be no tunnel.
func (d *Dialer) through(ctx context.Context, p *url.URL, host string, port int, tunnel bool) (c net.Conn, err error) {
	for round := 1; ; round++ {
		c, err = d.throughOnce(ctx, p, host, port, tunnel)
		if !errors.Is(err, errProxyAsks) || round == proxyRounds {
			return c, err
		}
	}
}

// proxyRounds is how often a proxy is told who asks, for one connection.
const proxyRounds = 3

func (d *Dialer) throughOnce(ctx context.Context, p *url.URL, host string, port int, tunnel bool) (net.Conn, error) {
	phost, err := ParseHost(p.Hostname())
	if err != nil {
		return nil, err
	}
	pport, err := Port("tcp", proxyPort(p))
	if err != nil {
		return nil, err
	}
	if name, ok := p.User.Password(); ok {
		d.Secret(name)
	}
	at := joinPort(phost, pport)
	if err := d.allowedBy(p, host); err != nil {
		return nil, err
	}
	c, err := d.reach(context.WithValue(ctx, toProxy{}, true), "tcp", phost, pport, at)
	if err != nil {
		return nil, proxyFault(err, "proxy "+at)
	}
	bare := c
	stop := context.AfterFunc(ctx, func() { bare.SetDeadline(past) })
	if p.Scheme == "https" {
		c, err = d.proxyTLS(ctx, c, phost)
	}
	if err == nil {
		switch {
		case !tunnel:
		case p.Scheme == "http" || p.Scheme == "https":
			err = connectHTTP(c, d.proxy(p), host, port)
		case p.Scheme == "socks4" || p.Scheme == "socks4a":
			err = d.connectSOCKS4(ctx, c, p, host, port)
		default:
			err = d.connectSOCKS5(ctx, c, p, host, port)
		}
	}
	if !stop() && err == nil {
		err = context.Cause(ctx)
	}
	if err != nil {
		bare.Close()
		return nil, d.proxyFailed(ctx, err, p, at, joinPort(host, port))
	}
	bare.SetDeadline(time.Time{})
	if tunnel {
		d.note(0, "proxy", p.Redacted()+" connected to "+joinPort(host, port))
	} else {
		d.note(0, "proxy", p.Redacted()+" is asked for what is at "+joinPort(host, port))
	}
	return c, nil
}

func (d *Dialer) proxyTLS(ctx context.Context, c net.Conn, host string) (net.Conn, error) {
	cfg, err := d.tlsConfig(host, true)
	if err != nil {
		return nil, err
	}
	t := tls.Client(c, cfg)
	if err := t.HandshakeContext(ctx); err != nil {
		return nil, err
	}
	return t, nil
}

func (d *Dialer) proxyFailed(ctx context.Context, err error, p *url.URL, at, to string) error {
	cause := context.Cause(ctx)
	switch {
	case cause != nil && !errors.Is(cause, errLimit):
		return ended(cause, to, "connect")
	case cause != nil:
		return &fault.Error{At: to, Phase: "connect", Kind: fault.Timeout, Err: err, Hint: "the limit is --connect-timeout",
			Text: fmt.Sprintf("the proxy %s did not connect within %v", at, d.InForce().Connect)}
	}
	var f *fault.Error
	if errors.As(err, &f) {
		if f.At == "" {
			f.At = to
		}
		if f.Kind == fault.Proxy {
			f.Phase, f.Text = "connect", "proxy "+at+": "+f.Text
		}
		return err
	}
	text := plain(err, err.Error())
	if isTLS(err) {
		text = tlsFault(err, at, "").(*fault.Error).Text
	}
	return &fault.Error{At: to, Phase: "connect", Kind: fault.Proxy, Err: err, Text: "proxy " + at + ": " + text}
}

// proxyFault is for a proxy that was not reached: its name not resolved (exit
// 5), or no connection to it.
func proxyFault(err error, name string) error {
	var f *fault.Error
	if !errors.As(err, &f) {
		return err
	}
	switch f.Kind {
	case fault.Resolve:
		f.Kind = fault.ResolveProxy
	case fault.Connect:
		f.Kind = fault.Proxy
	default:
		return err
	}
	f.Text = name + ": " + f.Text
	return f
}
