package repl

import (
	"net"
	"net/url"
	"strconv"
	"strings"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/wire"
)

// target reads who is meant off the front of words: HOST PORT, HOST:PORT,
// [V6]:PORT, HOST, a path or a URL. It returns how many words that were.
// listening lets a lone number be a port.
func target(p protocols.Protocol, words []string, listening bool) (t wire.Target, n int, err error) {
	t.Scheme = p.Schemes[0]
	if len(words) == 0 {
		return t, 0, fault.New(fault.Usage, "missing %s", wants(p))
	}
	w := words[0]
	if err := protocols.OneLine("target", w); err != nil {
		return t, 0, err
	}
	if f, ok := fileTarget(p, w); ok && !listening {
		return f, 1, nil
	}
	if _, ok := hostless(p, w); ok && !listening {
		return usual(p, w)
	}
	if name, _, ok := strings.Cut(w, ":"); ok && scheme(p, name) != nil {
		t.Scheme = *scheme(p, name)
		if strings.Contains(w, "://") || isPath(t) {
			return fromURL(t, w)
		}
	} else if i := strings.Index(w, "://"); i > 0 {
		return t, 0, fault.New(fault.BadArgument, "%s is not a scheme of %s", w[:i], p.Name)
	}
	if isPath(t) {
		t.URL = &url.URL{Scheme: t.Scheme.Name, Path: homePath(w)}
		return t, 1, nil
	}
	if strings.Contains(w, "/") {
		if strings.HasPrefix(w, ":") {
			w = "localhost" + w
		}
		return fromURL(t, t.Scheme.Name+"://"+w)
	}
	var user *url.Userinfo
	if i := strings.LastIndexByte(w, '@'); i > 0 {
		user, w = url.User(w[:i]), w[i+1:]
		if name, password, ok := strings.Cut(user.Username(), ":"); ok {
			user = url.UserPassword(name, password)
		}
	}
	host, port := w, ""
	n = 1
	if h, po, err := net.SplitHostPort(w); err == nil {
		host, port = h, po
	} else {
		host = strings.TrimSuffix(strings.TrimPrefix(w, "["), "]")
		more := len(words) > 1 && isPort(t, words[1])
		if listening && !more && isPort(t, w) {
			host, port = "", w
		} else if more {
			port, n = words[1], 2
		}
	}
	t, n, err = hostPort(t, p, host, port, n, listening)
	if err == nil {
		t.User = user
	}
	return t, n, err
}

func hostPort(t wire.Target, p protocols.Protocol, host, port string, n int, listening bool) (wire.Target, int, error) {
	if port == "" {
		port = t.Scheme.Port
	}
	if port == "" {
		if !listening || host != "" {
			return t, 0, fault.New(fault.Usage, "missing port after %s", host).WithHint("%s", wants(p))
		}
		port = "0"
	}
	number, err := wire.Port(t.Net(), port)
	if err != nil {
		return t, 0, err
	}
	if s := secureAt(p, number); s != nil && !listening && t.Scheme.Name == p.Schemes[0].Name {
		t.Scheme = *s
	}
	if !listening || host != "" {
		h, err := wire.ParseHost(host)
		if err != nil {
			return t, 0, err
		}
		host = h
	}
	t.URL = &url.URL{Scheme: t.Scheme.Name, Host: net.JoinHostPort(host, strconv.Itoa(number))}
	return t, n, nil
}

func fromURL(t wire.Target, w string) (wire.Target, int, error) {
	bad := func(why string) (wire.Target, int, error) {
		return t, 0, fault.New(fault.BadArgument, "%s: %s", redactURL(w), why)
	}
	if isPath(t) {
		rest := strings.TrimPrefix(strings.TrimPrefix(w, t.Scheme.Name+":"), "//")
		if rest == "" {
			return bad("no path")
		}
		t.URL = &url.URL{Scheme: t.Scheme.Name, Path: homePath(rest)}
		return t, 1, nil
	}
	if strings.Contains(w, `\`) {
		return bad("a backslash is not allowed in a URL")
	}
	u, err := url.Parse(w)
	if err != nil {
		return bad("not a valid URL")
	}
	if u.Hostname() == "" {
		return bad("no host")
	}
	host, err := wire.ParseHost(u.Hostname())
	if err != nil {
		return t, 0, err
	}
	port := u.Port()
	if port == "" {
		port = t.Scheme.Port
	}
	if port == "" {
		return bad("no port")
	}
	if _, err := wire.Port(t.Net(), port); err != nil {
		return t, 0, err
	}
	u.Host = net.JoinHostPort(host, port)
	t.URL = u
	return t, 1, nil
}

// secureAt is the scheme of p that has a port of its own for TLS from the first
// byte, if that is the one: who types smtp and 465 means smtps. Gopher has one
// port for both, which says nothing.
func secureAt(p protocols.Protocol, port int) *wire.Scheme {
	for i, s := range p.Schemes {
		if s.Security == wire.TLS && s.Port == strconv.Itoa(port) && s.Port != p.Schemes[0].Port {
			return &p.Schemes[i]
		}
	}
	return nil
}

func scheme(p protocols.Protocol, name string) *wire.Scheme {
	for i, s := range p.Schemes {
		if s.Name == strings.ToLower(name) {
			return &p.Schemes[i]
		}
	}
	return nil
}

func isPath(t wire.Target) bool { return strings.HasPrefix(t.Net(), "unix") }

func isPort(t wire.Target, w string) bool {
	_, err := wire.Port(t.Net(), w)
	return err == nil
}

func wants(p protocols.Protocol) string {
	switch s := p.Schemes[0]; {
	case strings.HasPrefix(s.Network, "unix"):
		return "PATH: " + p.Name + " wants the path of a socket, or @name for an abstract one"
	case s.Port == "":
		return "HOST PORT: " + p.Name + " wants a host and a port, such as localhost 12345"
	default:
		return "HOST: " + p.Name + " wants a host, HOST:PORT or a URL such as " + s.Name + "://localhost/"
	}
}

// redactURL is u without its password.
func redactURL(w string) string {
	i := strings.Index(w, "://")
	if i < 0 {
		return w
	}
	rest := w[i+3:]
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	at := strings.LastIndexByte(rest[:end], '@')
	if at < 0 {
		return w
	}
	user, _, has := strings.Cut(rest[:at], ":")
	if has {
		user += ":***"
	}
	return w[:i+3] + user + rest[at:]
}
