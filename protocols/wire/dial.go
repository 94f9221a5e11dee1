package wire

import (
	"cmp"
	"context"
	"crypto/tls"
	"net"
	"net/netip"
	"strconv"
	"time"

	"wireline/protocols/fault"
)

// Dial connects to a server as its scheme demands: resolve, proxy, TLS or
// STARTTLS. Whether a scheme that can upgrade does, Options.TLS says: for a
// StartTLS scheme "" means require, for a Plain one off. Its errors are
// *fault.Error with Phase and Kind.
func (d *Dialer) Dial(ctx context.Context, t Target) (*Conn, error) {
	how, err := d.security(t)
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	d.scheme, d.warned = t.Scheme.Name, nil
	d.mu.Unlock()
	var c *Conn
	if unixNet(t.Net()) {
		c, err = d.openUnix(ctx, t.Net(), t.Path)
	} else {
		if t.Forward && how == tlsNone {
			ctx = context.WithValue(ctx, forward{}, true)
		}
		c, err = d.open(ctx, t.Net(), t.Address(), t.Scheme.Name, "")
	}
	if err != nil {
		return nil, err
	}
	switch how {
	case tlsFirst:
		err = c.StartTLS(ctx, "")
	case tlsRequire, tlsAuto:
		err = c.begin(ctx, t.Scheme.Upgrade, how)
	}
	if err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

type security int

const (
	tlsNone security = iota
	tlsFirst
	tlsRequire
	tlsAuto
)

// security is what the scheme and the user's --tls together mean.
func (d *Dialer) security(t Target) (security, error) {
	want := d.Options.TLS
	if t.Scheme.Security == TLS {
		return tlsFirst, nil
	}
	if t.Scheme.Upgrade == nil {
		if want == "require" {
			return 0, fault.New(fault.TLSRequired, "%s has no way to change to TLS", t.Scheme.Name).WithHint("use a scheme or a port that speaks TLS from the first byte")
		}
		return tlsNone, nil
	}
	switch {
	case want == "auto":
		return tlsAuto, nil
	case want == "require", want == "" && t.Scheme.Security == StartTLS:
		return tlsRequire, nil
	}
	return tlsNone, nil
}

// begin speaks the dialogue of u on a fresh connection and leaves a greeting
// to be read by the library: a neutral one after TLS, the server's own if
// there is no TLS.
func (c *Conn) begin(ctx context.Context, u *Upgrade, how security) error {
	c.rmu.Lock()
	defer c.rmu.Unlock()
	x := &dialogue{c: c, u: u}
	err := x.run(ctx, true)
	first := []byte(u.Replay + "\r\n")
	switch {
	case err == nil:
		if err := c.startTLS(ctx, ""); err != nil {
			return err
		}
	case how == tlsAuto && x.refused && len(c.buf) == 0:
		why := fault.Hint(err)
		if f, ok := err.(*fault.Error); ok {
			why = f.Text
		}
		c.plain.Store(&why)
		c.d.note(c.id, "upgrade", "going on without TLS: "+why)
		first = x.greeting
	default:
		return err
	}
	c.setBuf(first)
	c.own = len(first)
	return nil
}

// Next opens a further connection of the same session, such as for FTP data
// or another request: by the same proxy, under the same policy, with the same
// TLS sessions. host is the name for TLS, whose handshake waits for the first
// Read or Write, since the server's does. Limits.Idle holds on it, which is
// why TCP does not probe the peer as well unless the user wants that.
func (d *Dialer) Next(ctx context.Context, addr, host string, secure bool) (*Conn, error) {
	d.mu.Lock()
	scheme := d.scheme
	d.mu.Unlock()
	if scheme == "" {
		scheme = "http"
		if secure {
			scheme = "https"
		}
	}
	c, err := d.open(context.WithValue(ctx, brief{}, true), "tcp", addr, scheme, host)
	if err != nil {
		return nil, err
	}
	c.SetIdle(c.limits.Idle)
	if secure {
		cfg, err := d.TLSConfig(c.host)
		if err != nil {
			c.Close()
			return nil, err
		}
		c.secure(tls.Client(c.sock, cfg))
		c.lazy.Store(true)
	}
	return c, nil
}

// forward marks the context of a connection that needs no tunnel.
type forward struct{}

// brief marks the context of a connection that is made by Next.
type brief struct{}

// open makes a plain connection to an address, through whatever proxy is due.
// name is whom it is to, if that is not the host of the address.
func (d *Dialer) open(ctx context.Context, network, address, scheme, name string) (*Conn, error) {
	host, port, err := splitAddress(network, address)
	if err != nil {
		return nil, err
	}
	at := joinPort(host, port)
	limits := d.InForce()
	ctx, stop := d.limited(ctx, limits.Connect)
	defer stop()
	start := time.Now()
	var c net.Conn
	w := &Conn{network: network, host: cmp.Or(name, host), port: port}
	if d.Map != nil {
		if to := d.Map(network, at); to != "" {
			if mapped, err := netip.ParseAddrPort(to); err == nil {
				c, err = d.race(ctx, network, at, []netip.Addr{mapped.Addr()}, int(mapped.Port()))
				return d.opened(w, c, start, err)
			}
		}
	}
	toHost, toPort, err := d.diverted(network, host, port)
	if err != nil {
		return nil, err
	}
	p, err := d.proxyFor(network, scheme, toHost, toPort)
	switch {
	case err != nil:
	case p != nil:
		w.via = p.Redacted()
		if d.forwards(ctx, p) && toHost == host && toPort == port {
			w.forward = d.proxy(p)
		}
		c, err = d.through(ctx, p, toHost, toPort, w.forward == nil)
	default:
		c, err = d.reach(ctx, network, toHost, toPort, at)
	}
	if err == nil && d.Options.ProxyHeader != "" {
		if err = d.announce(c); err != nil {
			c.Close()
		}
	}
	return d.opened(w, c, start, err)
}

func (d *Dialer) opened(c *Conn, t net.Conn, start time.Time, err error) (*Conn, error) {
	if err != nil {
		d.note(0, "dial", err.Error())
		return nil, err
	}
	if d.Under != nil {
		t = d.Under(t)
	}
	c.sock = &sock{Conn: t}
	d.own(c)
	if d.tracer() == nil {
		return c, nil
	}
	text := t.LocalAddr().String() + " to " + t.RemoteAddr().String()
	if c.via != "" {
		text += ", the proxy " + c.via
	}
	d.note(c.id, "dial", text+" in "+time.Since(start).Round(time.Microsecond).String())
	return c, nil
}

// reach resolves host and connects to it without a proxy.
func (d *Dialer) reach(ctx context.Context, network, host string, port int, at string) (net.Conn, error) {
	addrs, err := d.pinned(host, port)
	if err != nil {
		return nil, err
	}
	if addrs == nil {
		if addrs, err = d.lookup(ctx, host); err != nil {
			return nil, err
		}
	}
	return d.race(ctx, network, at, addrs, port)
}

// splitAddress reads host:port, where no host is this one.
func splitAddress(network, address string) (host string, port int, err error) {
	h, p, err := net.SplitHostPort(address)
	if err != nil {
		return "", 0, fault.New(fault.BadArgument, "%q is not host:port", address)
	}
	if host, err = ParseHost(h); err != nil {
		return "", 0, err
	}
	if port, err = Port(network, p); err != nil {
		return "", 0, err
	}
	switch {
	case host == "":
		host = "localhost"
	case port == 0:
		return "", 0, fault.New(fault.BadArgument, "port 0 cannot be connected to")
	}
	return host, port, nil
}

func joinPort(host string, port int) string { return net.JoinHostPort(host, strconv.Itoa(port)) }
