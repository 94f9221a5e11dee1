package http

import (
	"context"
	"net/url"
	"strconv"

	"wireline/protocols/fault"
	"wireline/protocols/web"
)

// CdArgs are the arguments of cd.
type CdArgs struct {
	URL string `arg:"url?" help:"path, URL or number of a link; where the session began if left out" complete:"remote"`
}

// Cd changes what relative URLs start from. It sends nothing. From where
// something was fetched it leads away: back returns there.
func (s *Session) Cd(_ context.Context, a CdArgs) (any, error) {
	if n, err := strconv.Atoi(a.URL); err == nil && s.page != nil {
		link, err := s.link(n)
		if err != nil {
			return nil, err
		}
		a.URL = link
	}
	base := s.base
	if _, err := s.change(a.URL); err != nil {
		return nil, err
	}
	if s.here != nil {
		s.leave(s.base, base)
	}
	return nil, nil
}

func (s *Session) change(word string) (any, error) {
	if word == "" {
		word = "/"
	}
	u, err := s.resolve(word)
	if err != nil {
		return nil, err
	}
	if !web.SameOrigin(u, s.home) {
		return nil, web.Locate(fault.New(fault.Usage, "%s is another server", web.Address(u)), s.base).WithHint("connect http %s goes there", u.Host)
	}
	u.RawQuery = ""
	s.base = u
	return nil, nil
}

// Pwd is what relative URLs start from.
func (s *Session) Pwd(context.Context, struct{}) (string, error) { return s.shown(), nil }

// shown is the base without who asks.
func (s *Session) shown() string {
	u := url.URL{Scheme: s.base.Scheme, Host: s.base.Host, Path: s.base.Path, RawPath: s.base.RawPath}
	return u.String()
}
