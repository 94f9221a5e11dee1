package imap

import (
	"context"
	"fmt"
	"strings"
)

// CdArgs are the arguments of cd.
type CdArgs struct {
	Mailbox  string `arg:"mailbox?" help:"mailbox to go to; INBOX if left out, / for none" complete:"mailbox"`
	ReadOnly bool   `flag:"r,read-only" help:"for reading only: EXAMINE instead of SELECT"`
}

// At is where a session is now.
type At struct {
	Mailbox     string   `json:"mailbox"`
	Messages    uint32   `json:"messages"`
	Unseen      *int     `json:"unseen"` // null if it is not known
	ReadOnly    bool     `json:"read_only"`
	UIDValidity uint32   `json:"uid_validity"`
	UIDNext     uint32   `json:"uid_next"`
	ModSeq      uint64   `json:"modseq,omitempty"`
	Flags       []string `json:"flags"`
}

// Message says it.
func (a At) Message() string {
	if a.Mailbox == "" {
		return "in no mailbox"
	}
	text := a.Mailbox + ": " + plural(uint64(a.Messages), "message")
	if a.Unseen != nil {
		text += fmt.Sprintf(", %d unread", *a.Unseen)
	}
	if a.ReadOnly {
		text += ", for reading only"
	}
	return text
}

// Cd goes to another mailbox.
func (s *Session) Cd(ctx context.Context, a CdArgs) (At, error) {
	name := a.Mailbox
	switch name {
	case "":
		name = "INBOX"
	case "/":
		return At{Flags: []string{}}, s.leave(ctx)
	}
	if name == ".." && s.box != nil {
		if name = s.above(s.box.name); name == "" {
			return At{Flags: []string{}}, s.leave(ctx)
		}
	}
	if err := s.enter(ctx, name, a.ReadOnly); err != nil {
		return At{}, err
	}
	return s.at(), nil
}

// Examine goes to a mailbox for reading only.
func (s *Session) Examine(ctx context.Context, a MailboxArgs) (At, error) {
	return s.Cd(ctx, CdArgs{Mailbox: a.Mailbox, ReadOnly: true})
}

func (s *Session) at() At {
	b := s.box
	if b == nil {
		return At{Flags: []string{}}
	}
	a := At{Mailbox: b.name, Messages: b.exists, ReadOnly: b.readOnly, UIDValidity: b.validity, UIDNext: b.next, ModSeq: b.modseq, Flags: append([]string{}, b.flags...)}
	if b.unseen >= 0 {
		n := b.unseen
		a.Unseen = &n
	}
	return a
}

func (s *Session) above(name string) string {
	if s.delim == "" {
		return ""
	}
	i := strings.LastIndex(name, s.delim)
	return name[:max(i, 0)]
}

// enter selects a mailbox.
func (s *Session) enter(ctx context.Context, name string, readOnly bool) error {
	verb := "SELECT"
	if readOnly {
		verb = "EXAMINE"
	}
	c := s.command(verb).mailbox(s, name)
	if s.caps.any("CONDSTORE", "QRESYNC") {
		c.atom("(CONDSTORE)")
	}
	if c.err != nil {
		return c.err
	}
	s.selecting = &selected{name: s.canonical(name), readOnly: readOnly, sticky: true, unseen: -1}
	before := s.box
	count, err := s.selectAndCount(ctx, c.end())
	now := s.selecting
	s.selecting = nil
	if err != nil {
		// RFC 9051, section 6.3.2: after a SELECT that failed none is selected.
		// Whoever mistyped a name wants to stay where he was.
		if s.box = before; refused(err) && before != nil {
			s.box = nil
			if s.canonical(name) != before.name {
				if back := s.enter(ctx, before.name, before.readOnly); back != nil && !refused(back) {
					return back
				}
			}
		}
		return deniedBox(err, name)
	}
	if now.unseen = count; now.exists == 0 {
		now.unseen = 0
	}
	s.box, s.changes = now, nil
	if s.foundIn != s.identity() {
		s.found, s.foundIn = nil, ""
	}
	return nil
}

// selectAndCount runs SELECT, and says the question how many messages are
// unread right behind it: the answer comes with that of SELECT, and when that
// fails the question fails as well. It is -1 where counting is not cheap.
func (s *Session) selectAndCount(ctx context.Context, c *command) (unseen int, err error) {
	if !s.caps.extended() {
		_, err := s.l.run(ctx, c, nil)
		return -1, err
	}
	defer s.l.conn.Reply()()
	tag, err := s.l.begin(c, nil)
	if err != nil {
		return -1, err
	}
	behind, err := s.l.begin(s.command(countUnseen).end(), nil)
	if err != nil {
		return -1, err
	}
	n := int64(-1)
	on := func(p []byte) error {
		if r, ok := readSearch(p); ok && r.counted {
			n = r.count
		}
		return nil
	}
	_, err = s.l.finish(ctx, tag, c.name, on)
	st := s.l.last
	exists := s.selecting.exists
	if _, late := s.l.finish(ctx, behind, "SEARCH", on); late != nil && !refused(late) {
		return -1, late
	}
	s.l.last = st
	return int(min(n, int64(exists))), err
}

const countUnseen = "SEARCH RETURN (COUNT) UNSEEN"

// canonical is a name as the prompt shows it.
func (s *Session) canonical(name string) string {
	if strings.EqualFold(name, "INBOX") {
		return "INBOX"
	}
	return name
}

// identity is the mailbox with its UIDVALIDITY: what UIDs are of.
func (s *Session) identity() string {
	if s.box == nil {
		return ""
	}
	return fmt.Sprint(s.box.validity, " ", s.box.name)
}

// unread counts the messages that have not been read, where that is cheap.
func (s *Session) unread(ctx context.Context) {
	b := s.box
	switch {
	case b == nil:
	case b.exists == 0:
		b.unseen = 0
	case s.caps.extended():
		n := int64(-1)
		_, err := s.l.run(ctx, s.command(countUnseen).end(), func(p []byte) error {
			if r, ok := readSearch(p); ok && r.counted {
				n = r.count
			}
			return nil
		})
		if err == nil {
			b.unseen = int(min(n, int64(b.exists)))
		}
	}
}

// recount counts them anew after a command that may have changed how many
// there are. What became of that command does not depend on it.
func (s *Session) recount(ctx context.Context) {
	if s.box != nil && s.box.unseen < 0 && ctx.Err() == nil && s.l.over() == nil {
		st := s.l.last
		s.unread(ctx)
		s.l.last = st
	}
}

// leave unselects, and removes nothing.
func (s *Session) leave(ctx context.Context) error {
	if s.box == nil {
		return nil
	}
	var err error
	if s.caps.any("UNSELECT", "IMAP4rev2") {
		err = s.do(ctx, s.command("UNSELECT"))
	} else {
		// A mailbox that cannot be selected: the old one is left without CLOSE,
		// which would remove messages (RFC 3691).
		err = s.do(ctx, s.command("EXAMINE").text("mailbox", "wireline-no-such-mailbox"))
		if refused(err) {
			err = nil
		}
	}
	if err == nil {
		s.box = nil
	}
	return err
}

// UnselectArgs are the flags of unselect.
type UnselectArgs struct {
	Expunge bool `flag:"expunge" help:"remove the messages that are marked as deleted: CLOSE"`
}

// Unselect leaves the mailbox.
func (s *Session) Unselect(ctx context.Context, a UnselectArgs) (At, error) {
	if _, err := s.in(); err != nil {
		return At{}, err
	}
	if !a.Expunge {
		return At{Flags: []string{}}, s.leave(ctx)
	}
	err := s.do(ctx, s.command("CLOSE"))
	if err == nil {
		s.box = nil
	}
	return At{Flags: []string{}}, err
}

// Check has the server put the mailbox in order, and counts anew.
func (s *Session) Check(ctx context.Context, _ struct{}) (At, error) {
	if _, err := s.in(); err != nil {
		return At{}, err
	}
	name := "CHECK"
	if s.caps.has("IMAP4rev2") && !s.caps.has("IMAP4rev1") {
		name = "NOOP" // IMAP4rev2 has no CHECK
	}
	if err := s.do(ctx, s.command(name)); err != nil {
		return At{}, err
	}
	s.unread(ctx)
	return s.at(), s.l.over()
}

// Noop says nothing; the server may have something to tell.
func (s *Session) Noop(ctx context.Context, _ struct{}) (At, error) {
	err := s.do(ctx, s.command("NOOP"))
	return s.at(), err
}

// Keep has the server not hang up.
func (s *Session) Keep(ctx context.Context) error { return s.do(ctx, s.command("NOOP")) }

// Move goes back to a mailbox after a reconnect.
func (s *Session) Move(ctx context.Context, where string) error {
	name, _, _ := strings.Cut(strings.TrimPrefix(where, "/"), " (")
	if name == "" {
		return nil
	}
	return s.enter(ctx, name, strings.Contains(where, "read-only"))
}

// MailboxArgs is one mailbox.
type MailboxArgs struct {
	Mailbox string `arg:"mailbox" help:"name of the mailbox" complete:"mailbox"`
}
