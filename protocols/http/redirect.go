package http

import (
	"context"
	"io"
	"net/http"
	"net/textproto"
	"slices"

	"wireline/protocols/fault"
)

// maxHops is how many redirects are followed.
const maxHops = 10

// maxDrain is how much of a body nobody wants is read to keep its connection.
const maxDrain = 64 << 10

// perform sends r and, if it is to, follows redirects. The body of the
// exchange is the caller's to read and close.
func (s *Session) perform(ctx context.Context, r *request) (*exchange, error) {
	var hops []Hop
	asked := *r.url
	for {
		x, err := s.roundTrip(ctx, r)
		if err != nil {
			return nil, err
		}
		s.last = response(r, x, hops)
		s.jar.SetCookies(r.url, x.res.Cookies())
		to := x.res.Header.Get("Location")
		if !r.follow || to == "" || !redirects(x.res.StatusCode) {
			return x, nil
		}
		if err := x.drain(); err != nil {
			return nil, err
		}
		if len(hops) == maxHops {
			return nil, located(fault.New(fault.Redirect, "more than %d redirects", maxHops), &asked)
		}
		from := *r.url
		if err := r.redirect(x.res.StatusCode, to); err != nil {
			return nil, err
		}
		hops = append(hops, Hop{x.res.StatusCode, from.Redacted(), r.url.Redacted(), x.clock.timing().Total})
	}
}

// drain ends an exchange whose body nobody wants.
func (x *exchange) drain() error {
	_, err := io.CopyN(io.Discard, x.res.Body, maxDrain)
	_ = x.res.Body.Close()
	if err == io.EOF {
		return nil
	}
	return err
}

func redirects(code int) bool {
	switch code {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther,
		http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	}
	return false
}

// harmless headers say nothing of who asks, so they may go to a server that
// another one named.
var harmless = []string{
	"Accept", "Accept-Encoding", "Accept-Language", "Cache-Control", "Content-Type",
	"If-Match", "If-Modified-Since", "If-None-Match", "If-Range", "If-Unmodified-Since",
	"Pragma", "Range", "User-Agent",
}

// redirect makes r the request that a status and its Location ask for
// (RFC 9110, section 15.4). What was meant for one origin stays there: once
// dropped, it is not sent again, even if the way leads back.
func (r *request) redirect(code int, location string) error {
	refuse := func(why string) error {
		return located(fault.New(fault.Redirect, "redirected to %q: %s", brief(location), why), r.url)
	}
	next, err := r.url.Parse(escape(location))
	if err != nil {
		return refuse("not a valid URL")
	}
	next.User = nil
	if schemeOf(next.Scheme) == nil {
		return refuse("only http and https are followed")
	}
	if next, err = tidy(next); err != nil {
		return refuse("not a valid URL")
	}
	if r.url.Scheme == "https" && next.Scheme == "http" {
		return refuse("from https to http is not followed")
	}
	if origin(next) == origin(r.url) {
		next.User = r.url.User
	} else {
		r.host = ""
		for name := range r.header {
			if !slices.Contains(harmless, textproto.CanonicalMIMEHeaderKey(name)) {
				delete(r.header, name)
			}
		}
	}
	r.url = next
	if code == http.StatusSeeOther && r.method != "HEAD" || r.method == "POST" && code < http.StatusSeeOther {
		r.method, r.body = "GET", payload{}
		r.header.Del("Content-Type")
	}
	if !r.body.again() {
		return located(fault.New(fault.ReadLocal, "redirected, but a body that was piped in cannot be sent twice"), next).
			WithHint("put it into a file and send @FILE")
	}
	return nil
}
