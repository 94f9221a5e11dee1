package imap

import (
	"context"
	"strings"

	"wireline/protocols/fault"
)

// CpArgs are the arguments of cp.
type CpArgs struct {
	Words []string `arg:"messages and mailbox..." help:"messages, then the mailbox to copy them to" complete:"mailbox"`
	Seq   bool     `flag:"seq" help:"numbers are sequence numbers instead of UIDs"`
}

// MvArgs are the arguments of mv.
type MvArgs struct {
	Words []string `arg:"messages and mailbox..." help:"messages, then the mailbox to move them to; or a mailbox and its new name" complete:"mailbox"`
	Seq   bool     `flag:"seq" help:"numbers are sequence numbers instead of UIDs"`
}

// Cp copies messages to another mailbox.
func (s *Session) Cp(ctx context.Context, a CpArgs) (Changed, error) {
	all, to, err := s.sourced(ctx, a.Words, a.Seq)
	if err != nil {
		return Changed{}, err
	}
	c := Changed{Did: "copied", UIDs: all.String(), Count: all.count(), Mailbox: to}
	for _, part := range all.pieces(1 << 32) {
		fresh, err := s.copied(ctx, "UID COPY", part, to)
		if err != nil {
			return c, err
		}
		c.NewUIDs = joinSets(c.NewUIDs, fresh)
	}
	return c, nil
}

// sourced reads messages and the mailbox behind them.
func (s *Session) sourced(ctx context.Context, words []string, seq bool) (set, string, error) {
	words, err := s.visit(ctx, words)
	if err != nil {
		return nil, "", err
	}
	if len(words) < 2 {
		return nil, "", fault.New(fault.Usage, "messages and a mailbox are wanted").WithHint("such as 4711 Archive")
	}
	to := words[len(words)-1]
	all, err := s.present(ctx, words[:len(words)-1], seq)
	return all, to, err
}

// copied runs COPY or MOVE, and returns the UIDs of the copies if they are
// told (COPYUID).
func (s *Session) copied(ctx context.Context, name string, part set, to string) (string, error) {
	var told status
	st, err := s.l.run(ctx, s.command(name).atom(part.String()).mailbox(s, to).end(), func(p []byte) error {
		if x, ok := parseStatus(p); ok && x.code == "COPYUID" {
			told = x // of a MOVE it comes before the end
		}
		return nil
	})
	if err != nil {
		return "", namedBox(err, to)
	}
	if st.code == "COPYUID" {
		told = st
	}
	f := strings.Fields(told.args)
	if len(f) == 3 {
		if fresh, err := parseSet(f[2]); err == nil && fresh.count() <= part.count() {
			return fresh.String(), nil
		}
	}
	return "", nil
}

func joinSets(a, b string) string {
	switch {
	case a == "":
		return b
	case b == "":
		return a
	}
	return a + "," + b
}

// Mv moves messages to another mailbox, or renames a mailbox.
func (s *Session) Mv(ctx context.Context, a MvArgs) (any, error) {
	words, err := s.visit(ctx, a.Words)
	if err != nil {
		return nil, err
	}
	if _, messages := names(words); !messages {
		if len(words) != 2 {
			return nil, fault.New(fault.Usage, "messages and a mailbox are wanted, or a mailbox and its new name").WithHint("mv 4711 Archive; mv Old New")
		}
		return s.Rename(ctx, RenameArgs{From: words[0], To: words[1]})
	}
	if err := s.writable(); err != nil {
		return nil, err
	}
	all, to, err := s.sourced(ctx, words, a.Seq)
	if err != nil {
		return nil, err
	}
	defer s.recount(ctx)
	c := Changed{Did: "moved", UIDs: all.String(), Count: all.count(), Mailbox: to}
	for _, part := range all.pieces(1 << 32) {
		if err := s.move(ctx, part, to, &c); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// move moves messages by MOVE (RFC 6851), or else by COPY and, only when that
// has gone well, by marking and removing just these. Without UIDPLUS they
// stay, marked: to remove them would remove what others have marked too.
func (s *Session) move(ctx context.Context, part set, to string, c *Changed) error {
	if s.caps.any("MOVE", "IMAP4rev2") {
		fresh, err := s.copied(ctx, "UID MOVE", part, to)
		c.NewUIDs = joinSets(c.NewUIDs, fresh)
		return err
	}
	fresh, err := s.copied(ctx, "UID COPY", part, to)
	if err != nil {
		return err
	}
	c.NewUIDs = joinSets(c.NewUIDs, fresh)
	if _, err := s.store(ctx, part, flagStep{"+", []string{`\Deleted`}}, 0); err != nil {
		return doubled(err, to)
	}
	if !s.caps.any("UIDPLUS", "IMAP4rev2") {
		c.Note = "the server cannot remove just these here, so they are marked as deleted; expunge removes all that are"
		return nil
	}
	if _, err := s.expunge(ctx, part); err != nil {
		return doubled(err, to)
	}
	return nil
}

// doubled says of an error halfway that nothing is lost.
func doubled(err error, to string) error {
	return with(err, func(e *fault.Error) { e.Hint = "the messages are in " + to + " by now, and here too" })
}
