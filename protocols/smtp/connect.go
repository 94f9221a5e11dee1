package smtp

import (
	"context"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/sasl"
)

// ConnectArgs are the arguments of connect.
type ConnectArgs struct {
	User  string `flag:"u,user" help:"log in under this name"`
	Mech  string `flag:"mech" help:"mechanism of the login, such as PLAIN or SCRAM-SHA-256; the strongest if left out"`
	Act   string `flag:"authzid" help:"act as this user, where the login may"`
	EHLO  string `flag:"ehlo" help:"what to call ourselves; an address literal if left out"`
	MX    bool   `flag:"mx" help:"the host is a domain: connect to the server of its mail"`
	Hello bool   `flag:"no-login" help:"do not log in, though the URL has a name"`
}

func connect(p protocols.Peer, ctx context.Context, a ConnectArgs) (protocols.Session, error) {
	return open(p, ctx, a, false)
}

func connectLMTP(p protocols.Peer, ctx context.Context, a ConnectArgs) (protocols.Session, error) {
	return open(p, ctx, a, true)
}

func open(p protocols.Peer, ctx context.Context, a ConnectArgs, lmtp bool) (protocols.Session, error) {
	for _, f := range []struct{ name, value string }{{"user", a.User}, {"mech", a.Mech}, {"authzid", a.Act}, {"ehlo", a.EHLO}} {
		if err := protocols.OneLine(f.name, f.value); err != nil {
			return nil, err
		}
	}
	if a.User == "" && p.Target.User != nil && !a.Hello {
		if a.User = p.Target.User.Username(); a.User != "" {
			if err := protocols.OneLine("user", a.User); err != nil {
				return nil, err
			}
		}
	}
	s := &Session{wire: p.Dialer, peer: p, target: p.Target, args: a, lmtp: lmtp}
	if err := s.dial(ctx); err != nil {
		return nil, err
	}
	if s.args.User == "" && !sasl.Secretless(a.Mech) {
		return s, nil
	}
	if err := s.login(ctx, LoginArgs{User: a.User, Mech: a.Mech, Act: a.Act}); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// dial connects and says hello, to one of several hosts with --mx.
func (s *Session) dial(ctx context.Context) error {
	if !s.args.MX {
		return s.dialOne(ctx)
	}
	hosts, err := s.exchangers(ctx, s.target.Hostname())
	if err != nil {
		return err
	}
	for i, h := range hosts {
		s.target = withHost(s.peer.Target, h.Host)
		err = s.dialOne(ctx)
		if err == nil || ctx.Err() != nil || i == len(hosts)-1 || !next(err) {
			return err
		}
	}
	return err
}

// next reports whether the next server of a domain is worth a try.
func next(err error) bool {
	k := fault.Of(err)
	if f, ok := err.(*fault.Error); ok && k == fault.Refused {
		return len(f.Code) == 3 && f.Code[0] == '4'
	}
	return k.Retry || k == fault.TLSHandshake
}

func (s *Session) dialOne(ctx context.Context) error {
	c, err := s.wire.Dial(ctx, s.target)
	if err != nil {
		return err
	}
	if err := s.begin(ctx, c); err != nil {
		c.Close()
		return err
	}
	return nil
}
