package imap

import (
	"context"
	"strings"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

// LsArgs are the arguments of ls.
type LsArgs struct {
	Words   []string `arg:"messages..." help:"messages: 4711, 1:5,9, last 20, unseen, $; or a pattern of mailboxes: Arch*" complete:"mailbox"`
	Long    bool     `flag:"l,long" help:"mailboxes: how many messages each has, and how many of them are unread"`
	Thread  bool     `flag:"thread" help:"messages with the answers to them below"`
	Sort    string   `flag:"sort" help:"order of messages: date, arrival, from, to, cc, subject or size; with a - before it the other way round" complete:"date|-date|arrival|-arrival|from|to|cc|subject|size|-size"`
	Seq     bool     `flag:"seq" help:"numbers are sequence numbers instead of UIDs; they are shown too"`
	Changed uint64   `flag:"changed-since" help:"only messages that changed since this MODSEQ (CONDSTORE)"`
	Boxes   bool     `flag:"m,mailboxes" help:"mailboxes, also within one"`
}

// Ls lists the messages of the mailbox, or the mailboxes.
func (s *Session) Ls(ctx context.Context, a LsArgs) (any, error) {
	if err := oneLine("sort", a.Sort); err != nil {
		return nil, err
	}
	words, err := s.visit(ctx, a.Words)
	if err != nil {
		return nil, err
	}
	_, messages := names(words)
	if a.Boxes || !messages && (len(words) > 0 || s.box == nil) {
		if a.Thread || a.Sort != "" || len(words) > 1 {
			return nil, notSet(words)
		}
		return s.boxes(ctx, strings.Join(words, ""), a.Long)
	}
	return s.messages(ctx, words, a)
}

func (s *Session) boxes(ctx context.Context, pattern string, counts bool) (any, error) {
	if pattern == "/" {
		pattern = ""
	}
	all, err := s.folders(ctx, wanted{pattern: pattern, counts: counts, cheap: true})
	if err != nil {
		return nil, err
	}
	return rowsOf(all), nil
}

func (s *Session) messages(ctx context.Context, words []string, a LsArgs) (any, error) {
	if len(words) == 0 {
		words = []string{"all"}
	}
	w, err := s.which(ctx, words, a.Seq)
	if err != nil {
		return nil, err
	}
	if a.Changed > 0 {
		if err := s.need("tell what changed", "CONDSTORE", "QRESYNC"); err != nil {
			return nil, err
		}
		if w, err = s.changedSince(ctx, w, a.Changed); err != nil {
			return nil, err
		}
	}
	switch {
	case a.Thread:
		return s.threaded(ctx, w, a.Seq)
	case a.Sort != "":
		return s.sorted(ctx, w, a.Sort, a.Seq)
	}
	return s.rows(ctx, w, a.Seq), nil
}

// rows lists messages in the order of the mailbox.
func (s *Session) rows(ctx context.Context, w which, seq bool) Rows {
	text := false
	return func(yield func(Row, error) bool) {
		if yield == nil {
			text = true
			return
		}
		for m, err := range s.fetch(ctx, s.pages(w), rowItems, keyEnvelope) {
			var r Row
			switch {
			case err != nil:
			case text:
				if r.of = m; seq {
					r.Seq = optional(m.seq)
				}
			default:
				r = m.row(seq)
			}
			if !yield(r, err) {
				return
			}
		}
	}
}

// changedSince narrows messages down to those that changed.
func (s *Session) changedSince(ctx context.Context, w which, modseq uint64) (which, error) {
	key := "UID " + w.String()
	if w.seq {
		key = w.String()
	}
	if w.none() {
		return w, nil
	}
	r, err := s.search(ctx, func(c *command) { c.atom(key).atom("MODSEQ").atom(decimal(modseq)) }, false)
	return which{set: r.all, known: true}, err
}

// rowsOf is a list as a stream.
func rowsOf[T any](list []T) verb.Stream[T] {
	return func(yield func(T, error) bool) {
		for _, x := range list {
			if !yield(x, nil) {
				return
			}
		}
	}
}

// LsubArgs are the arguments of lsub and list.
type LsubArgs struct {
	Pattern   string `arg:"pattern?" help:"which mailboxes: * is anything, % anything up to a delimiter; all if left out" complete:"mailbox"`
	Reference string `flag:"reference" help:"below this name"`
	Long      bool   `flag:"l,long" help:"how many messages each has, and how many of them are unread"`
}

// List lists mailboxes, wherever the session is.
func (s *Session) List(ctx context.Context, a LsubArgs) (verb.Stream[Folder], error) {
	all, err := s.folders(ctx, wanted{reference: a.Reference, pattern: a.Pattern, counts: a.Long})
	if err != nil {
		return nil, err
	}
	return rowsOf(all), nil
}

// Lsub lists the mailboxes that the user has subscribed to.
func (s *Session) Lsub(ctx context.Context, a LsubArgs) (verb.Stream[Folder], error) {
	all, err := s.folders(ctx, wanted{reference: a.Reference, pattern: a.Pattern, counts: a.Long, subscribed: true})
	if err != nil {
		return nil, err
	}
	return rowsOf(all), nil
}

// StatusArgs are the arguments of status.
type StatusArgs struct {
	Mailbox string `arg:"mailbox?" help:"mailbox; the one that is selected if left out" complete:"mailbox"`
}

// Status is the numbers of a mailbox, without going there.
type Status struct {
	Mailbox     string `json:"mailbox"`
	Messages    *int64 `json:"messages"`
	Recent      *int64 `json:"recent"`
	Unseen      *int64 `json:"unseen"`
	UIDNext     *int64 `json:"uid_next"`
	UIDValidity *int64 `json:"uid_validity"`
	ModSeq      *int64 `json:"modseq"`
	Size        *int64 `json:"size"`
}

// Status asks for the numbers of a mailbox.
func (s *Session) Status(ctx context.Context, a StatusArgs) (Status, error) {
	name := a.Mailbox
	if name == "" && s.box != nil {
		name = s.box.name
	}
	if name == "" {
		return Status{}, fault.New(fault.Usage, "no mailbox is selected, and none named").WithHint("status INBOX")
	}
	items := "MESSAGES UIDNEXT UIDVALIDITY UNSEEN"
	if s.caps.has("IMAP4rev1") {
		items += " RECENT"
	}
	if s.caps.any("CONDSTORE", "QRESYNC") {
		items += " HIGHESTMODSEQ"
	}
	if s.caps.any("STATUS=SIZE", "IMAP4rev2") {
		items += " SIZE"
	}
	var got counting
	_, err := s.l.run(ctx, s.command("STATUS").mailbox(s, name).atom("("+items+")").end(), func(p []byte) error {
		if word, _, _, rest := word(p); word == "STATUS" {
			_, st, ok := readStatus(rest)
			if !ok {
				return unread(p)
			}
			got = st
		}
		return nil
	})
	if err != nil {
		return Status{}, deniedBox(err, name)
	}
	return Status{
		Mailbox: s.canonical(name), Messages: got.get("MESSAGES"), Recent: got.get("RECENT"), Unseen: got.get("UNSEEN"),
		UIDNext: got.get("UIDNEXT"), UIDValidity: got.get("UIDVALIDITY"), ModSeq: got.get("HIGHESTMODSEQ"), Size: got.get("SIZE"),
	}, nil
}
