package imap

import (
	"context"
	"fmt"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

// GetArgs are the arguments of get.
type GetArgs struct {
	Words   []string `arg:"messages..." help:"messages: 4711, 1:5,9, last 20, unseen, $; all of them as one mbox if they are several" complete:"message"`
	Mbox    string   `flag:"mbox" help:"add them to this file" complete:"local"`
	Maildir string   `flag:"maildir" help:"add them to this directory, with their flags" complete:"local"`
	New     bool     `flag:"new" help:"only those that were not fetched there before"`
	Prune   bool     `flag:"prune" help:"remove from the Maildir what is no longer in the mailbox; with --new"`
	Delete  bool     `flag:"delete" help:"remove them from the mailbox once they are safe on the disk"`
	Seq     bool     `flag:"seq" help:"numbers are sequence numbers instead of UIDs"`
	Seen    bool     `flag:"seen" help:"mark them as read; they are not otherwise"`
}

// A Fetched tells what get has done.
type Fetched struct {
	Messages int           `json:"messages"`
	Bytes    int64         `json:"bytes"`
	Skipped  uint64        `json:"skipped"`           // were fetched before
	Changed  int           `json:"changed,omitempty"` // were fetched before, and have other flags now
	Pruned   int           `json:"pruned,omitempty"`  // were removed here, as they are gone from the mailbox
	Deleted  uint64        `json:"deleted"`
	To       string        `json:"to"`
	Took     time.Duration `json:"took"`
}

// Message says it.
func (f Fetched) Message() string {
	text := fmt.Sprintf("%s, %d bytes, to %s", plural(uint64(f.Messages), "message"), f.Bytes, f.To)
	if f.Skipped > 0 {
		text += fmt.Sprintf("; %d were fetched before", f.Skipped)
	}
	if f.Changed > 0 {
		text += fmt.Sprintf("; %d of them have other flags now", f.Changed)
	}
	if f.Pruned > 0 {
		text += fmt.Sprintf("; %d that are gone from the mailbox removed here", f.Pruned)
	}
	if f.Deleted > 0 {
		text += fmt.Sprintf("; %d removed from the mailbox", f.Deleted)
	}
	return text
}

// Get fetches messages byte for byte: one as it is, several as an mbox; or
// into a drop.
func (s *Session) Get(ctx context.Context, a GetArgs) (any, error) {
	words, err := s.visit(ctx, a.Words)
	if err != nil {
		return nil, err
	}
	if err := oneLine("file", a.Mbox, a.Maildir); err != nil {
		return nil, err
	}
	switch {
	case a.Mbox != "" && a.Maildir != "":
		return nil, fault.New(fault.Usage, "--mbox or --maildir, not both")
	case a.Prune && (!a.New || a.Maildir == "" || a.Delete):
		return nil, fault.New(fault.Usage, "--prune is for a Maildir that --new keeps up with").WithHint("get all --maildir backup --new --prune")
	case a.Mbox != "" || a.Maildir != "":
		return s.getInto(ctx, words, a)
	case a.New, a.Delete:
		return nil, fault.New(fault.Usage, "where to?").WithHint("get all --maildir backup --new; or --mbox FILE")
	}
	if len(words) == 1 && (isIndex(words[0]) || a.Seq && isNumber(words[0]) && words[0] != "*") {
		r, err := s.ref(ctx, words[0], a.Seq)
		if err != nil {
			return nil, err
		}
		return s.getOne(ctx, r, a.Seen)
	}
	all, err := s.uids(ctx, words, a.Seq)
	if err != nil {
		return nil, err
	}
	switch n := all.count(); {
	case n == 0:
		return nil, &fault.Error{Kind: fault.NotFound, At: s.box.name, Text: "there are no such messages"}
	case n == 1:
		return s.getOne(ctx, ref{uid: all[0].lo}, a.Seen)
	}
	return &verb.Blob{Name: safeName(s.box.name) + ".mbox", Size: -1, Type: "application/mbox", Save: true, ReadCloser: s.mbox(ctx, all, a.Seen)}, nil
}

func (s *Session) getOne(ctx context.Context, r ref, seen bool) (*verb.Blob, error) {
	b, err := s.fetchBody(ctx, want{uid: r.uid, seq: r.seq, section: r.peek("", seen)})
	if err != nil {
		return nil, err
	}
	return &verb.Blob{Name: r.file(), Size: b.size, Type: "message/rfc822", Save: true, ReadCloser: b}, nil
}

func safeName(box string) string {
	if box == "" {
		return "messages"
	}
	return box
}
