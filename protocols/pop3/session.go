package pop3

import (
	"context"
	"fmt"
	"net"
	"slices"
	"strings"

	lib "github.com/knadh/go-pop3"

	"wireline/protocols"
	"wireline/protocols/command"
	"wireline/protocols/sasl"
	"wireline/protocols/wire"
)

// A Session is one conversation with a server of POP3.
type Session struct {
	wire   *wire.Dialer
	peer   protocols.Peer
	target wire.Target
	args   ConnectArgs

	ctl     *control
	lib     *lib.Conn
	greet   Reply
	hail    string // the greeting that came before TLS
	caps    []Cap  // nil: not asked for yet
	user    string
	cred    sasl.Credentials // of the login
	resting bool             // the connection was closed by us, and is opened again when there is a need
	in      bool             // logged in
	count   int              // messages, as of the login
	size    int64
	deleted map[uint32]bool // to be removed when the session is closed
	sizes   []row           // of the messages, as listed; nil: not asked for yet
	found   []uint32        // by the last search
}

// A given is a dialer for the library that has dialled already.
type given struct{ net.Conn }

func (g given) Dial(string, string) (net.Conn, error) { return g.Conn, nil }

// begin takes a fresh connection up to the greeting.
func (s *Session) begin(ctx context.Context, c *wire.Conn) error {
	c.SetLine(true)
	s.ctl = &control{Conn: command.Conn{Conn: c, At: s.at}}
	s.deleted = map[uint32]bool{}
	return s.call(ctx, "greeting", func() error {
		var err error
		s.lib, err = lib.New(lib.Opt{Dialer: given{s.ctl}}).NewConn()
		s.greet, s.hail = s.ctl.reply, ""
		if said := c.Cleartext().Greeting; len(said) > 0 && c.TLS() != nil {
			r, _ := status(said[0])
			s.hail = r.Text // for people only: no login may depend on it
		}
		if err != nil {
			s.ctl.Fail(s.fault("greeting", err))
		}
		return err
	})
}

// ask says a command by the library and gives the reply, which is yes; no is
// an error.
func (s *Session) ask(ctx context.Context, phase, command string, args ...any) (Reply, error) {
	err := s.call(ctx, phase, func() error {
		_, err := s.lib.Cmd(command, false, args...)
		return err
	})
	return s.ctl.reply, err
}

// step is ask for the commands that users take one by one: no is a result.
func (s *Session) step(ctx context.Context, line string) (Reply, error) {
	if err := protocols.OneLine("command", line); err != nil {
		return Reply{}, err
	}
	err := s.call(ctx, "command", func() error {
		if err := s.lib.Send(line); err != nil {
			return err
		}
		return s.ctl.readStatus()
	})
	return s.ctl.reply, err
}

// Where tells how many messages there are, and how many of them will go.
func (s *Session) Where() string {
	if !s.in {
		return ""
	}
	if n := len(s.deleted); n > 0 {
		return fmt.Sprintf(" (%d, %d to delete)", s.count, n)
	}
	return fmt.Sprintf(" (%d)", s.count)
}

// Named is the user and the host.
func (s *Session) Named() string {
	if s.user == "" {
		return s.target.String()
	}
	return s.user + "@" + s.target.String()
}

// Reply is the server's last reply, for assert and JSON.
func (s *Session) Reply() (code, text string) {
	if s.ctl.reply.OK {
		return "+OK", s.ctl.reply.Text
	}
	return "-ERR", s.ctl.reply.Text
}

// Keep says NOOP.
func (s *Session) Keep(ctx context.Context) error {
	if !s.in || s.resting {
		return nil
	}
	_, err := s.ask(ctx, "noop", "NOOP")
	return err
}

// offers reports whether the server has a capability.
func (s *Session) offers(name string) bool {
	return slices.ContainsFunc(s.caps, func(c Cap) bool { return strings.EqualFold(c.Name, name) })
}

// Greeting is what the server said first.
func (s *Session) Greeting() (lines []string, clear bool) {
	r := s.greet
	if clear = s.hail != ""; clear {
		r = Reply{OK: true, Text: s.hail}
	}
	return []string{strings.TrimSuffix(string(r.Raw()), "\n")}, clear
}

// Info is what is known of the session.
type Info struct {
	Greeting string `json:"greeting"`
	Clear    bool   `json:"greeting_in_clear,omitempty"` // it came before TLS: nobody has proved whose it is
	User     string `json:"user,omitempty"`
	Count    int    `json:"count"`
	Size     int64  `json:"size"`
	Deleted  int    `json:"deleted"`
	Caps     []Cap  `json:"caps"`
}

// Info tells of the session.
func (s *Session) Info() any {
	greeting, clear := s.greet.Text, s.hail != ""
	if clear {
		greeting = s.hail
	}
	return Info{greeting, clear, s.user, s.count, s.size, len(s.deleted), s.caps}
}
