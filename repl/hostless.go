package repl

import (
	"net/url"
	"os"
	"strconv"
	"strings"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/wire"
)

// fileTarget is the file of this machine that a word means, for a protocol
// that can read one: ./menu, ../menu, ~/menu or file:menu.
func fileTarget(p protocols.Protocol, w string) (t wire.Target, ok bool) {
	s := scheme(p, "file")
	if s == nil {
		return t, false
	}
	for _, begin := range []string{"./", "../", "~/"} {
		if strings.HasPrefix(w, begin) {
			return wire.Target{URL: &url.URL{Scheme: s.Name, Opaque: escapePath(w)}, Scheme: *s}, true
		}
	}
	rest, ok := strings.CutPrefix(w, "file:")
	return wire.Target{URL: &url.URL{Scheme: s.Name, Opaque: strings.TrimPrefix(rest, "//")}, Scheme: *s}, ok
}

func escapePath(w string) string { return (&url.URL{Path: w}).EscapedPath() }

// hostless is what a URL without a host names, of a scheme that allows one:
// news:comp.lang.go.
func hostless(p protocols.Protocol, w string) (*url.URL, bool) {
	name, rest, ok := strings.Cut(w, ":")
	if s := scheme(p, name); !ok || s == nil || s.Server == "" || rest == "" || strings.HasPrefix(rest, "//") {
		return nil, false
	}
	port, _, _ := strings.Cut(rest, "/")
	if _, err := strconv.Atoi(port); err == nil {
		return nil, false // a host of that name, its port, and perhaps a path
	}
	u, err := url.Parse(name + ":///" + rest)
	return u, err == nil
}

// usual is the server that a URL without a host means: the one that the
// scheme's variable of the environment names.
func usual(p protocols.Protocol, w string) (wire.Target, int, error) {
	u, _ := hostless(p, w)
	s := scheme(p, u.Scheme)
	host := os.Getenv(s.Server)
	if host == "" {
		return wire.Target{}, 0, fault.New(fault.Usage, "%s names no server", w).
			WithHint("connect %s HOST comes first, or %s=HOST in the environment, or %s://HOST/…", p.Name, s.Server, s.Name)
	}
	t, _, err := target(p, []string{host}, false)
	if err != nil {
		return t, 0, fault.New(fault.Usage, "%s in the environment: %w", s.Server, err)
	}
	u.Scheme, u.Host, t.URL = t.Scheme.Name, t.URL.Host, u
	return t, 1, nil
}
