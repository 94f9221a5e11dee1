package ftp

import (
	"context"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/jlaffaye/ftp"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/wire"
)

// A Session is logged in at a server. When its control connection is lost,
// the next verb makes another one and goes back to the same directory.
type Session struct {
	peer   protocols.Peer
	wire   *wire.Dialer
	target wire.Target
	args   ConnectArgs
	name   string
	secret string // the password

	ctl   *control
	lib   *ftp.ServerConn
	names *names
	caps  features
	home  string // where the login led
	cwd   string
	last  string // before cwd
	kind  string // of representation: I or A
	clear bool   // data connections are in the clear though the control connection is not
	busy  bool   // a result has not been read to its end
	act   active

	watch   watch
	opening context.Context // of the command that opens a data connection
	data    atomic.Pointer[data]
	begun   string // the file of an upload that was broken off
	seen    listings
	zone    zone
	dates   int    // which of the commands that set a time is tried: see dating
	undated bool   // none of them did for what was stored
	sys     string // what SYST tells
	asked   bool   // SYST
	login   time.Time
}

// Where is the current directory.
func (s *Session) Where() string { return ":" + s.cwd }

// Named is the server, and before it the user if there is a name to tell.
func (s *Session) Named() string {
	host := s.target.Hostname()
	if p := s.target.Port(); p != "" && p != s.target.Scheme.Port {
		host = s.target.String()
	}
	if s.name == "" || s.name == anonymous {
		return host
	}
	return s.name + "@" + host
}

// Reply is the code and the text of the last reply.
func (s *Session) Reply() (code, text string) {
	r := s.ctl.reply
	if r.Code == 0 {
		return "", ""
	}
	return strconv.Itoa(r.Code), r.text()
}

// Close says QUIT, and does not depend on an answer.
func (s *Session) Close() error {
	s.act.stop()
	if d := s.data.Load(); d != nil && d.conn != nil {
		d.conn.Close()
	}
	if s.ctl.broken != nil {
		return nil
	}
	s.ctl.SetDeadline(time.Now().Add(s.wire.InForce().Goodbye))
	if !s.busy {
		// The answer, or that there is none, changes nothing.
		_, _ = s.ctl.ask("QUIT")
	}
	s.ctl.fail(&fault.Error{Kind: fault.Recv, At: s.target.String(), Text: "the session is closed"})
	return nil
}

// Keep says NOOP.
func (s *Session) Keep(ctx context.Context) error {
	if s.busy {
		return nil
	}
	return s.call(ctx, s.lib.NoOp)
}

// Move goes to the directory that Where has told of.
func (s *Session) Move(ctx context.Context, where string) error {
	if len(where) > 1 && where[0] == ':' {
		where = where[1:]
	}
	if err := s.ready(ctx); err != nil {
		return err
	}
	_, err := s.chdir(ctx, where)
	return err
}

// Info is the state of a session.
type Info struct {
	Server     string     `json:"server"`
	User       string     `json:"user"`
	Directory  string     `json:"directory"`
	System     string     `json:"system,omitempty"` // as SYST tells
	Greeting   []string   `json:"greeting,omitempty"`
	Type       string     `json:"type"`       // I, image, or A, ASCII
	Mode       string     `json:"mode"`       // of data connections: passive or active
	Protection string     `json:"protection"` // of data connections: P, private, or C, clear
	Charset    string     `json:"charset"`
	Features   []string   `json:"features"`
	Since      time.Time  `json:"since"`
	Connection *wire.Info `json:"connection,omitempty"`
}

// Info tells of the session.
func (s *Session) Info() any {
	i := Info{
		Server: s.target.String(), User: s.name, Directory: s.cwd, Type: s.kind, Mode: "passive",
		Protection: "C", Charset: s.names.charset, Since: s.login, Greeting: s.ctl.greeting, System: s.sys,
	}
	if s.act.on {
		i.Mode = "active"
	}
	if s.private() {
		i.Protection = "P"
	}
	if i.Charset == "" {
		i.Charset = "auto"
	}
	for _, f := range s.caps.all {
		i.Features = append(i.Features, f.Name)
	}
	w := s.ctl.Conn.Info()
	i.Connection = &w
	return i
}

// private reports whether data connections are under TLS.
func (s *Session) private() bool { return (s.ctl.Conn.TLS() != nil || s.ctl.cleared) && !s.clear }
