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
		fresh, _, err := s.copied(ctx, "UID COPY", part, to)
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
// told (COPYUID), and which of the messages were copied: all, unless that is
// told too.
func (s *Session) copied(ctx context.Context, name string, part set, to string) (fresh string, done set, err error) {
	var told []status // of a MOVE they come before the end
	note := func(x status) {
		if x.code == "COPYUID" && len(strings.Fields(x.args)) == 3 {
			told = append(told, x)
		}
	}
	st, err := s.l.run(ctx, s.command(name).atom(part.String()).mailbox(s, to).end(), s.l.bounded(func(p []byte) error {
		if x, ok := parseStatus(p); ok {
			note(x)
		}
		return nil
	}))
	if err != nil {
		return "", nil, namedBox(err, to)
	}
	note(st)
	var from, as set
	for _, x := range told {
		f := strings.Fields(x.args)
		some, err := parseSet(f[1])
		those, bad := parseSet(f[2])
		if err != nil || bad != nil {
			return "", part, nil
		}
		from, as = append(from, some...), append(as, those...)
	}
	if as = as.normal(); as.count() <= part.count() {
		fresh = as.String()
	}
	if len(told) > 0 {
		part = part.without(part.without(from.normal()))
	}
	return fresh, part, nil
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
	var moved set
	for _, part := range all.pieces(1 << 32) {
		done, err := s.move(ctx, part, to, &c)
		if err != nil {
			return nil, err
		}
		moved = append(moved, done...)
	}
	if left := all.without(moved); len(left) > 0 {
		c.UIDs, c.Count, c.Note = moved.String(), moved.count(), "the server did not copy "+short(left.String())+", so that is here still"
	}
	return c, nil
}

// move moves messages by MOVE (RFC 6851), or else by COPY and, only when that
// has gone well, by marking and removing just these. Without UIDPLUS they
// stay, marked: to remove them would remove what others have marked too.
func (s *Session) move(ctx context.Context, part set, to string, c *Changed) (done set, err error) {
	name := "UID COPY"
	moves := s.caps.any("MOVE", "IMAP4rev2")
	if moves {
		name = "UID MOVE"
	}
	fresh, done, err := s.copied(ctx, name, part, to)
	c.NewUIDs = joinSets(c.NewUIDs, fresh)
	if err != nil || moves {
		return done, err
	}
	if _, err := s.store(ctx, done, flagStep{"+", []string{`\Deleted`}}, 0); err != nil {
		return nil, doubled(err, to)
	}
	if !s.caps.any("UIDPLUS", "IMAP4rev2") {
		c.Note = "the server cannot remove just these here, so they are marked as deleted; expunge removes all that are"
		return done, nil
	}
	if _, err := s.expunge(ctx, done); err != nil {
		return nil, doubled(err, to)
	}
	return done, nil
}

// doubled says of an error halfway that nothing is lost.
func doubled(err error, to string) error {
	return with(err, func(e *fault.Error) { e.Hint = "the messages are in " + to + " by now, and here too" })
}
