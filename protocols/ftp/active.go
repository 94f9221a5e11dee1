package ftp

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/wire"
)

// active is how the server makes data connections to us.
type active struct {
	on      bool
	from    int // ports; 0 is any that is free
	to      int
	address netip.Addr // to be named instead of our own
	port    bool       // the server does not know EPRT
	waiting *wire.Listener
}

// clone is how a server makes data connections to another session, which may be made
// while this one is at work.
func (a *active) clone(args ConnectArgs) active {
	return active{on: a.on, from: a.from, to: a.to, address: a.address, port: args.NoEPSV}
}

// awaited is how long the server has to connect.
const awaited = 10 * time.Second

func newActive(a ConnectArgs) (active, error) {
	act := active{on: a.Active, port: a.NoEPSV}
	var err error
	if a.Announce != "" {
		if act.address, err = netip.ParseAddr(a.Announce); err != nil {
			return act, fault.New(fault.BadArgument, "--announce %q is not an address", a.Announce)
		}
	}
	if a.Ports != "" {
		low, high, ok := strings.Cut(a.Ports, "-")
		if !ok {
			high = low
		}
		var err2 error
		act.from, err = strconv.Atoi(low)
		act.to, err2 = strconv.Atoi(high)
		if err != nil || err2 != nil || act.from < 1024 || act.to < act.from || act.to > 65535 {
			return act, fault.New(fault.BadArgument, "--ports %q is not a range such as 50000-50100", a.Ports)
		}
	}
	return act, nil
}

// passiveReply listens, tells the server where, and gives the library the
// answer to the EPSV that it believes to have sent.
func (s *Session) passiveReply() (Reply, error) {
	if s.ctl.proxied {
		return Reply{}, fault.New(fault.Unsupported, "the server cannot connect to us through a proxy").WithHint("passive on")
	}
	s.act.stop()
	l, err := s.listen(s.opening)
	if err != nil {
		return Reply{}, err
	}
	at := netip.MustParseAddrPort(l.Addr().String())
	at = netip.AddrPortFrom(at.Addr().Unmap(), at.Port())
	if s.act.address.IsValid() {
		at = netip.AddrPortFrom(s.act.address, at.Port())
	}
	r, err := s.announce(at)
	if err != nil || !r.good() {
		l.Close()
		return r, err
	}
	s.act.waiting = l
	return Reply{Code: 229, Lines: []string{"229 (|||65535|)"}}, nil
}

// announce says EPRT (RFC 2428), or PORT where that is not known.
func (s *Session) announce(at netip.AddrPort) (r Reply, err error) {
	a, v4 := dataAddressOf(at)
	if !s.act.port || !v4 {
		family := 1
		if !v4 {
			family = 2
		}
		r, err = s.ctl.ask(fmt.Sprintf("EPRT |%d|%s|%d|", family, at.Addr(), at.Port()))
		if err != nil || r.good() || !v4 || r.Code/100 != 5 {
			return r, err
		}
		s.act.port = true
	}
	return s.ctl.ask("PORT " + a.String())
}

// listen waits for the server, and nobody else, on the address that our end
// of the control connection has.
func (s *Session) listen(ctx context.Context) (*wire.Listener, error) {
	local, _, err := net.SplitHostPort(s.ctl.Conn.LocalAddr().String())
	if err != nil {
		return nil, err
	}
	peer, _, err := net.SplitHostPort(s.ctl.Conn.RemoteAddr().String())
	if err != nil {
		return nil, err
	}
	o := wire.ListenOptions{MaxConns: 1, Allow: []string{peer}}
	for port := s.act.from; ; port++ {
		t := wire.Target{URL: &url.URL{Host: net.JoinHostPort(local, strconv.Itoa(port))}, Scheme: wire.Scheme{Name: "ftp", Port: "0"}}
		l, err := s.wire.Listen(ctx, t, o)
		if err == nil || port >= s.act.to || ctx.Err() != nil {
			return l, err
		}
	}
}

func (a *active) stop() {
	if a.waiting != nil {
		a.waiting.Close()
		a.waiting = nil
	}
}

// accept takes the connection that the server makes.
func (d *data) accept() error {
	l := d.waiting
	d.waiting = nil
	defer l.Close()
	ctx, cancel := context.WithTimeoutCause(d.ctx, awaited, &fault.Error{Kind: fault.Timeout, At: d.s.target.String(), Phase: "connect",
		Text: fmt.Sprintf("the server has not made a data connection within %v", awaited), Hint: "a firewall may be in between; passive on"})
	defer cancel()
	c, err := l.Accept(ctx)
	if err != nil {
		return err
	}
	c.SetIdle(d.s.wire.InForce().Idle)
	c.Spare()
	if d.s.private() {
		if err := c.StartTLS(ctx, d.s.target.Hostname()); err != nil {
			c.Close()
			return unprotected(err)
		}
	}
	d.conn = c
	return nil
}
