package nntp

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/wire"
)

// A Session talks to a news server. When its connection is lost while nobody
// uses it, the next verb makes another one and goes back to the same group.
type Session struct {
	peer   protocols.Peer
	wire   *wire.Dialer
	target wire.Target
	args   ConnectArgs
	name   string // who logs in; "" until that is asked for
	secret string // the password

	link    *link
	since   time.Time // the connection was made
	start   string    // group to go to once a group is needed, from the URL of connect
	group   *Group    // the current one
	current int64     // article, 0 when there is none
	found   []span    // what search found last, in group
	oldOver bool      // the server does not know OVER
	actives actives   // names of groups, for completion
	news    *newsrc   // what has been read; nil when nobody keeps it
	turn    turn
	closed  chan struct{} // is, with the session
}

// Where is the current group, how many articles it has, and how many of them
// are new if that is known.
func (s *Session) Where() string {
	if s.group == nil && s.start != "" {
		return "/" + s.start
	}
	if s.group == nil {
		return ""
	}
	g := s.group
	where := "/" + g.Name + " (" + strconv.FormatInt(g.Count, 10)
	if s.news != nil {
		where += fmt.Sprintf(", %d new", s.news.unread(g))
	}
	return where + ")"
}

// URL is the group where the session is (RFC 5538).
func (s *Session) URL() string {
	u := *s.target.URL
	u.RawQuery, u.Fragment, u.Path, u.RawPath = "", "", "/"+s.start, ""
	if s.group != nil {
		u.Path = "/" + s.group.Name
	}
	return u.String()
}

// Named is the server, and before it who is logged in.
func (s *Session) Named() string {
	host := s.target.Hostname()
	if p := s.target.Port(); p != "" && p != s.target.Scheme.Port {
		host = s.target.String()
	}
	if s.link == nil || s.link.user == "" {
		return host
	}
	return s.link.user + "@" + host
}

// Reply is the code and the text of the last reply.
func (s *Session) Reply() (code, text string) {
	if s.link == nil || s.link.last.code == 0 {
		return "", ""
	}
	return strconv.Itoa(s.link.last.code), s.link.last.text
}

// Keep says something harmless.
func (s *Session) Keep(ctx context.Context) error {
	if s.link.block != nil || s.link.broken != nil {
		return nil
	}
	_, err := s.command(ctx, "DATE", 0)
	return err
}

// Move goes to the group that Where has told of.
func (s *Session) Move(ctx context.Context, where string) error {
	name, _, _ := strings.Cut(strings.TrimPrefix(where, "/"), " ")
	if name == "" {
		return nil
	}
	_, err := s.Cd(ctx, CdArgs{Group: name})
	return err
}

// Close says QUIT, and does not depend on an answer.
func (s *Session) Close() error {
	if s.isClosed() {
		return nil
	}
	close(s.closed)
	l := s.link
	if l == nil || l.broken != nil {
		return nil
	}
	l.limits.Reply = 0
	l.conn.SetDeadline(time.Now().Add(s.wire.InForce().Goodbye))
	if l.say("QUIT") == nil {
		// The answer, or that there is none, changes nothing.
		_, _ = l.answer()
	}
	l.fail(&fault.Error{Kind: fault.Recv, At: l.at, Text: "the session is closed"})
	return nil
}

// isClosed reports whether the session was closed.
func (s *Session) isClosed() bool {
	select {
	case <-s.closed:
		return true
	default:
		return false
	}
}

// Greeting is what the server said first, or as a reader of news was there.
func (s *Session) Greeting() (lines []string, clear bool) {
	g := s.link.greeting
	return []string{strconv.Itoa(g.code) + " " + g.text}, s.link.hailed
}

// Info is the state of a session.
type Info struct {
	Server     string     `json:"server"`
	Greeting   string     `json:"greeting"`
	Clear      bool       `json:"greeting_in_clear,omitempty"` // it came before TLS: nobody has proved whose it is
	Posting    bool       `json:"posting"`                     // whether the server says that it takes articles
	Software   string     `json:"software,omitempty"`
	User       string     `json:"user,omitempty"`
	Group      string     `json:"group,omitempty"`
	Article    int64      `json:"article,omitempty"`
	Newsrc     string     `json:"newsrc,omitempty"` // the file of marks
	Compressed bool       `json:"compressed"`
	Since      time.Time  `json:"since"`
	Connection *wire.Info `json:"connection,omitempty"`
}

// Info tells of the session.
func (s *Session) Info() any {
	l := s.link
	i := Info{
		Server: s.target.String(), Greeting: l.greeting.text, Clear: l.hailed, Posting: l.posting(),
		User: l.user, Article: s.current, Compressed: l.compressed, Since: s.since,
	}
	if args, ok := l.caps.args("IMPLEMENTATION"); ok {
		i.Software = strings.Join(args, " ")
	}
	if s.group != nil {
		i.Group = s.group.Name
	}
	if s.news != nil {
		i.Newsrc = s.news.file
	}
	w := l.conn.Info()
	i.Connection = &w
	return i
}
