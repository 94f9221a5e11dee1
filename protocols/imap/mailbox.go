package imap

import (
	"context"
	"fmt"
	"strings"
)

// Done is what became of a mailbox.
type Done struct {
	Did     string `json:"did"` // made, removed, renamed, subscribed, unsubscribed
	Mailbox string `json:"mailbox"`
	To      string `json:"to,omitempty"` // its new name
}

// Message says it.
func (d Done) Message() string {
	if d.To != "" {
		return fmt.Sprintf("%s is %s now", d.Mailbox, d.To)
	}
	return d.Did + " " + d.Mailbox
}

// MkdirArgs are the arguments of mkdir.
type MkdirArgs struct {
	Mailbox string `arg:"mailbox" help:"name of the new mailbox"`
	Use     string `flag:"use" enum:"all,archive,drafts,flagged,important,junk,sent,trash" help:"what it is for (CREATE-SPECIAL-USE)"`
	Only    bool   `flag:"p,parent" help:"only a place for other mailboxes: a delimiter is put behind the name"`
}

// Mkdir makes a mailbox.
func (s *Session) Mkdir(ctx context.Context, a MkdirArgs) (Done, error) {
	name := a.Mailbox
	if a.Only && s.delim == "" {
		if _, err := s.folders(ctx, wanted{pattern: "INBOX"}); err != nil {
			return Done{}, err
		}
	}
	if a.Only && !strings.HasSuffix(name, s.delim) {
		name += s.delim
	}
	c := s.command("CREATE").mailbox(s, name)
	if a.Use != "" {
		if err := s.need("make a mailbox for a use", "CREATE-SPECIAL-USE"); err != nil {
			return Done{}, err
		}
		c.atom(`(USE (\` + strings.ToUpper(a.Use[:1]) + a.Use[1:] + "))")
	}
	return s.changeBox(ctx, c, "made", a.Mailbox)
}

func (s *Session) changeBox(ctx context.Context, c *command, did, name string) (Done, error) {
	s.cache.forget()
	if err := s.do(ctx, c); err != nil {
		return Done{}, namedBox(err, name)
	}
	return Done{Did: did, Mailbox: name}, nil
}

// Rmdir removes a mailbox with all that is in it.
func (s *Session) Rmdir(ctx context.Context, a MailboxArgs) (Done, error) {
	c := s.command("DELETE").mailbox(s, a.Mailbox)
	if c.err != nil {
		return Done{}, c.err
	}
	if s.box != nil && s.box.name == a.Mailbox {
		// Some servers hang up on whoever is in a mailbox that goes.
		if err := s.leave(ctx); err != nil {
			return Done{}, err
		}
	}
	return s.changeBox(ctx, c, "removed", a.Mailbox)
}

// RenameArgs are the arguments of rename.
type RenameArgs struct {
	From string `arg:"mailbox" help:"name of the mailbox" complete:"mailbox"`
	To   string `arg:"new name" help:"its new name"`
}

// Rename gives a mailbox another name.
func (s *Session) Rename(ctx context.Context, a RenameArgs) (Done, error) {
	d, err := s.changeBox(ctx, s.command("RENAME").mailbox(s, a.From).mailbox(s, a.To), "renamed", a.From)
	if err != nil {
		return d, err
	}
	d.To = a.To
	if s.box != nil && s.box.name == a.From && a.From != "INBOX" {
		s.box.name = a.To
	}
	return d, nil
}

// Subscribe puts a mailbox on the list of lsub.
func (s *Session) Subscribe(ctx context.Context, a MailboxArgs) (Done, error) {
	return s.changeBox(ctx, s.command("SUBSCRIBE").mailbox(s, a.Mailbox), "subscribed to", a.Mailbox)
}

// Unsubscribe takes a mailbox off that list.
func (s *Session) Unsubscribe(ctx context.Context, a MailboxArgs) (Done, error) {
	return s.changeBox(ctx, s.command("UNSUBSCRIBE").mailbox(s, a.Mailbox), "unsubscribed from", a.Mailbox)
}
