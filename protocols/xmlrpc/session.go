package xmlrpc

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/web"
	"wireline/protocols/wire"
)

// A Session is a server, and the connection to it that is kept.
type Session struct {
	url     *url.URL
	ways    Ways
	wire    *wire.Dialer
	client  *web.Client
	login   *web.Login
	methods []string // nil: not asked yet
	code    string   // of the last call
	text    string
	last    *web.Response
}

// Ways are how the server is talked to.
type Ways struct {
	User   string `flag:"u,user" help:"who asks: NAME, or NAME:PASSWORD"`
	Auth   string `flag:"auth" enum:"auto,basic,digest,bearer,none" help:"how to log in; auto does what the server asks for, bearer takes the password for a token"`
	Bearer string `flag:"bearer" help:"token to log in with; @FILE reads it from there"`
	Gzip   bool   `flag:"gzip" help:"compress what is sent, for a server that takes it"`
	Socket string `flag:"unix-socket" help:"unix socket to connect to instead of the host" complete:"local"`
}

func connect(p protocols.Peer, _ context.Context, a Ways) (protocols.Session, error) {
	for name, text := range map[string]string{"--user": a.User, "--bearer": a.Bearer, "--unix-socket": a.Socket} {
		if err := protocols.OneLine(name, text); err != nil {
			return nil, err
		}
	}
	u, err := tidy(p.URL)
	if err != nil {
		return nil, err
	}
	s := &Session{url: u, ways: a, wire: p.Dialer, client: &web.Client{Wire: p.Dialer, Jar: web.NewJar()}}
	return s, s.identify(p)
}

// tidy is the URL of a service as HTTP has it.
func tidy(from *url.URL) (*url.URL, error) {
	u := *from
	switch u.Scheme {
	case "xmlrpc":
		u.Scheme = "http"
	case "xmlrpcs":
		u.Scheme = "https"
	}
	scheme := web.Scheme(u.Scheme)
	if scheme == nil || u.Hostname() == "" {
		return nil, fault.New(fault.BadArgument, "%s is no URL of a service", u.Redacted())
	}
	if u.Path == "" || u.Path == "/" {
		u.Path = "/RPC2" // as Python's ServerProxy has it
	}
	u.Fragment, u.RawFragment = "", ""
	u.Host = strings.TrimSuffix(u.Host, ":"+scheme.Port)
	return &u, protocols.OneLine("url", u.Path+u.Host)
}

// aim takes a URL that stands before other words off them, and goes to that
// service of the session's server. An empty word is none.
func (s *Session) aim(words []string) ([]string, error) {
	if len(words) > 0 {
		if err := protocols.OneLine("name", words[0]); err != nil {
			return nil, err
		}
	}
	if len(words) == 0 || !strings.Contains(words[0], "://") || strings.ContainsAny(words[0], " \"") {
		return words, nil
	}
	u, err := url.Parse(words[0])
	if err != nil {
		return nil, fault.New(fault.BadArgument, "%q is not a valid URL", words[0])
	}
	if u, err = tidy(u); err != nil {
		return nil, err
	}
	if web.Origin(u) != web.Origin(s.url) {
		return nil, fault.New(fault.Usage, "%s is another server", web.Address(u)).WithHint("connect xmlrpc %s goes there", u.Redacted())
	}
	if u.User == nil {
		u.User = s.url.User
	}
	if u.Path != s.url.Path {
		s.methods = nil
	}
	s.url = u
	return words[1:], nil
}

// identify prepares the login, if there is to be one.
func (s *Session) identify(p protocols.Peer) error {
	a, to := s.ways, *s.url
	if a.Auth == "none" || a.User == "" && a.Bearer == "" && a.Auth == "" && to.User == nil {
		return nil
	}
	token, err := web.Token(a.Bearer)
	if err != nil {
		return err
	}
	l := &web.Login{Scheme: a.Auth, Token: token}
	name, password, given := strings.Cut(a.User, ":")
	if l.User = name; name == "" && to.User != nil {
		l.User = to.User.Username()
		password, given = to.User.Password()
	}
	if a.Bearer != "" {
		l.Scheme = "bearer"
	} else if !given && p.Keys != nil {
		scheme, who := *web.Scheme(to.Scheme), name
		if a.Auth == "bearer" {
			who = cmp.Or(name, "bearer") // a token needs no name
		}
		l.Drop = p.Refused
		l.Ask = func(ctx context.Context) (string, string, error) {
			return p.Keys(ctx, wire.Target{URL: &to, Scheme: scheme}, who)
		}
	}
	s.login = s.client.Login(&to, l)
	if given {
		s.login.SetPassword(password)
	}
	return nil
}

// Where is the path of the service.
func (s *Session) Where() string { return s.url.Path }

// Close drops the connections.
func (s *Session) Close() error { return s.client.Close() }

// Redials tells that a call may need a new connection.
func (s *Session) Redials() {}

// Help describes a method, if the server has one of that name.
func (s *Session) Help(ctx context.Context, topic string) (any, error) {
	all, err := s.list(ctx)
	if err != nil || !slices.Contains(all, topic) {
		return nil, err
	}
	return s.Describe(ctx, DescribeArgs{Methods: []string{topic}})
}

// Reply is the fault of the last call, or the status of its response.
func (s *Session) Reply() (code, text string) { return s.code, s.text }

// Info is the state of a session.
type Info struct {
	URL         string      `json:"url"`
	Requests    int         `json:"requests"`
	Connections int         `json:"connections"`
	Server      string      `json:"server,omitempty"`
	Version     string      `json:"version,omitempty"` // of HTTP
	Timing      *web.Timing `json:"timing,omitempty"`
	Connection  *wire.Info  `json:"connection,omitempty"`
}

// Info tells of the session and of the last call.
func (s *Session) Info() any {
	n := s.client.Counts()
	i := Info{URL: s.url.Redacted(), Requests: n.Requests, Connections: n.Connections}
	if r := s.last; r != nil {
		t := r.Clock.Timing()
		i.Server, i.Version, i.Timing = r.Fields.Get("Server"), r.Version, &t
	}
	if c := s.wire.Last(); c != nil {
		w := c.Info()
		i.Connection = &w
	}
	return i
}

// Complete offers the names of methods, which it asks for once.
func (s *Session) Complete(ctx context.Context, what, prefix string) ([]string, error) {
	if what != "method" {
		return nil, nil
	}
	all, err := s.list(ctx)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(all), func(m string) bool { return !strings.HasPrefix(m, prefix) }), nil
}

// list is the names of all methods.
func (s *Session) list(ctx context.Context) ([]string, error) {
	if s.methods != nil {
		return s.methods, nil
	}
	v, err := s.value(ctx, "system.listMethods")
	if err != nil {
		return nil, err
	}
	all, ok := v.([]any)
	if !ok {
		return nil, web.Locate(fault.New(fault.Protocol, "system.listMethods gives no list"), s.url)
	}
	names := []string{}
	for _, x := range all {
		if name, ok := x.(string); ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	s.methods = names
	return names, nil
}

// refused is a fault as an error.
func (s *Session) refused(f *Fault) error {
	s.code, s.text = strconv.FormatInt(f.Code, 10), f.String
	text := f.String
	if text == "" {
		text = "a fault without a word"
	}
	return web.Locate(&fault.Error{Kind: fault.Refused, Code: s.code, Text: oneLine(text)}, s.url)
}

// oneLine is text of a server as part of a line.
func oneLine(s string) string {
	return web.Cut(strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if r == 0 {
			return ' '
		}
		return r
	}, s)), " "), 1000)
}
