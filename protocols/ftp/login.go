package ftp

import (
	"context"
	"net/netip"
	"time"

	"wireline/protocols"
	"wireline/protocols/fault"
)

// keys finds the name and the password. Without a name anywhere the user is
// anonymous, and nobody is asked.
func (s *Session) keys(ctx context.Context) error {
	user := s.args.User
	if user == "" && s.target.User != nil {
		user = s.target.User.Username()
	}
	if user == "" || user == anonymous || user == "ftp" {
		s.name, s.secret = user, "anonymous@"
		if user == "" {
			s.name = anonymous
		}
		return nil
	}
	if err := s.cleartext(); err != nil {
		return err
	}
	var err error
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

// cleartext refuses to send a password where others could read it.
func (s *Session) cleartext() error {
	if s.ctl.TLS() != nil || s.wire.Options.Cleartext || s.local() {
		return nil
	}
	e := fault.New(fault.TLSRequired, "the password would go over the network in the clear")
	e.At, e.Phase = s.target.String(), "login"
	if why := s.ctl.Conn.Info().NoTLS; why != "" {
		e.Text += "; TLS: " + short(why)
	}
	return e.WithHint("--tls require, ftps://, or --allow-cleartext if it must be")
}

func (s *Session) local() bool {
	ap, err := netip.ParseAddrPort(s.ctl.Conn.RemoteAddr().String())
	return err == nil && ap.Addr().Unmap().IsLoopback() && !s.ctl.proxied
}

// enter logs in on a fresh control connection and finds out where that led.
func (s *Session) enter(ctx context.Context) error {
	s.kind, s.clear = "I", false
	if err := s.call(ctx, func() error { return s.lib.Login(s.name, s.secret) }); err != nil {
		if f, ok := err.(*fault.Error); ok && (f.Kind == fault.Login || f.Code != "") && verbOf(s.ctl.sent) != "TYPE" {
			f.Phase = "login"
			switch {
			case f.Kind == fault.TLSRequired:
			case f.Code == "331", f.Code == "332", f.Code == "430", f.Code == "530", f.Code == "550":
				f.Kind, f.Hint = fault.Login, "-u NAME gives another name"
				if f.Code == "332" {
					f.Hint = "--acct gives the account"
				}
			}
		}
		return err
	}
	s.caps = s.ctl.features
	if _, ok := s.caps.has("UTF8"); ok && s.names.enc == nil {
		// Some servers say that they can, and refuse; some have it on for ever.
		if _, err := s.ask(ctx, "OPTS UTF8 ON"); err != nil {
			return err
		}
	}
	if s.ctl.TLS() != nil {
		if err := s.protect(ctx); err != nil {
			return err
		}
	}
	s.login = time.Now()
	return s.where(ctx)
}
