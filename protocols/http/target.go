package http

import (
	"fmt"
	"net"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/web"
	"wireline/protocols/wire"
)

// hostPort is what begins a URL that was typed without its scheme.
var hostPort = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^([A-Za-z0-9.-]*|\[[0-9A-Fa-f:.%]+\]):[0-9]+([/?#]|$)`)
})

// resolve is the URL that word means: itself, or the base and more. :8080/x
// is on this host, host:8080/x is under http, /x is below the base's host,
// and x below the base.
func (s *Session) resolve(word string) (*url.URL, error) {
	if err := protocols.OneLine("url", word); err != nil {
		return nil, err
	}
	switch {
	case word == "":
		base := *s.base
		return &base, nil
	case strings.Contains(word, `\`):
		return nil, badURL(word, "a backslash is not allowed in a URL")
	case !strings.Contains(word, "://") && hostPort().MatchString(word):
		if strings.HasPrefix(word, ":") {
			word = "localhost" + word
		}
		word = "http://" + word
	}
	ref, err := url.Parse(escape(word))
	if err != nil {
		return nil, badURL(word, "not a valid URL")
	}
	if ref.Scheme == "" && ref.Host == "" {
		base := *s.base
		if ref.Path != "" && !strings.HasSuffix(base.Path, "/") {
			base.Path, base.RawPath = base.Path+"/", ""
		}
		next := base.ResolveReference(ref)
		next.User = base.User
		return next, tidy(next)
	}
	if ref.Scheme == "" {
		ref.Scheme = s.base.Scheme
	}
	if ref.User == nil && s.base.User != nil && web.SameOrigin(ref, s.base) {
		ref.User = s.base.User
	}
	return ref, tidy(ref)
}

// escape writes blanks and what is not ASCII as %XX. Next to those, net/url
// would forget which slashes were escaped.
func escape(word string) string {
	if !strings.ContainsFunc(word, func(c rune) bool { return c == ' ' || c >= 0x80 }) {
		return word
	}
	var b strings.Builder
	for i := range len(word) {
		if c := word[i]; c == ' ' || c >= 0x80 {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// tidy makes u what is used: with a host that can be connected to, without the
// scheme's own port, without a fragment, and with a path.
func tidy(u *url.URL) error {
	usual := web.Port(u.Scheme)
	switch {
	case usual == "":
		return badURL(u.Redacted(), "the scheme is neither http nor https")
	case u.Opaque != "" || u.Hostname() == "":
		return badURL(u.Redacted(), "no host")
	}
	host, err := wire.ParseHost(u.Hostname())
	if err != nil {
		return err
	}
	port := u.Port()
	switch {
	case port != "" && port != usual:
		if _, err := wire.Port("tcp", port); err != nil {
			return err
		}
		if host != u.Hostname() {
			u.Host = net.JoinHostPort(host, port)
		}
	case strings.Contains(host, ":"):
		u.Host = "[" + host + "]"
	default:
		u.Host = host
	}
	if u.Path == "" {
		u.Path = "/"
	}
	u.Scheme, u.Fragment, u.RawFragment = strings.ToLower(u.Scheme), "", ""
	return nil
}

func badURL(word, why string) error {
	if u, err := url.Parse(word); err == nil {
		word = u.Redacted()
	} else if at := strings.LastIndexByte(word, '@'); at >= 0 {
		word = "***" + word[at:]
	}
	if strings.ContainsFunc(word, func(r rune) bool { return !unicode.IsPrint(r) }) {
		word = strconv.Quote(word)
	}
	return fault.New(fault.BadArgument, "%s: %s", word, why)
}
