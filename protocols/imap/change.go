package imap

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"wireline/protocols"
	"wireline/protocols/fault"
)

// Changed is what became of messages.
type Changed struct {
	Did     string `json:"did"` // flagged, marked, copied, moved, removed, unmarked
	UIDs    string `json:"uids"`
	Count   uint64 `json:"count"`
	Mailbox string `json:"mailbox,omitempty"`  // where they were put
	NewUIDs string `json:"new_uids,omitempty"` // there
	Failed  string `json:"failed,omitempty"`   // UIDs of those that were changed by somebody else meanwhile
	Note    string `json:"note,omitempty"`
}

// Message says it.
func (c Changed) Message() string {
	text := fmt.Sprintf("%d messages %s", c.Count, c.Did)
	if c.Count == 1 {
		text = "1 message " + c.Did
	}
	if c.Mailbox != "" {
		text += " to " + c.Mailbox
	}
	if c.NewUIDs != "" {
		text += " as " + short(c.NewUIDs)
	}
	if c.Failed != "" {
		text += ", but not " + short(c.Failed) + ", which changed meanwhile"
	}
	if c.Note != "" {
		text += "; " + c.Note
	}
	return text
}

func short(set string) string {
	if len(set) > 60 {
		return set[:60] + "…"
	}
	return set
}

// FlagArgs are the arguments of flag.
type FlagArgs struct {
	Words     []string `arg:"messages and flags..." help:"messages, then flags: +\\Seen adds, -work removes, =\\Seen sets exactly these" complete:"flag" dash:"yes"`
	Seq       bool     `flag:"seq" help:"numbers are sequence numbers instead of UIDs"`
	Unchanged uint64   `flag:"unchanged-since" help:"only messages that did not change since this MODSEQ (CONDSTORE)"`
}

// Flag changes the flags of messages.
func (s *Session) Flag(ctx context.Context, a FlagArgs) (Changed, error) {
	words, err := s.visit(ctx, a.Words)
	if err != nil {
		return Changed{}, err
	}
	n := 0
	for n < len(words) && !strings.ContainsAny(words[n][:min(1, len(words[n]))], "+-=\\") && !isStore(words[n]) {
		n++
	}
	flags := asFlag(words[n:])
	if len(flags) == 0 {
		return Changed{}, fault.New(fault.Usage, "no flags are named").WithHint(`flag 4711 +\Flagged -work`)
	}
	steps, err := flagSteps(flags)
	if err != nil {
		return Changed{}, err
	}
	if err := s.writable(); err != nil {
		return Changed{}, err
	}
	all, err := s.present(ctx, words[:n], a.Seq)
	if err != nil {
		return Changed{}, err
	}
	defer s.recount(ctx)
	c := Changed{Did: "flagged", UIDs: all.String(), Count: all.count()}
	if a.Unchanged > 0 {
		if err := s.need("see what changed", "CONDSTORE", "QRESYNC"); err != nil {
			return c, err
		}
	}
	var failed set
	for _, st := range steps {
		now, err := s.store(ctx, all, st, a.Unchanged)
		if err != nil {
			return c, err
		}
		failed = append(failed, now...).normal()
		if all = all.without(now); len(all) == 0 {
			break
		}
		a.Unchanged = 0 // we have changed them
	}
	c.UIDs, c.Count, c.Failed = all.String(), all.count(), failed.String()
	return c, nil
}

// isStore reports whether w is what STORE has before its flags: +FLAGS.SILENT.
func isStore(w string) bool {
	w = strings.TrimLeft(w, "+-")
	return strings.EqualFold(w, "FLAGS") || strings.EqualFold(w, "FLAGS.SILENT")
}

// asFlag makes words as STORE has them, +FLAGS (\Seen work), those of flag.
func asFlag(words []string) (flags []string) {
	if len(words) == 0 || !isStore(words[0]) {
		return words
	}
	op := words[0][:1]
	if op != "+" && op != "-" {
		op, flags = "=", []string{"="}
	}
	for _, f := range strings.Fields(strings.Join(words[1:], " ")) {
		if f = strings.Trim(f, "()"); f != "" {
			flags = append(flags, op+f)
		}
	}
	return flags
}

// A flagStep is one STORE.
type flagStep struct {
	op    string // +, - or ""
	flags []string
}

// flagSteps reads words such as +\Seen -work. Those of one kind go together.
func flagSteps(words []string) (steps []flagStep, err error) {
	at := map[string]int{}
	for _, w := range words {
		if err := protocols.OneLine("flag", w); err != nil {
			return nil, err
		}
		op, name := "+", w
		switch w[:min(1, len(w))] {
		case "+", "-":
			op, name = w[:1], w[1:]
		case "=":
			op, name = "", w[1:]
		}
		if err := flagName(name); err != nil && (op != "" || name != "") {
			return nil, err
		}
		if strings.EqualFold(name, `\Recent`) {
			return nil, fault.New(fault.BadArgument, `\Recent is the server's to set`)
		}
		i, ok := at[op]
		if !ok {
			i = len(steps)
			at[op], steps = i, append(steps, flagStep{op: op})
		}
		if name != "" {
			steps[i].flags = append(steps[i].flags, name)
		}
	}
	return steps, nil
}

// store changes flags and returns the messages of which the server says that
// somebody else has changed them.
func (s *Session) store(ctx context.Context, all set, st flagStep, unchanged uint64) (failed set, err error) {
	for _, part := range all.pieces(1 << 32) {
		c := s.command("UID STORE").atom(part.String())
		if unchanged > 0 {
			c.atom("(UNCHANGEDSINCE " + decimal(unchanged) + ")")
		}
		c.atom(st.op + "FLAGS.SILENT").flags(st.flags)
		got, err := s.l.run(ctx, c.end(), nil)
		if got.code == "MODIFIED" && (err == nil || refused(err)) {
			if some, bad := parseSet(strings.TrimSpace(got.args)); bad == nil {
				failed = append(failed, some...)
				err = nil // the others have been changed (RFC 7162, section 3.1.3)
			}
		}
		if err != nil {
			return failed, err
		}
	}
	if s.box != nil && (st.op == "" || slices.ContainsFunc(st.flags, func(f string) bool { return strings.EqualFold(f, `\Seen`) })) {
		s.box.unseen = -1
	}
	return failed.normal(), nil
}

// RmArgs are the arguments of rm and its like.
type RmArgs struct {
	Words []string `arg:"messages..." help:"messages: 4711, 1:5,9, last 20, $" complete:"message"`
	Seq   bool     `flag:"seq" help:"numbers are sequence numbers instead of UIDs"`
}

// Rm marks messages as deleted; expunge removes them.
func (s *Session) Rm(ctx context.Context, a RmArgs) (Changed, error) {
	c, err := s.mark(ctx, a, "+")
	c.Did, c.Note = "marked as deleted", "expunge removes them, undelete takes it back"
	return c, err
}

// Undelete takes the mark of rm back.
func (s *Session) Undelete(ctx context.Context, a RmArgs) (Changed, error) {
	c, err := s.mark(ctx, a, "-")
	c.Did = "no longer marked as deleted"
	return c, err
}

func (s *Session) mark(ctx context.Context, a RmArgs, op string) (Changed, error) {
	words, err := s.visit(ctx, a.Words)
	if err != nil {
		return Changed{}, err
	}
	if err := s.writable(); err != nil {
		return Changed{}, err
	}
	all, err := s.present(ctx, words, a.Seq)
	if err != nil {
		return Changed{}, err
	}
	_, err = s.store(ctx, all, flagStep{op, []string{`\Deleted`}}, 0)
	return Changed{UIDs: all.String(), Count: all.count()}, err
}

// Expunge removes messages that are marked as deleted: all, or only those.
func (s *Session) Expunge(ctx context.Context, a RmArgs) (Changed, error) {
	words, err := s.visit(ctx, a.Words)
	if err != nil {
		return Changed{}, err
	}
	if err := s.writable(); err != nil {
		return Changed{}, err
	}
	defer s.recount(ctx)
	if len(words) == 0 {
		before := s.box.exists
		gone, err := s.expunging(ctx, s.command("EXPUNGE"))
		return Changed{Did: "removed", Count: max(gone, uint64(before-min(before, s.box.exists)))}, err
	}
	all, err := s.uids(ctx, words, a.Seq)
	if err != nil {
		return Changed{}, err
	}
	n, err := s.expunge(ctx, all)
	return Changed{Did: "removed", UIDs: all.String(), Count: n}, err
}

// expunge removes just these messages, as far as they are marked as deleted.
// Without UIDPLUS that cannot be said to the server, and nothing is done.
func (s *Session) expunge(ctx context.Context, all set) (n uint64, err error) {
	if err := s.need("remove some messages and leave others that are marked as deleted", "UIDPLUS", "IMAP4rev2"); err != nil {
		return 0, err
	}
	for _, part := range all.pieces(1 << 32) {
		gone, err := s.expunging(ctx, s.command("UID EXPUNGE").atom(part.String()))
		if n += gone; err != nil {
			return n, err
		}
	}
	return n, nil
}

// expunging runs a command that removes messages, and counts them.
func (s *Session) expunging(ctx context.Context, c *command) (n uint64, err error) {
	_, err = s.l.run(ctx, c.end(), func(p []byte) error {
		switch name, _, numbered, rest := word(p); {
		case name == "EXPUNGE" && numbered:
			n++
		case name == "VANISHED":
			if gone, err := parseSet(strings.TrimPrefix(string(rest), "(EARLIER) ")); err == nil {
				n += gone.count()
			}
		}
		return nil
	})
	return n, err
}
