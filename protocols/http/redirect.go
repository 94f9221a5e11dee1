package http

import (
	"net/http"
	"slices"
	"strings"

	"wireline/protocols/fault"
	"wireline/protocols/web"
)

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
	"accept", "accept-encoding", "accept-language", "cache-control", "content-type",
	"if-match", "if-modified-since", "if-none-match", "if-range", "if-unmodified-since",
	"pragma", "range", "user-agent",
}

// redirect makes r the request that a status and its Location ask for
// (RFC 9110, section 15.4). What was meant for one origin stays there: once
// dropped, it is not sent again, even if the way leads back.
func (r *request) redirect(code int, location string) error {
	refuse := func(why string) error {
		return web.Locate(fault.New(fault.Redirect, "redirected to %q: %s", web.Cut(location, 200), why), r.url)
	}
	next, err := r.url.Parse(escape(location))
	if err != nil {
		return refuse("not a valid URL")
	}
	next.User = nil
	if web.Port(next.Scheme) == "" {
		return refuse("only http and https are followed")
	}
	if tidy(next) != nil {
		return refuse("not a valid URL")
	}
	if !r.redirected.has(next.Scheme) {
		return refuse("--proto or --proto-redir does not allow " + next.Scheme)
	}
	if r.url.Scheme == "https" && next.Scheme == "http" && r.how.ProtoRedir == "" {
		return refuse("from https to http is not followed")
	}
	if web.SameOrigin(next, r.url) {
		next.User = r.url.User
	} else {
		r.host, r.login, r.moved = "", nil, true
		r.fields = slices.DeleteFunc(slices.Clone(r.fields), func(f web.Field) bool {
			return !slices.Contains(harmless, strings.ToLower(f.Name))
		})
	}
	r.url = next
	if code == http.StatusSeeOther && r.method != "HEAD" || r.method == "POST" && code < http.StatusSeeOther {
		r.method, r.body, r.fields = "GET", payload{}, slices.Clone(r.fields)
		r.fields.Del("Content-Type")
	}
	if !r.body.again() {
		return web.Locate(fault.New(fault.ReadLocal, "redirected, but a body that was piped in cannot be sent twice"), next).
			WithHint("put it into a file and send @FILE")
	}
	return nil
}
