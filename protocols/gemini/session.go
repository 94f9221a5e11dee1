package gemini

import (
	"context"
	"net/url"
	"path"
	"strconv"
	"strings"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/wire"
)

// A Session is a place: a page, its links, and the way that led there.
type Session struct {
	wire   *wire.Dialer
	scheme wire.Scheme
	home   *url.URL
	here   *url.URL
	links  []Line // of the page; nil before it has been fetched
	back   []*url.URL
	ahead  []*url.URL
	strict bool
}

// ConnectArgs are the flags of connect.
type ConnectArgs struct {
	Strict bool `flag:"strict" help:"make it an error if the server does not end TLS as it should"`
}

func connect(p protocols.Peer, _ context.Context, a ConnectArgs) (protocols.Session, error) {
	s := &Session{wire: p.Dialer, scheme: p.Target.Scheme, strict: a.Strict}
	home, err := s.resolve(p.Target.URL, p.Target.URL.String())
	s.home, s.here = home, home
	return s, err
}

// Where is the path of the page, and before it the server if that is not the
// one that connect went to.
func (s *Session) Where() string {
	where := s.here.Path
	if s.here.RawQuery != "" {
		where += "?" + s.here.RawQuery
	}
	if !same(s.here, s.home) {
		where = "//" + s.here.Host + where
	}
	return where
}

// Named is the server that connect went to.
func (s *Session) Named() string { return s.home.Host }

// URL is where the session is.
func (s *Session) URL() string { return s.here.String() }

// Close ends the replies that have not been read to their ends.
func (s *Session) Close() error {
	for _, c := range s.wire.Conns() {
		c.Close()
	}
	return nil
}

// same reports whether one server has both.
func same(a, b *url.URL) bool {
	return strings.EqualFold(a.Hostname(), b.Hostname()) && port(a) == port(b)
}

func port(u *url.URL) string {
	if p := u.Port(); p != "" {
		return p
	}
	return "1965"
}

// resolve reads a URL, which may be relative to the page at base.
func (s *Session) resolve(base *url.URL, word string) (*url.URL, error) {
	if err := protocols.OneLine("URL", word); err != nil {
		return nil, err
	}
	ref, err := url.Parse(word)
	if err != nil {
		return nil, &fault.Error{Kind: fault.BadArgument, At: strconv.Quote(word), Text: "this is not a URL"}
	}
	if text, err := url.PathUnescape(ref.EscapedPath()); err == nil {
		if err := protocols.OneLine("URL", text); err != nil {
			return nil, err
		}
	}
	u := base.ResolveReference(ref)
	u.User, u.Fragment = nil, ""
	if !strings.EqualFold(u.Scheme, "gemini") {
		return u, nil
	}
	host, err := wire.ParseHost(u.Hostname())
	if err != nil {
		return nil, err
	}
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if u.Host = host; ref.Host == "" && base.Port() != "" || ref.Port() != "" {
		p := ref.Port()
		if p == "" {
			p = base.Port()
		}
		if p != "1965" {
			u.Host += ":" + p
		}
	}
	if u.Path == "" {
		u.Path = "/"
	}
	return u, nil
}

// page is the one that a word means: a number, or a URL. No word means the
// page that was shown last.
func (s *Session) page(ctx context.Context, word string) (*url.URL, error) {
	n, err := strconv.Atoi(word)
	switch {
	case word == "" || word == ".":
		return s.here, nil
	case err != nil || n < 0:
		return s.resolve(s.here, word)
	}
	if s.links == nil {
		if err := s.load(ctx, s.here); err != nil {
			return nil, err
		}
	}
	if n < 1 || n > len(s.links) {
		e := &fault.Error{Kind: fault.Usage, At: s.here.String(), Text: "no link " + word}
		if len(s.links) == 0 {
			return nil, e.WithHint("the page has no links")
		}
		return nil, e.WithHint("the page has links 1 to %d; ls lists them", len(s.links))
	}
	return s.resolve(s.here, s.links[n-1].URL)
}

// arrive makes it the page where the session is.
func (s *Session) arrive(u *url.URL) {
	if u.String() != s.here.String() {
		s.back, s.ahead = append(s.back, s.here), nil
		s.back = s.back[max(0, len(s.back)-farthest):]
	}
	s.here, s.links = u, []Line{}
}

// farthest is how far back the way is known.
const farthest = 1000

// fileName is a name for what a URL leads to.
func fileName(u *url.URL) string {
	if name := path.Base(u.Path); name != "/" && name != "." && name != ".." {
		return name
	}
	return "index.gmi"
}
