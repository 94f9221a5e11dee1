package telnet

import (
	"context"
	"net"
	"time"

	"wireline/protocols"
	"wireline/protocols/talk"
	"wireline/protocols/verb"
	"wireline/protocols/wire"
)

// ConnectArgs are those of connect.
type ConnectArgs struct {
	Negotiate bool          `flag:"negotiate" help:"ask for the options of a terminal also on ports other than 23"`
	Encoding  string        `flag:"encoding" help:"character set of the server: cp437, latin1, koi8-r, big5, petscii; utf-8 unless said" complete:"utf-8|cp437|latin1|koi8-r|big5|petscii"`
	Term      string        `flag:"term" help:"type of the terminal; $TERM unless said"`
	Size      string        `flag:"winsize" help:"size of the window, such as 80x24; that of the terminal unless said"`
	Speed     string        `flag:"tspeed" help:"tell this speed of the terminal to a server that asks, such as 38400"`
	Env       []string      `flag:"telnet-env" help:"NAME or NAME=VALUE, a variable that the server may ask for"`
	Binary    bool          `flag:"binary" help:"8 bits both ways (BINARY), where a login takes 7 otherwise; a line then ends in CR"`
	NOP       time.Duration `flag:"nop" help:"say IAC NOP each time that this long has passed, so that no one thinks the line is dead"`
	Reconnect bool          `flag:"reconnect" help:"when the connection is lost, interact and watch connect again until it works, and other verbs before they begin; nothing is sent twice"`
	Compress  bool          `flag:"compress" help:"let the server compress (MCCP)"`
	TTY       verb.Terminal
}

// Connect opens a session. It does not wait for the server's options: they
// are answered as they come.
func Connect(p protocols.Peer, ctx context.Context, a ConnectArgs) (protocols.Session, error) {
	s := &Session{dialer: p.Dialer, target: p.Target}
	s.Inbox = talk.Inbox{Peer: "the server", Gone: "closed the connection", Fill: s.fill, More: s.more, At: s.at}
	user := ""
	if p.User != nil {
		user = p.User.Username()
	}
	var err error
	if s.eng.profile, err = newProfile(a, user); err != nil {
		return nil, err
	}
	s.eng.utf8 = true
	if a.Encoding != "" {
		if err := s.recode(a.Encoding); err != nil {
			return nil, err
		}
	}
	if err := s.dial(ctx, p, a); err != nil {
		return nil, err
	}
	if a.Reconnect {
		s.again = func(ctx context.Context) error { return s.dial(ctx, p, a) }
	}
	return s, nil
}

// dial makes the connection, and begins to negotiate on it.
func (s *Session) dial(ctx context.Context, p protocols.Peer, a ConnectArgs) error {
	// Telnet's way to TLS is an option among others, and so no affair of the
	// dialer's: it only learns of it when all is agreed on.
	said, upgrade := p.Options.TLS, ""
	if p.Scheme.Security == wire.Plain {
		upgrade, p.Options.TLS = said, ""
	}
	s.eng.tls = upgrade == "auto"
	conn, err := p.Dial(ctx, p.Target)
	p.Options.TLS = said
	if err != nil {
		return err
	}
	inline(conn)
	s.conn, s.out = conn, newOutbox(conn)
	s.calm = s.keepAlive(a.NOP)
	if upgrade == "require" {
		if err := s.demandTLS(ctx); err != nil {
			s.hangUp()
			return err
		}
	} else if a.Negotiate || asksFirst(p.Target) {
		s.eng.begin()
		s.flush()
	}
	return nil
}

// asksFirst reports whether a client speaks first on this port. Elsewhere
// there may be a service that is not telnet at all.
func asksFirst(t wire.Target) bool {
	if t.Scheme.Security == wire.TLS {
		return true
	}
	_, port, err := net.SplitHostPort(t.Address())
	return err == nil && (port == "23" || port == "telnet")
}
