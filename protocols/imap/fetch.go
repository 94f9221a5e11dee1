package imap

import (
	"context"
	"iter"

	"wireline/protocols/fault"
)

// A page is the messages that one FETCH asks for.
type page struct {
	text string // as it is sent
	seq  bool   // of sequence numbers
	set  set    // the same; nil if it is not known
}

// How many messages are asked for at a time: few at first, so that they are
// there at once, and never so many that to stop halfway costs much. The next
// are asked for when these have come: servers may mix the answers of two
// commands.
const (
	firstPage = 100
	pageSize  = 2000
)

// pages cuts the messages into what is asked for at a time.
func (s *Session) pages(w which) []page {
	all := w.set
	if !w.known {
		switch parsed, err := parseSet(w.text); {
		case err == nil:
			all = parsed
		case w.text == "1:*" && s.box.exists == 0:
			return nil
		case w.text == "1:*":
			// By sequence numbers, of which it is known how many there are.
			all, w.seq = set{{1, s.box.exists}}, true
		default:
			return []page{{text: w.text, seq: w.seq}}
		}
	}
	var list []page
	for size := uint64(firstPage); len(all) > 0; size = min(size*5, pageSize) {
		var p set
		p, all = all.cut(size)
		list = append(list, page{text: p.String(), seq: w.seq, set: p})
	}
	return list
}

// fetch asks for items of messages, a page after the other. The items must be
// among what makes a response an answer: key is in it then, such as ENVELOPE.
// A message is valid until the next.
func (s *Session) fetch(ctx context.Context, pages []page, items, key string) iter.Seq2[*message, error] {
	return func(yield func(*message, error) bool) {
		defer s.paced()()
		for _, p := range pages {
			stopped := false
			seen := map[uint32]bool{}
			tag, err := s.l.begin(s.fetching(p, items), nil)
			if err == nil {
				_, err = s.l.finish(ctx, tag, "FETCH", func(b []byte) error {
					if stopped {
						return nil
					}
					m, err := p.answer(b, key, seen)
					if m == nil || err != nil {
						return err
					}
					stopped = !yield(m, nil)
					return nil
				})
			}
			if stopped {
				return
			}
			if err != nil {
				yield(nil, err)
				return
			}
		}
	}
}

func (s *Session) fetching(p page, items string) *command {
	name := "UID FETCH"
	if p.seq {
		name = "FETCH"
	}
	return s.command(name).atom(p.text).atom(items).end()
}

// answer is the message of an untagged response if it is one that was asked
// for; nil if it is something else.
func (p page) answer(b []byte, key string, seen map[uint32]bool) (*message, error) {
	name, n, numbered, rest := word(b)
	if name != "FETCH" || !numbered {
		return nil, nil
	}
	if n < 1 || n >= 1<<32 {
		return nil, unread(b)
	}
	m, err := parseMessage(uint32(n), rest)
	if err != nil || !m.has(key) {
		return nil, err // flags that changed are told at any time
	}
	which := m.uid
	if p.seq {
		which = m.seq
	}
	switch {
	case m.uid == 0:
		return nil, fault.New(fault.Protocol, "the server does not tell the UID of message %d", m.seq)
	case p.set != nil && !p.set.has(which):
		return nil, fault.New(fault.Protocol, "the server sends message %d, which was not asked for", which)
	case seen[which]:
		return nil, fault.New(fault.Protocol, "the server sends message %d twice", which)
	}
	seen[which] = true
	return m, nil
}
