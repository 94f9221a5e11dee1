package http

import (
	"cmp"
	"context"
	"net/url"
	"strings"
	"time"

	"wireline/protocols"
	"wireline/protocols/web"
	"wireline/protocols/wire"
)

// A Session is a base for relative URLs, the cookies that servers set, and
// the connections that are kept for the next request.
type Session struct {
	base    *url.URL
	home    *url.URL // the base when the session began
	ways    Ways
	keys    protocols.Keys
	refused func(context.Context) bool
	wire    *wire.Dialer
	client  *web.Client
	logins  map[string]*web.Login // by origin
	unit    time.Duration         // of the pauses between tries

	last     *Response // nil before the first
	here     *url.URL  // what was fetched last
	previous []place   // what before that, for back
	page     *page     // the page whose links have numbers
	sample   *sample   // the body that was shown last; nil: it was too long
	draft    *draft    // a request that is put together step by step
}

// ConnectArgs are the arguments of connect.
type ConnectArgs struct{ Ways }

func connect(p protocols.Peer, _ context.Context, a ConnectArgs) (protocols.Session, error) {
	if err := (Args{How: How{Ways: a.Ways}}).check(); err != nil {
		return nil, err
	}
	base := *p.URL
	if err := tidy(&base); err != nil {
		return nil, err
	}
	s := &Session{
		base: &base, home: &base, ways: a.Ways, keys: p.Keys, refused: p.Refused, wire: p.Dialer,
		client: &web.Client{Wire: p.Dialer, Jar: web.NewJar()}, logins: map[string]*web.Login{}, unit: time.Second,
	}
	if password, ok := base.User.Password(); ok {
		s.wire.Secret(password)
	}
	return s, nil
}

// Where is the path that relative URLs start from.
func (s *Session) Where() string { return s.base.Path }

// Move goes back to where a session was.
func (s *Session) Move(_ context.Context, where string) error {
	_, err := s.change(where)
	return err
}

// Close drops the connections; HTTP has no goodbye.
func (s *Session) Close() error {
	s.drop()
	return s.client.Close()
}

// Redials tells that a request may need a new connection.
func (s *Session) Redials() {}

// Reply is the status of the last response.
func (s *Session) Reply() (code, text string) {
	if s.last == nil {
		return "", ""
	}
	return s.last.code(), s.last.Text
}

// login is who asks at u: what the request says, or the URL, or, where the
// session began, what connect said. nil is nobody.
func (s *Session) login(u *url.URL, own Ways) (*web.Login, error) {
	w := own
	if web.SameOrigin(u, s.home) {
		w = own.or(s.ways)
	}
	if w.Auth == "none" || w.User == "" && w.Bearer == "" && w.Auth == "" && u.User == nil {
		return nil, nil
	}
	fresh := own.User != "" || own.Bearer != "" || own.Auth != ""
	key := web.Origin(u) + " " + u.User.String()
	if l := s.logins[key]; l != nil && !fresh {
		return l, nil
	}
	l := &web.Login{Scheme: w.Auth}
	name, password, given := strings.Cut(w.User, ":")
	if l.User = name; name == "" && u.User != nil {
		l.User = u.User.Username()
		password, given = u.User.Password()
	}
	if w.Bearer != "" {
		token, err := web.Token(w.Bearer)
		if err != nil {
			return nil, err
		}
		l.Token, l.Scheme = token, "bearer"
	} else if !given && s.keys != nil {
		scheme, who := *web.Scheme(u.Scheme), name
		if w.Auth == "bearer" {
			who = cmp.Or(name, "bearer") // a token needs no name
		}
		l.Drop = s.refused
		l.Ask = func(ctx context.Context) (string, string, error) {
			return s.keys(ctx, wire.Target{URL: u, Scheme: scheme}, who)
		}
	}
	made := s.client.Login(u, l)
	if given {
		made.SetPassword(password)
	}
	if !fresh {
		s.logins[key] = made
	}
	return made, nil
}
