package imap

import (
	"context"
	"crypto/tls"

	"wireline/protocols/fault"
)

// Secured tells of TLS that was begun within a session.
type Secured struct {
	Version string `json:"version"`
}

// Message says it.
func (x Secured) Message() string { return "the connection is under " + x.Version }

// Starttls changes to TLS, which must be before the login (RFC 9051, section
// 6.2.1). What the server said it could before that counts no more.
func (s *Session) Starttls(ctx context.Context, _ struct{}) (Secured, error) {
	switch {
	case s.l.conn.TLS() != nil:
		return Secured{}, fault.New(fault.Unsupported, "the connection is under TLS already")
	case s.loggedIn:
		return Secured{}, fault.New(fault.Usage, "TLS begins before the login").WithHint("connect with --tls require, or with --no-login first")
	}
	if err := s.need("change to TLS", "STARTTLS"); err != nil {
		return Secured{}, err
	}
	if err := s.do(ctx, s.command("STARTTLS")); err != nil {
		return Secured{}, err
	}
	if s.l.buffered() {
		return Secured{}, s.l.fail(fault.New(fault.TLSRequired, "the server sent data before TLS began, which somebody may have put there"))
	}
	if err := s.l.conn.StartTLS(ctx, ""); err != nil {
		return Secured{}, s.l.fail(err)
	}
	s.caps, s.capsFresh = nil, false
	err := s.capabilities(ctx)
	return Secured{Version: tls.VersionName(s.l.conn.TLS().Version)}, err
}
