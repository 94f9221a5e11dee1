package imap

import (
	"context"
	"fmt"
	"time"

	"github.com/emersion/go-imap/v2/imapclient"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/wire"
)

// A Session is one login, and the mailbox that it is in.
type Session struct {
	wire *wire.Dialer
	peer protocols.Peer
	l    *link
	lib  *imapclient.Client

	caps      capabilities
	capsFresh bool // they were told since it was last asked
	utf8      bool // names and strings go as UTF-8
	user      string
	loggedIn  bool
	open      bool // logged in by the server itself (PREAUTH)
	greeting  status
	delim     string            // between the parts of a mailbox's name
	odd       map[string]string // names that are not as the RFC has them, as they are shown
	fair      map[string]bool   // names that are, and that an odd one may look like

	box       *selected // nil: none is selected
	selecting *selected // while SELECT is under way
	found     set       // what $ means
	foundIn   string    // the mailbox and the UIDVALIDITY it is of
	watching  bool      // changes of flags are wanted
	changes   []change
	cache     completions
	turn      turn
	renew     time.Duration // how long an IDLE lasts before it is begun anew
}

// Where is the mailbox, with how many messages it has and how many are unread.
func (s *Session) Where() string {
	b := s.box
	if b == nil {
		return ""
	}
	text := fmt.Sprintf("/%s (%d", b.name, b.exists)
	if b.unseen > 0 {
		text += fmt.Sprintf(", %d new", b.unseen)
	}
	if b.readOnly {
		text += ", read-only"
	}
	return text + ")"
}

// Named is who is logged in where: ann@mail.example.org.
func (s *Session) Named() string {
	host := s.peer.Target.Hostname()
	switch t := s.peer.Target; {
	case host == "" && t.Path == "": // a command
		host = "|" + s.l.where()
	case host == "":
		host = t.String()
	}
	if port := s.peer.Target.Port(); port != "" && port != s.peer.Target.Scheme.Port {
		host = s.peer.Target.Address()
	}
	if s.user == "" {
		return host
	}
	return s.user + "@" + host
}

// Close logs out and closes. A server that does not answer is not waited for
// longer than Limits.Goodbye.
func (s *Session) Close() error {
	if s.l.over() == nil {
		limit := s.wire.InForce().Goodbye
		s.l.conn.SetDeadline(time.Now().Add(limit))
		ctx, cancel := context.WithTimeout(context.Background(), limit)
		defer cancel()
		// The result is the session's, whatever becomes of the goodbye.
		_, _ = s.l.run(ctx, s.command("LOGOUT").end(), nil)
	}
	return s.hangUp()
}

// hangUp closes without a word.
func (s *Session) hangUp() error {
	err := s.l.close()
	if s.lib != nil {
		_ = s.lib.Close()
	}
	return err
}

// Reply is the server's last answer.
func (s *Session) Reply() (code, text string) { return s.l.last.kind, s.l.last.text }

// do runs a command that has nothing to show.
func (s *Session) do(ctx context.Context, c *command) error {
	_, err := s.l.run(ctx, c.end(), nil)
	return err
}

// need is an error unless the server has one of the capabilities.
func (s *Session) need(what string, names ...string) error {
	if s.caps.any(names...) {
		return nil
	}
	return &fault.Error{Kind: fault.Unsupported, At: s.Named(), Text: fmt.Sprintf("the server cannot %s: it has no %s", what, names[0])}
}

// in is the mailbox that is selected.
func (s *Session) in() (*selected, error) {
	if s.box == nil {
		return nil, fault.New(fault.Usage, "no mailbox is selected").WithHint("cd INBOX; ls shows what there is")
	}
	return s.box, nil
}

// writable is an error where nothing may be changed.
func (s *Session) writable() error {
	b, err := s.in()
	if err == nil && b.readOnly {
		err = &fault.Error{Kind: fault.Denied, At: b.name, Text: "the mailbox is open for reading only", Hint: "cd " + b.name + " without -r"}
	}
	return err
}

// patience is how long the server may be silent within a body.
func (s *Session) patience() time.Duration {
	return s.wire.InForce().Idle
}

// paced has the limit of idleness hold, instead of that of a reply, until
// done is called: for what may take long and still moves.
func (s *Session) paced() (done func()) {
	s.l.conn.SetIdle(s.patience())
	return func() { s.l.conn.SetIdle(0) }
}
