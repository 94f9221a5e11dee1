package imap

import (
	"context"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

// GetArgs are the arguments of get.
type GetArgs struct {
	Words []string `arg:"messages..." help:"messages: 4711, 1:5,9, last 20, unseen, $; all of them as one mbox if they are several" complete:"message"`
	Seq   bool     `flag:"seq" help:"numbers are sequence numbers instead of UIDs"`
	Seen  bool     `flag:"seen" help:"mark them as read; they are not otherwise"`
}

// Get fetches messages byte for byte: one as it is, several as an mbox.
func (s *Session) Get(ctx context.Context, a GetArgs) (*verb.Blob, error) {
	words, err := s.visit(ctx, a.Words)
	if err != nil {
		return nil, err
	}
	all, err := s.uids(ctx, words, a.Seq)
	if err != nil {
		return nil, err
	}
	switch n := all.count(); {
	case n == 0:
		return nil, &fault.Error{Kind: fault.NotFound, At: s.box.name, Text: "there are no such messages"}
	case n == 1:
		r := ref{uid: all[0].lo}
		b, err := s.fetchBody(ctx, want{uid: r.uid, section: r.peek("", a.Seen)})
		if err != nil {
			return nil, err
		}
		return &verb.Blob{Name: r.file(), Size: b.size, Type: "message/rfc822", Save: true, ReadCloser: b}, nil
	}
	return &verb.Blob{Name: safeName(s.box.name) + ".mbox", Size: -1, Type: "application/mbox", Save: true, ReadCloser: s.mbox(ctx, all, a.Seen)}, nil
}

func safeName(box string) string {
	if box == "" {
		return "messages"
	}
	return box
}
