package web

import (
	"cmp"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"

	"golang.org/x/net/publicsuffix"
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

// A Jar keeps cookies (RFC 6265). It is net/http's, which decides who is sent
// what, with a list beside it of what was accepted, for that one cannot be
// asked. A nil Jar keeps none.
type Jar struct {
	mu   sync.Mutex
	jar  *cookiejar.Jar
	all  map[cookieKey]Cookie
	used bool // it may have cookies
}

type cookieKey struct{ domain, path, name string }

// What servers can make us keep, in all and for one domain, and the longest name
// with its value, or path (RFC 6265, section 6.1, asks for no less).
const (
	maxCookies = 3000
	maxDomain  = 180
	maxCookie  = 4096
)

// NewJar is an empty Jar.
func NewJar() *Jar {
	j, err := cookiejar.New(&cookiejar.Options{PublicSuffixList: publicsuffix.List})
	if err != nil {
		panic(err) // it has no way to fail
	}
	return &Jar{jar: j, all: map[cookieKey]Cookie{}}
}

// Give adds the cookies for its URL to a request.
func (j *Jar) Give(r *Request) {
	if j == nil {
		return
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	all := r.Fields.Values("Cookie")
	if !j.used && len(all) == 0 {
		return
	}
	for _, c := range j.jar.Cookies(r.URL) {
		all = append(all, c.Name+"="+valueOf(c))
	}
	if len(all) > 0 {
		r.Fields = slices.Clone(r.Fields)
		r.Fields.Set("Cookie", strings.Join(all, "; "))
	}
}

// Take keeps the cookies that a response sets.
func (j *Jar) Take(u *url.URL, r *Response) {
	if j == nil {
		return
	}
	for _, line := range r.Fields.Values("Set-Cookie") {
		if c := parseCookie(line); c != nil {
			j.Set(u, []*http.Cookie{c})
		}
	}
}

// parseCookie reads a Set-Cookie header as it must be read (RFC 6265, section
// 5.2), not as it should be written: net/http leaves out a cookie with a byte in
// it that is none of ASCII, or a backslash, which servers do set. nil is none.
func parseCookie(line string) *http.Cookie {
	pair, attributes, _ := strings.Cut(line, ";")
	name, value, found := strings.Cut(pair, "=")
	name, value = strings.Trim(name, " \t"), strings.Trim(value, " \t")
	if !found || name == "" || strings.ContainsFunc(name+value, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return nil
	}
	c, err := http.ParseSetCookie("n=v;" + attributes)
	if err != nil {
		return nil
	}
	c.Name, c.Value, c.Raw = name, value, line
	return c
}

// Set takes the cookies that u set (RFC 6265, section 5.3).
func (j *Jar) Set(u *url.URL, set []*http.Cookie) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, c := range set {
		if !fit(u, c) {
			continue
		}
		k, cookie := known(u, c)
		if len(k.path) > maxCookie || strings.ContainsFunc(k.path, unicode.IsControl) { // no file of cookies could hold it
			continue
		}
		if _, there := j.all[k]; !there && j.full(k.domain) {
			continue
		}
		j.used = true
		j.jar.SetCookies(u, []*http.Cookie{c})
		if j.has(cookie) {
			j.all[k] = cookie
		} else {
			delete(j.all, k) // refused, or told to expire
		}
	}
}

// full reports whether there is no room for another cookie of a domain.
func (j *Jar) full(domain string) bool {
	n := 0
	for k := range j.all {
		if k.domain == domain {
			n++
		}
	}
	return n >= maxDomain || len(j.all) >= maxCookies
}

// valueOf is the value of c as it came: the quotes are part of it (RFC 6265,
// section 5.2).
func valueOf(c *http.Cookie) string {
	if c.Quoted {
		return `"` + c.Value + `"`
	}
	return c.Value
}

// fit refuses what is too long, what only a secure server may set, and the names that promise
// more than they hold (RFC 6265bis, section 4.1.3).
func fit(u *url.URL, c *http.Cookie) bool {
	secure := u.Scheme == "https"
	name := strings.ToLower(c.Name)
	switch {
	case c.Secure && !secure, len(name)+len(c.Value) > maxCookie:
		return false
	case strings.HasPrefix(name, "__secure-"):
		return c.Secure
	case strings.HasPrefix(name, "__host-"):
		return c.Secure && c.Domain == "" && c.Path == "/"
	}
	return true
}

// known is c with what u says where c does not.
func known(u *url.URL, c *http.Cookie) (cookieKey, Cookie) {
	k := Cookie{Name: c.Name, Value: valueOf(c), Domain: strings.ToLower(u.Hostname()), Path: c.Path, Secure: c.Secure, HTTPOnly: c.HttpOnly}
	if d := strings.TrimPrefix(strings.ToLower(c.Domain), "."); d != "" && net.ParseIP(d) == nil {
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

// origin is a URL that would be sent c.
func (c Cookie) origin() *url.URL {
	host := strings.TrimPrefix(c.Domain, ".")
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	return &url.URL{Scheme: "https", Host: host, Path: c.Path}
}

// has reports whether the jar would send c to where it came from.
func (j *Jar) has(c Cookie) bool {
	return slices.ContainsFunc(j.jar.Cookies(c.origin()), func(x *http.Cookie) bool { return x.Name == c.Name && valueOf(x) == c.Value })
}

// List lists the cookies, by domain, path and name.
func (j *Jar) List() []Cookie {
	j.mu.Lock()
	defer j.mu.Unlock()
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
