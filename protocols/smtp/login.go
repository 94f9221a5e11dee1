package smtp

import (
	"context"
	"fmt"

	"wireline/protocols/command"
	"wireline/protocols/sasl"
)

// LoginArgs are the arguments of login.
type LoginArgs struct {
	User string `flag:"u,user" help:"name of the user"`
	Mech string `flag:"mech" help:"mechanism, such as PLAIN or SCRAM-SHA-256; the strongest that is offered if left out"`
	Act  string `flag:"authzid" help:"act as this user, where the login may"`
}

// AuthArgs are the arguments of auth.
type AuthArgs struct {
	Mech string `arg:"mechanism" help:"PLAIN, LOGIN, CRAM-MD5, SCRAM-SHA-256 …"`
	User string `flag:"u,user" help:"name of the user"`
	Act  string `flag:"authzid" help:"act as this user, where the login may"`
}

// A LoggedIn tells of a login.
type LoggedIn struct {
	User string `json:"user"`
	Mech string `json:"mech"`
}

// Message says it.
func (l LoggedIn) Message() string {
	if l.User == "" {
		return "logged in by " + l.Mech
	}
	return fmt.Sprintf("logged in as %s by %s", l.User, l.Mech)
}

// Login logs in (RFC 4954).
func (s *Session) Login(ctx context.Context, a LoginArgs) (LoggedIn, error) {
	if err := sasl.Check(a.User, a.Mech, a.Act); err != nil {
		return LoggedIn{}, err
	}
	if a.User == "" {
		a.User = s.args.User
	}
	if err := s.login(ctx, a); err != nil {
		return LoggedIn{}, err
	}
	return LoggedIn{s.user, s.args.Mech}, nil
}

// Auth is Login by a mechanism that is named first, as in the command AUTH.
func (s *Session) Auth(ctx context.Context, a AuthArgs) (LoggedIn, error) {
	return s.Login(ctx, LoginArgs{User: a.User, Mech: a.Mech, Act: a.Act})
}

func (s *Session) login(ctx context.Context, a LoginArgs) error {
	if s.ctl.Broken != nil {
		return s.gone()
	}
	ch := sasl.Over(s.ctl.Conn.Conn)
	ch.Offered = s.params("AUTH")
	mech, err := sasl.Choose(ch.Offered, a.Mech, ch)
	if err != nil {
		return s.inLogin(err)
	}
	peer := s.peer
	peer.Target = s.target
	cred, err := sasl.Lookup(ctx, peer, mech, a.User, a.Act)
	if err != nil {
		return err
	}
	err = s.auth(ctx, mech, cred, ch)
	if fresh, ok := cred.Renew(ctx, peer, mech, err); ok && s.ctl.Broken == nil {
		cred, err = fresh, s.auth(ctx, mech, fresh, ch)
	}
	if err != nil {
		return err
	}
	s.user, s.cred, s.args.User, s.args.Mech, s.args.Act = cred.Name, cred, cred.Name, mech, a.Act
	return nil
}

// auth says AUTH.
func (s *Session) auth(ctx context.Context, mech string, cred sasl.Credentials, ch sasl.Channel) error {
	client, err := sasl.New(mech, cred, ch)
	if err != nil {
		return s.inLogin(err)
	}
	return s.call(ctx, "auth", func() error {
		if err := s.lib.Auth(client); err != nil {
			return err
		}
		if err := sasl.Verified(client); err != nil {
			return s.ctl.Fail(err)
		}
		return nil
	})
}

// inLogin says where a login was.
func (s *Session) inLogin(err error) error {
	return sasl.Located(err, s.at(), "auth", command.Short(s.ctl.Info().NoTLS))
}
