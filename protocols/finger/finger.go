// Package finger asks a host about its users (RFC 1288).
//
// It is also the smallest whole protocol of this repository: one table, one
// Session, one method for each verb. Whoever adds a protocol may start from a
// copy of it.
package finger

import (
	"context"
	"errors"
	"io"
	"net/url"
	"strings"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/verb"
	"wireline/protocols/wire"
)

// Protocol declares finger. Help, completion, the manual and the one-shot
// form are made from this table.
func Protocol() protocols.Protocol {
	return protocols.Protocol{
		Name:    "finger",
		Short:   "who is on a host",
		Schemes: []wire.Scheme{{Name: "finger", Port: "79"}},
		Open: []verb.Verb{{
			Name:    "connect",
			Short:   "set the host to ask; each question connects",
			Example: []string{"connect finger localhost"},
			Explain: []string{"nothing is sent: each question has a connection of its own (RFC 1288)"},
			Run:     verb.Call(connect),
		}},
		Verbs: []verb.Verb{{
			Name:    "who",
			Aliases: []string{"cat"},
			Short:   "ask about a user, or list who is logged in",
			Example: []string{"who", "who alice", "who -l alice", "finger who finger://localhost/alice"},
			Explain: []string{"connect(2), send the name and CRLF, recv(2) until the host closes", "finger -l alice@localhost"},
			Run:     verb.Call((*Session).Who),
		}},
		Route: route,
	}
}

// route gives finger://host/alice and finger://alice@host a meaning.
func route(u *url.URL) (name string, words []string) {
	user := strings.TrimPrefix(u.Path, "/")
	if user == "" && u.User != nil {
		user = u.User.Username()
	}
	if user == "" {
		return "who", nil
	}
	return "who", []string{user}
}

// A Session is a host to ask.
type Session struct {
	wire *wire.Dialer
	host wire.Target
}

func connect(p protocols.Peer, _ context.Context, _ struct{}) (protocols.Session, error) {
	return &Session{p.Dialer, p.Target}, nil
}

// WhoArgs are the arguments of Who.
type WhoArgs struct {
	User    string `arg:"user?" help:"login name; everyone who is logged in if left out"`
	Long    bool   `flag:"l,long" help:"ask for all that is known"`
	Forward bool   `flag:"forward" help:"let the host pass user@other on to the other host"`
}

// Who asks one question (RFC 1288, section 2.3). The answer is text in no
// particular form, and ends where the host closes the connection.
func (s *Session) Who(ctx context.Context, a WhoArgs) (*verb.Blob, error) {
	if err := protocols.OneLine("user", a.User); err != nil {
		return nil, err
	}
	if user, other, ok := strings.Cut(a.User, "@"); ok && !a.Forward {
		e := &fault.Error{Kind: fault.BadArgument, At: s.host.String(), Text: a.User + " is a question to be passed on to another host"}
		return nil, e.WithHint("finger who %s@%s asks the other host; --forward has it passed on", user, other)
	}
	c, err := s.wire.Dial(ctx, s.host)
	if err != nil {
		return nil, err
	}
	c.SetLine(true) // the wire's limits on lines and silence hold
	question := a.User
	if a.Long {
		question = strings.TrimSpace("/W " + question)
	}
	if _, err := io.WriteString(c, question+"\r\n"); err != nil {
		c.Close()
		return nil, err
	}
	if _, err := c.Peek(ctx, 1); err != nil {
		c.Close()
		if errors.Is(err, io.EOF) {
			err = &fault.Error{Kind: fault.Empty, At: s.host.String(), Text: "the host closed the connection without an answer"}
		}
		return nil, err
	}
	return &verb.Blob{Name: a.User, Size: -1, Type: "text/plain", ReadCloser: c}, nil
}

// Where is nothing: a host has no places.
func (s *Session) Where() string { return "" }

// Close has no connection to end; each question had its own.
func (s *Session) Close() error { return nil }
