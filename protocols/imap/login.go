package imap

import (
	"cmp"
	"context"
	"strconv"

	"wireline/protocols/fault"
	"wireline/protocols/sasl"
)

// LoginArgs are the flags of login, and of connect.
type LoginArgs struct {
	User     string `flag:"u,user" help:"login name"`
	Mech     string `flag:"mech" help:"how to log in: PLAIN, SCRAM-SHA-256, XOAUTH2 and so on, or LOGIN-CMD for the LOGIN command" complete:"PLAIN|LOGIN|CRAM-MD5|SCRAM-SHA-1|SCRAM-SHA-256|XOAUTH2|OAUTHBEARER|EXTERNAL|ANONYMOUS|LOGIN-CMD"`
	Identity string `flag:"identity" help:"user to act as, if that is another one"`
}

func (a LoginArgs) check() error {
	return cmp.Or(oneLine("user", a.User), oneLine("mech", a.Mech), oneLine("identity", a.Identity))
}

// Login logs in on a connection that was made with --no-login.
func (s *Session) Login(ctx context.Context, a LoginArgs) (LoggedIn, error) {
	if err := a.check(); err != nil {
		return LoggedIn{}, err
	}
	if s.loggedIn {
		return LoggedIn{}, fault.New(fault.Usage, "logged in as %s already", s.Named())
	}
	err := s.login(ctx, a)
	return LoggedIn{User: s.user}, err
}

// LoggedIn tells of a login.
type LoggedIn struct {
	User string `json:"user"`
}

// Message says it.
func (l LoggedIn) Message() string { return "logged in as " + l.User }

// loginCommand is the mechanism that is none: the LOGIN command.
const loginCommand = "LOGIN-CMD"

func (s *Session) login(ctx context.Context, a LoginArgs) error {
	ch := sasl.Over(s.l.conn)
	mech, err := s.mechanism(a.Mech, ch)
	if err != nil {
		return atPhase(placed(err, s.l.where()), "login")
	}
	cred := sasl.Credentials{Name: a.User, Identity: a.Identity, Host: s.peer.Target.Hostname()}
	cred.Port, _ = strconv.Atoi(s.peer.Target.Port())
	if !sasl.Secretless(mech) || a.User == "" && mech == "ANONYMOUS" {
		if cred.Name, cred.Secret, err = s.peer.Keys(ctx, s.peer.Target, a.User); err != nil {
			return err
		}
		s.wire.Secret(cred.Secret)
		if err := cmp.Or(oneLine("user", cred.Name), oneLine("password", cred.Secret)); err != nil {
			return err
		}
	}
	s.capsFresh = false
	if mech == loginCommand {
		err = s.l.lend(ctx, func() error { return s.lib.Login(cred.Name, cred.Secret).Wait() })
	} else {
		err = s.authenticate(ctx, mech, cred, ch)
		if fresh, ok := cred.Renew(ctx, s.peer, mech, s.notIn(err)); ok {
			cred = fresh
			s.wire.Secret(cred.Secret)
			err = s.authenticate(ctx, mech, cred, ch)
		}
	}
	if err != nil {
		return s.notIn(err)
	}
	s.user, s.loggedIn = cred.Name, true
	if err := s.capabilities(ctx); err != nil {
		return err
	}
	return nil
}

// mechanism chooses how to log in: the strongest SASL mechanism, else LOGIN.
func (s *Session) mechanism(want string, ch sasl.Channel) (string, error) {
	offered := s.caps.after("AUTH=")
	if want != loginCommand && (want != "" || len(offered) > 0) {
		mech, err := sasl.Choose(offered, want, ch)
		if err == nil || want != "" || fault.Of(err) != fault.Unsupported {
			return mech, err
		}
	}
	switch {
	case s.caps.has("LOGINDISABLED"):
		return "", fault.New(fault.TLSRequired, "the server does not let anybody log in here (LOGINDISABLED)").WithHint("it may after TLS: --tls require, or imaps://")
	case !ch.Private:
		return "", fault.New(fault.TLSRequired, "the password would go over the network in the clear").WithHint("--tls require, imaps://, or --allow-cleartext if it must be")
	}
	return loginCommand, nil
}

func (s *Session) authenticate(ctx context.Context, mech string, cred sasl.Credentials, ch sasl.Channel) error {
	client, err := sasl.New(mech, cred, ch)
	if err != nil {
		return err
	}
	return s.l.lend(ctx, func() error {
		if err := s.lib.Authenticate(client); err != nil {
			return err
		}
		return sasl.Verified(client)
	})
}

// notIn makes a refusal of the login one of kind Login.
func (s *Session) notIn(err error) error {
	return with(err, func(e *fault.Error) {
		if e.Kind != fault.Interrupt {
			e.Phase = "login"
		}
		if e.At == "" {
			e.At = s.l.where()
		}
		if e.Code == "NO" && e.Kind != fault.TLSRequired && s.l.last.code != "UNAVAILABLE" {
			e.Kind = fault.Login
		}
	})
}
