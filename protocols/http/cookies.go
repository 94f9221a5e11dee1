package http

import (
	"cmp"
	"context"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/publicsuffix"

	"wireline/protocols/verb"
)

// A Cookie is one that a server set and that has not expired.
type Cookie struct {
	Name     string     `json:"name"`
	Value    string     `json:"value"`
	Domain   string     `json:"domain"` // with a leading dot if subdomains get it, too
	Path     string     `json:"path"`
	Expires  *time.Time `json:"expires,omitempty"` // nil: with the session
	Secure   bool       `json:"secure"`
	HTTPOnly bool       `json:"http_only"`
}

// Cookies lists the cookies of the session.
func (s *Session) Cookies(context.Context, struct{}) (verb.Stream[Cookie], error) {
	return rows(s.jar.list()), nil
}

// A jar is net/http's, which decides who is sent what, with a list beside it
// of what was accepted, for that one cannot be asked.
type jar struct {
	*cookiejar.Jar
	all map[cookieKey]Cookie
}

type cookieKey struct{ domain, path, name string }

// maxCookies bounds what servers can make us keep.
const maxCookies = 3000

func newJar() *jar {
	j, err := cookiejar.New(&cookiejar.Options{PublicSuffixList: publicsuffix.List})
	if err != nil {
		panic(err) // it has no way to fail
	}
	return &jar{j, map[cookieKey]Cookie{}}
}

// SetCookies takes the cookies that u set (RFC 6265, section 5.3).
func (j *jar) SetCookies(u *url.URL, set []*http.Cookie) {
	for _, c := range set {
		k, cookie := known(u, c)
		if _, there := j.all[k]; !there && len(j.all) >= maxCookies {
			continue
		}
		j.Jar.SetCookies(u, []*http.Cookie{c})
		if j.has(cookie) {
			j.all[k] = cookie
		} else {
			delete(j.all, k) // refused, or told to expire
		}
	}
}

// known is c with what u says where c does not.
func known(u *url.URL, c *http.Cookie) (cookieKey, Cookie) {
	k := Cookie{Name: c.Name, Value: c.Value, Domain: strings.ToLower(u.Hostname()), Path: c.Path, Secure: c.Secure, HTTPOnly: c.HttpOnly}
	if d := strings.TrimPrefix(strings.ToLower(c.Domain), "."); d != "" && d != k.Domain {
		k.Domain = "." + d
	}
	if !strings.HasPrefix(k.Path, "/") {
		k.Path = "/"
		if i := strings.LastIndexByte(u.Path, '/'); i > 0 {
			k.Path = u.Path[:i]
		}
	}
	switch {
	case c.MaxAge > 0:
		t := time.Now().Add(time.Duration(c.MaxAge) * time.Second)
		k.Expires = &t
	case !c.Expires.IsZero():
		k.Expires = &c.Expires
	}
	return cookieKey{k.Domain, k.Path, k.Name}, k
}

// has reports whether the jar would send c to where it came from.
func (j *jar) has(c Cookie) bool {
	host := strings.TrimPrefix(c.Domain, ".")
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	u := &url.URL{Scheme: "https", Host: host, Path: c.Path}
	return slices.ContainsFunc(j.Jar.Cookies(u), func(x *http.Cookie) bool { return x.Name == c.Name && x.Value == c.Value })
}

func (j *jar) list() []Cookie {
	var all []Cookie
	for k, c := range j.all {
		if !j.has(c) { // expired meanwhile
			delete(j.all, k)
			continue
		}
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b Cookie) int {
		return cmp.Or(cmp.Compare(a.Domain, b.Domain), cmp.Compare(a.Path, b.Path), cmp.Compare(a.Name, b.Name))
	})
	return all
}
