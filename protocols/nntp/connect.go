package nntp

import (
	"context"
	"strings"
	"time"

	"wireline/protocols"
	"wireline/protocols/fault"
)

// ConnectArgs are the flags of connect.
type ConnectArgs struct {
	User     string `flag:"u,user" help:"log in under this name at once; otherwise when the server asks for it"`
	Mech     string `flag:"mech" help:"way to log in: user, or a mechanism of SASL; the best if left out"`
	Feed     bool   `flag:"feed" help:"talk as another server does, for ihave: do not ask for the mode of readers"`
	Newsrc   string `flag:"newsrc" help:"file that notes what has been read, such as ~/.newsrc" complete:"local"`
	Compress bool   `flag:"compress" help:"compress all that is said, if the server can"`
}

// connect makes a session (RFC 3977, section 5.1).
func connect(p protocols.Peer, ctx context.Context, a ConnectArgs) (protocols.Session, error) {
	for _, arg := range []struct{ name, value string }{{"user", a.User}, {"mech", a.Mech}, {"newsrc", a.Newsrc}} {
		if err := protocols.OneLine(arg.name, arg.value); err != nil {
			return nil, err
		}
	}
	if a.User == "" && p.Target.User != nil {
		a.User = p.Target.User.Username()
		if err := protocols.OneLine("user", a.User); err != nil {
			return nil, err
		}
	}
	s := &Session{peer: p, wire: p.Dialer, target: p.Target, args: a, closed: make(chan struct{})}
	if p.Target.URL != nil {
		words, err := parsePath(p.Target.URL)
		if err != nil {
			return nil, err
		}
		if len(words) == 1 && !isPattern(words[0]) && checkGroup(words[0]) == nil && !isID(words[0]) {
			s.start, _, _ = strings.Cut(words[0], "/")
		}
	}
	if a.Newsrc != "" {
		news, err := readNewsrc(ctx, a.Newsrc)
		if err != nil {
			return nil, err
		}
		s.news = news
	}
	if err := s.open(ctx); err != nil {
		return nil, err
	}
	return s, nil
}

// open makes a connection, and goes on with it as far as the session had
// come.
func (s *Session) open(ctx context.Context) error {
	conn, err := s.wire.Dial(ctx, s.target)
	if err != nil {
		return err
	}
	s.link = newLink(conn, s.target.String(), s.wire.InForce())
	s.since = time.Now()
	if err := s.begin(ctx); err != nil {
		s.link.fail(err)
		return err
	}
	return nil
}

func (s *Session) begin(ctx context.Context) error {
	if err := s.greeted(ctx); err != nil {
		return err
	}
	if err := s.learn(ctx); err != nil {
		return err
	}
	if s.link.caps.may("MODE-READER", "") && !s.args.Feed && !s.link.caps.has("READER", "") {
		if err := s.reader(ctx); err != nil {
			return err
		}
	}
	if s.args.User != "" {
		if err := s.login(ctx, s.args.User, s.args.Mech); err != nil {
			return err
		}
	}
	if s.args.Compress {
		if err := s.compress(ctx); err != nil {
			return err
		}
	}
	return s.restore(ctx, "")
}

// greeted reads the greeting.
func (s *Session) greeted(ctx context.Context) error {
	l := s.link
	defer l.watch(ctx)()
	r, err := l.answer()
	if err != nil {
		return l.because(ctx, err)
	}
	if r.code == postingAllowed || r.code == postingNot {
		l.greeting = r
		if said := l.conn.Cleartext().Greeting; len(said) > 0 && l.conn.TLS() != nil {
			// For people only: no login may depend on it.
			l.greeting, l.hailed = parseReply(said[0])
		}
		return nil
	}
	f, ok := l.refusal(r).(*fault.Error)
	if !ok {
		return l.protocol("the greeting is not one of NNTP: %d %s", r.code, short(r.text))
	}
	f.Phase = "greeting"
	switch {
	case r.code == 502 || r.code == goingAway:
		f.Kind = fault.Refused
	case r.code < 400:
		f.Kind, f.Text = fault.Protocol, "the greeting is not one of NNTP: "+short(r.text)
	}
	return l.fail(f)
}

// reader tells the server that a reader has come (RFC 3977, section 5.3).
// Some servers change to another program then, which can other things.
func (s *Session) reader(ctx context.Context) error {
	r, err := s.command(ctx, "MODE READER", 0)
	if err != nil {
		return err
	}
	switch r.code {
	case postingAllowed, postingNot:
		s.link.greeting, s.link.hailed = r, false
		s.link.group, s.link.article = "", 0
	case unknownCommand, 501:
		return nil // an old server, which has no other mode
	case loginWanted:
		if s.args.User != "" {
			return nil
		}
		return s.link.refusal(r)
	default:
		err := s.link.refusal(r)
		if f, ok := err.(*fault.Error); ok {
			f.Phase = "greeting"
		}
		return err
	}
	if s.link.caps == nil {
		return nil
	}
	return s.learn(ctx)
}
