package imap

import (
	"cmp"
	"context"
	"net/netip"
	"net/url"
	"strings"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/wire"
)

// ConnectArgs are the flags of connect.
type ConnectArgs struct {
	LoginArgs
	Anonymous bool   `flag:"no-login" help:"do not log in; login does it later"`
	Compress  bool   `flag:"compress" help:"compress what is sent, if the server can (COMPRESS=DEFLATE)"`
	Mailbox   string `flag:"m,mailbox" help:"mailbox to go to" complete:"mailbox"`
	ReadOnly  bool   `flag:"r,read-only" help:"open the mailbox for reading only"`
	Command   string `flag:"command" help:"talk to what this command starts, by its standard input and output: ssh mail exec imapd"`
}

// Aimless reports whether no host is needed.
func (a ConnectArgs) Aimless() bool { return a.Command != "" }

// connect makes a session: TLS, the greeting, the login, and the mailbox if
// the URL has one.
func connect(p protocols.Peer, ctx context.Context, a ConnectArgs) (protocols.Session, error) {
	place, err := parsePlace(p.Target.URL)
	if err != nil {
		return nil, err
	}
	if a.Mailbox != "" {
		place.mailbox = a.Mailbox
	}
	if err := cmp.Or(a.check(), oneLine("mailbox", place.mailbox), oneLine("user", place.user), oneLine("command", a.Command)); err != nil {
		return nil, err
	}
	conn, err := reach(p, ctx, a.Command)
	if err != nil {
		return nil, err
	}
	if p.Target.URL == nil {
		p.Target.URL = &url.URL{Scheme: p.Target.Scheme.Name}
	}
	s := &Session{wire: p.Dialer, peer: p, l: newLink(p.Dialer, conn), renew: idleFor}
	s.l.seen, s.l.ends, s.l.tell = s.track, s.trackStatus, s.say
	if err := s.begin(ctx, a, place); err != nil {
		_ = s.hangUp()
		return nil, err
	}
	return s, nil
}

// reach makes the connection: to the target, or to what a command starts.
func reach(p protocols.Peer, ctx context.Context, command string) (*wire.Conn, error) {
	o := &p.Dialer.Options
	if command != "" {
		if o.TLS == "require" || p.Target.Scheme.Security == wire.TLS {
			return nil, fault.New(fault.Unsupported, "there is no TLS on the way to a command")
		}
		return p.Dialer.Command(ctx, command)
	}
	// A password must not go in the clear to another host, so TLS is wanted
	// there unless the user says otherwise; it is never given up silently.
	if s := p.Target.Scheme; o.TLS == "" && s.Security == wire.Plain && s.Name != insecureScheme && !near(p) && !o.Cleartext {
		o.TLS = "require"
	}
	return p.Dialer.Dial(ctx, p.Target)
}

// near reports whether a target is this machine.
func near(p protocols.Peer) bool {
	t := p.Target
	if strings.HasPrefix(t.Net(), "unix") || p.Dialer.Map != nil && p.Dialer.Map(t.Net(), t.Address()) != "" {
		return true
	}
	host := t.Hostname()
	addr, err := netip.ParseAddr(host)
	return host == "" || strings.EqualFold(host, "localhost") || err == nil && addr.IsLoopback()
}

func (s *Session) begin(ctx context.Context, a ConnectArgs, at place) error {
	if err := s.greet(); err != nil {
		return err
	}
	if err := s.capabilities(ctx); err != nil {
		return err
	}
	s.lib = s.l.library()
	if !a.Anonymous && !s.open {
		if a.User == "" {
			a.User = at.user
		}
		if a.Mech == "" {
			a.Mech = at.mech
		}
		if err := s.login(ctx, a.LoginArgs); err != nil {
			return err
		}
	}
	if a.Compress && s.loggedIn {
		if err := s.compress(ctx); err != nil {
			return err
		}
	}
	if at.mailbox == "" || !s.loggedIn {
		return nil
	}
	if err := s.enter(ctx, at.mailbox, a.ReadOnly); err != nil {
		return err
	}
	return at.check(s.box)
}

// greet reads the greeting. Under TLS that came by STARTTLS it is a neutral
// one, and nothing that was said before counts.
func (s *Session) greet() error {
	defer s.l.conn.Reply()()
	r, err := s.l.read()
	if err != nil {
		return atPhase(emptied(err, s.l), "greeting")
	}
	g, ok := parseStatus(r.text)
	e := &fault.Error{Kind: fault.Protocol, At: s.l.where(), Phase: "greeting"}
	switch {
	case !ok || g.tag != "*":
		e.Text = "the greeting is not one of IMAP"
		if len(r.text) > 0 {
			e.Text = unread(r.text).Error()
		}
		return s.l.fail(e)
	case g.kind == "BYE":
		e.Kind, e.Code, e.Text = fault.Refused, "BYE", g.text
		return s.l.fail(e)
	case g.kind == "PREAUTH":
		s.open, s.loggedIn = true, true
		if s.wire.Options.TLS == "require" && s.l.conn.TLS() == nil {
			e.Kind, e.Text = fault.TLSRequired, "the server takes us as logged in before TLS (PREAUTH)"
			return s.l.fail(e)
		}
	case g.kind != "OK":
		e.Code, e.Text = g.kind, g.text
		return s.l.fail(e)
	}
	s.greeting = g
	return nil
}

// emptied says so when the server has hung up without a byte.
func emptied(err error, l *link) error {
	if f, ok := err.(*fault.Error); ok && f.Kind == fault.Recv && f.Text == hungUp && l.conn.Info().In == 0 {
		return &fault.Error{Kind: fault.Empty, At: f.At, Text: "the server closed the connection without a byte", Hint: "a port such as 993 speaks TLS from the first byte: imaps://"}
	}
	return err
}

// capabilities asks what the server can, unless it has said so already.
func (s *Session) capabilities(ctx context.Context) error {
	if s.capsFresh {
		return nil
	}
	if err := s.do(ctx, s.command("CAPABILITY")); err != nil {
		return err
	}
	if !s.capsFresh {
		return s.l.fail(fault.New(fault.Protocol, "the server does not tell its capabilities"))
	}
	return nil
}
