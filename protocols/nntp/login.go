package nntp

import (
	"context"
	"encoding/base64"
	"net/netip"
	"strconv"
	"strings"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/sasl"
)

// LoginArgs are the arguments of Login.
type LoginArgs struct {
	User string `flag:"u,user" help:"name; the one of the URL if left out"`
	Mech string `flag:"mech" help:"user, or a mechanism of SASL; the best if left out"`
}

// A Login is who is logged in.
type Login struct {
	User string `json:"user"`
	Mech string `json:"mech"`
}

// Message says it.
func (l Login) Message() string { return "logged in as " + l.User }

// Login logs in (RFC 4643).
func (s *Session) Login(ctx context.Context, a LoginArgs) (Login, error) {
	for _, arg := range []struct{ name, value string }{{"user", a.User}, {"mech", a.Mech}} {
		if err := protocols.OneLine(arg.name, arg.value); err != nil {
			return Login{}, err
		}
	}
	if err := s.ready(ctx); err != nil {
		return Login{}, err
	}
	if s.link.user != "" {
		return Login{}, fault.New(fault.Usage, "the session is logged in as %s", s.link.user).WithHint("connect again to be somebody else")
	}
	if a.User == "" {
		a.User = s.args.User
	}
	if a.Mech == "" {
		a.Mech = s.args.Mech
	}
	mech, err := s.method(a.Mech)
	if err != nil {
		return Login{}, err
	}
	if err := s.login(ctx, a.User, mech); err != nil {
		return Login{}, err
	}
	s.args.User, s.args.Mech = a.User, a.Mech
	return Login{s.link.user, mech}, s.restore(ctx, "")
}

const byUser = "user" // AUTHINFO USER and PASS

// method is the way to log in: as wanted, else by user and password where
// nobody can read them, else the strongest mechanism of SASL. Many a server
// offers SASL without knowing its users by it.
func (s *Session) method(want string) (string, error) {
	caps, ch := s.link.caps, s.channel()
	offered, _ := caps.args("SASL")
	simple := !caps.has("AUTHINFO", "SASL") || caps.has("AUTHINFO", "USER") && ch.Private
	if strings.EqualFold(want, byUser) || want == "" && simple {
		if !ch.Private {
			return "", s.exposed()
		}
		return byUser, nil
	}
	mech, err := sasl.Choose(offered, want, ch)
	return mech, s.placed(err)
}

func (s *Session) exposed() error {
	return s.placed(fault.New(fault.TLSRequired, "the password would go over the network in the clear").
		WithHint("--tls require, nntps://, or --allow-cleartext if it must be"))
}

// placed gives an error of a login its place.
func (s *Session) placed(err error) error {
	if f, ok := err.(*fault.Error); ok && f.At == "" {
		f.At, f.Phase = s.link.at, "login"
	}
	return err
}

// channel is what a login goes over.
func (s *Session) channel() sasl.Channel {
	c := s.link.conn
	return sasl.Channel{TLS: c.TLS(), Private: c.TLS() != nil || s.wire.Options.Cleartext || s.local()}
}

func (s *Session) local() bool {
	c := s.link.conn
	ap, err := netip.ParseAddrPort(c.RemoteAddr().String())
	return err == nil && ap.Addr().Unmap().IsLoopback() && c.Info().Proxy == ""
}

// login finds the name and the password, and logs in. What the server can is
// asked anew afterwards.
func (s *Session) login(ctx context.Context, user, want string) error {
	mech, err := s.method(want)
	if err != nil {
		return err
	}
	if err := s.keys(ctx, user, mech); err != nil {
		return err
	}
	if mech == byUser {
		err = s.byPassword(ctx)
	} else {
		err = s.bySASL(ctx, mech)
	}
	if f, ok := err.(*fault.Error); ok && f.Code != "" {
		f.Phase = "login"
		if f.Kind == fault.Refused || f.Kind == fault.Denied {
			f.Kind = fault.Login
		}
	}
	if err != nil {
		s.secret = ""
		return err
	}
	s.link.user = s.name
	if s.link.user == "" {
		s.link.user = strings.ToLower(mech)
	}
	if s.link.caps == nil {
		return nil
	}
	return s.learn(ctx)
}

// keys finds the name and the password, unless they are known.
func (s *Session) keys(ctx context.Context, user, mech string) (err error) {
	if sasl.Secretless(mech) || s.secret != "" && (user == "" || user == s.name) {
		return nil
	}
	if s.name, s.secret, err = s.peer.Keys(ctx, s.target, user); err != nil {
		return err
	}
	if err := protocols.OneLine("user", s.name); err != nil {
		return err
	}
	if err := protocols.OneLine("password", s.secret); err != nil {
		return err
	}
	s.wire.Secret(s.secret)
	return nil
}

// byPassword is AUTHINFO USER and PASS (RFC 4643, section 2.3).
func (s *Session) byPassword(ctx context.Context) error {
	r, err := s.command(ctx, "AUTHINFO USER "+s.name, sendPassword, loggedIn)
	if err == nil && r.code == sendPassword {
		_, err = s.command(ctx, "AUTHINFO PASS "+s.secret, loggedIn)
	}
	return err
}

// bySASL is AUTHINFO SASL (RFC 4643, section 2.4).
func (s *Session) bySASL(ctx context.Context, mech string) error {
	port, _ := strconv.Atoi(s.target.Port())
	client, err := sasl.New(mech, sasl.Credentials{Name: s.name, Secret: s.secret, Host: s.target.Hostname(), Port: port}, s.channel())
	if err != nil {
		return s.placed(err)
	}
	_, first, err := client.Start()
	if err != nil {
		return s.placed(err)
	}
	line := "AUTHINFO SASL " + mech
	if first != nil {
		line += " " + encode64(first)
	}
	for {
		r, err := s.command(ctx, line, challenged, loggedIn, loggedInData)
		if err != nil {
			return err
		}
		var data []byte
		if r.code != loggedIn {
			if data, err = decode64(r.text); err != nil {
				return s.link.protocol("the server's part of the login is not base64")
			}
		}
		switch r.code {
		case loggedInData:
			if _, err := client.Next(data); err != nil {
				return s.placed(err)
			}
			fallthrough
		case loggedIn:
			return s.placed(sasl.Verified(client))
		}
		answer, err := client.Next(data)
		if err != nil {
			// The server must be told, or it would take the next command for an answer.
			if _, cancel := s.command(ctx, "*", 0); cancel != nil {
				return cancel
			}
			return s.placed(err)
		}
		line = encode64(answer)
	}
}

// encode64 is an answer as it is sent: "=" when it is empty.
func encode64(p []byte) string {
	if len(p) == 0 {
		return "="
	}
	return base64.StdEncoding.EncodeToString(p)
}

func decode64(text string) ([]byte, error) {
	if text == "=" || text == "" {
		return nil, nil
	}
	return base64.StdEncoding.DecodeString(text)
}
