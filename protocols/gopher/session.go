package gopher

import (
	"context"
	"path"

	"wireline/protocols"
	"wireline/protocols/wire"
)

// A Session is a place in gopherspace: a menu, the way that led there, and
// what is still to be seen. Each request has a connection of its own.
type Session struct {
	wire     *wire.Dialer
	home     Item   // where connect went
	here     Item   // the menu whose items have the numbers
	menu     *menu  // of here; nil before it has been fetched
	back     []Item // where the user was before, the latest last
	ahead    []Item // where the user was before going back, the latest last
	tour     []Item
	encoding string
	strict   bool
	silent   bool // remarks are not made

	tryTLS     bool              // where a server has it
	noTLS      map[string]bool   // servers that have none, by address
	delimiters map[string]string // of paths, by the server's address, where caps.txt has said
}

// ConnectArgs are the flags of connect.
type ConnectArgs struct {
	Encoding string `flag:"encoding" enum:"auto,utf-8,latin1,cp437" help:"encoding of names and texts; auto, a guess, if left out"`
	Strict   bool   `flag:"strict" help:"make it an error if the end of a reply cannot be verified"`
	TryTLS   bool   `flag:"try-tls" help:"ask each server under TLS, and without where it has none"`
}

// connect notes where to begin. A URL of something else than a menu begins at
// the root of its server.
func connect(p protocols.Peer, ctx context.Context, a ConnectArgs) (protocols.Session, error) {
	word := p.Target.URL.String()
	if isLocal(word) {
		home, err := localItem(ctx, word)
		if err == nil && home.Type != '1' {
			home = localAt(path.Join(path.Dir(home.Selector), mapName), home.Base)
		}
		return &Session{wire: p.Dialer, home: home, here: home, encoding: a.Encoding, strict: a.Strict}, err
	}
	home, err := parseURL(word)
	if err != nil {
		return nil, err
	}
	home.Secure = p.Target.Scheme.Security == wire.TLS
	if home.Type != '1' && (home.kind() != asSearch || home.Search == "") {
		home = home.root()
	}
	return &Session{wire: p.Dialer, home: home, here: home, encoding: a.Encoding, strict: a.Strict, tryTLS: a.TryTLS, noTLS: map[string]bool{}}, nil
}

// Named is the server, or that a file of this machine was read instead.
func (s *Session) Named() string {
	it := s.home
	if it.Local {
		it = s.here
	}
	switch {
	case it.Local:
		return "file:"
	case it.Port == 70:
		return it.Host
	}
	return it.address()
}

// URL is where the session is, from anywhere on this machine.
func (s *Session) URL() string {
	it := s.here
	if it.Local {
		it.Selector = whole(it.Selector)
	}
	return it.URL()
}

// root is the main menu of the server that has it.
func (it Item) root() Item {
	if it.Local {
		return localAt(path.Join(it.Base, mapName), it.Base)
	}
	return Item{Type: '1', Host: it.Host, Port: it.Port, Secure: it.Secure}
}

// Where is the selector of the menu, and before it the server if that is not
// the one that connect went to. A selector that is no path is set off by a
// blank.
func (s *Session) Where() string {
	where := s.path()
	if where[0] != '/' && !s.here.Local {
		where = " " + where
	}
	switch {
	case s.home.Local: // the name has the server
		return where
	case s.here.Local:
		return " file:" + where
	case !s.here.at(s.home):
		return "//" + s.here.address() + where
	}
	return where
}

// path is the selector of the menu, and the words where it is a search.
func (s *Session) path() string {
	where := decode(s.encoding, s.here.Selector)
	if where == "" {
		where = "/"
	}
	if s.here.Search != "" {
		where += "?" + decode(s.encoding, s.here.Search)
	}
	return where
}

// Close ends the replies that have not been read to their ends; gopher has no
// goodbye.
func (s *Session) Close() error {
	for _, c := range s.wire.Conns() {
		c.Close()
	}
	return nil
}

// Info is the state of a session.
type Info struct {
	URL        string     `json:"url"`
	Items      int        `json:"items"` // that have numbers
	Back       int        `json:"back"`
	Forward    int        `json:"forward"`
	Tour       int        `json:"tour"`
	Connection *wire.Info `json:"connection,omitempty"` // the last one
}

// Info tells of the session and of its last connection.
func (s *Session) Info() any {
	i := Info{URL: s.here.URL(), Back: len(s.back), Forward: len(s.ahead), Tour: len(s.tour)}
	if s.menu != nil {
		i.Items = s.menu.items
	}
	if c := s.wire.Last(); c != nil {
		w := c.Info()
		i.Connection = &w
	}
	return i
}

// arrive makes it the place where the session is. leave takes that back.
func (s *Session) arrive(it Item, m *menu) (leave func()) {
	here, menu, back, ahead := s.here, s.menu, s.back, s.ahead
	if !it.same(s.here) {
		s.back = append(s.back, s.here)
		s.ahead = nil
		if len(s.back) > farthest {
			s.back = s.back[1:]
		}
	}
	s.here, s.menu = it, m
	return func() {
		if s.menu == m && !it.same(here) {
			s.here, s.menu, s.back, s.ahead = here, menu, back, ahead
		}
	}
}

// farthest is how far back the way is known.
const farthest = 1000
