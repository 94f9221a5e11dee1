package imap

import (
	"context"
	"errors"
	"iter"
	"slices"
	"strings"

	"wireline/protocols/fault"
	"wireline/protocols/mail"
)

// errEnough ends a haul whose messages are not wanted any more.
var errEnough = errors.New("enough")

// Give gives messages to another session, with their flags and dates.
func (s *Session) Give(ctx context.Context, words []string) iter.Seq2[mail.Letter, error] {
	return func(yield func(mail.Letter, error) bool) {
		words, err := s.visit(ctx, words)
		var all set
		if err == nil {
			all, err = s.uids(ctx, words, false)
		}
		if err == nil {
			all, err = s.there(ctx, all)
		}
		if err != nil {
			yield(mail.Letter{}, err)
			return
		}
		wanted := true
		h := &haul{s: s, section: ref{}.peek("", false), keep: func(in *incoming) error {
			if wanted = yield(mail.Letter{About: in.About(), Size: in.size, Reader: in}, nil); !wanted {
				return errEnough
			}
			return nil
		}}
		// Few at first: a mailbox that does not take them says so at once.
		err = h.run(ctx, s.pagesOf(which{set: all, known: true}, 1, haulPage))
		if err != nil && wanted {
			yield(mail.Letter{}, err)
		}
	}
}

// Take puts a message of another session into a mailbox.
func (s *Session) Take(ctx context.Context, box string, l mail.Letter) (uid uint32, err error) {
	if err := oneLine("mailbox", box); err != nil {
		return 0, err
	}
	flags := slices.DeleteFunc(slices.Clone(l.Flags), func(f string) bool {
		return strings.EqualFold(f, `\Recent`) || flagName(f) != nil
	})
	c := s.command("APPEND").mailbox(s, box)
	if len(flags) > 0 {
		c.flags(flags)
	}
	if !l.Received.IsZero() {
		c.date(l.Received)
	}
	defer s.paced()()
	tag, err := s.l.begin(c.stream(l.Reader, l.Size).end(), nil)
	var st status
	if err == nil {
		st, err = s.l.finish(ctx, tag, c.name, nil)
	}
	if err != nil {
		return 0, with(namedBox(err, box), func(e *fault.Error) {
			if e.Kind == fault.ReadLocal {
				e.Kind = fault.Partial
			}
		})
	}
	if _, uids := appended(st); uids.count() == 1 {
		uid = uids[0].lo
	}
	return uid, nil
}
