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
// there at once, and never so many that to stop halfway costs much.
const (
	firstPage = 100
	pageSize  = 2000
	mostPages = 20_000
)

// pages cuts the messages into what is asked for at a time.
func (s *Session) pages(w which) []page {
	return s.pagesOf(w, firstPage, pageSize)
}

func (s *Session) pagesOf(w which, first, most uint64) []page {
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
	most = max(most, all.count()/mostPages) // whatever a server says it has
	var list []page
	for size := first; len(all) > 0; size = min(size*5, most) {
		var p set
		p, all = all.cut(size)
		list = append(list, page{text: p.String(), seq: w.seq, set: p})
	}
	return list
}

// fetch asks for items of messages, a page after the other. The items must be
// among what makes a response an answer: k is in it then. A message is valid
// until the next.
func (s *Session) fetch(ctx context.Context, pages []page, items string, k key) iter.Seq2[*message, error] {
	return func(yield func(*message, error) bool) {
		var m message
		stopped := false
		a := answers{of: k}
		err := s.inPages(ctx, pages, items, &a, func(b []byte) error {
			if stopped {
				return nil
			}
			mine, err := a.read(&m, b)
			if mine && err == nil {
				stopped = !yield(&m, nil)
			}
			return err
		}, func() bool { return stopped })
		if err != nil && !stopped {
			yield(nil, err)
		}
	}
}

// inPages sends a FETCH for each page and gives the responses to on. The next
// page is asked for while one comes, but for the first: whoever looks at it
// may not want more. What is asked for is noted in a.
func (s *Session) inPages(ctx context.Context, pages []page, items string, a *answers, on func(b []byte) error, stopped func() bool) error {
	defer s.paced()()
	var tags []string
	ask := func() error {
		p := pages[len(tags)]
		tag, err := s.l.begin(s.fetching(p, items), on)
		tags = append(tags, tag)
		a.asked = append(a.asked, p)
		return err
	}
	for i := range pages {
		for len(tags) < len(pages) && (len(tags) <= i || i > 0 && len(tags) == i+1) && !stopped() {
			if err := ask(); err != nil {
				return err
			}
		}
		if len(tags) <= i {
			return nil
		}
		if _, err := s.l.finish(ctx, tags[i], "FETCH", on); err != nil {
			for _, tag := range tags[i+1:] { // what is under way comes all the same
				if _, late := s.l.finish(ctx, tag, "FETCH", nil); late != nil {
					break
				}
			}
			return err
		}
		a.asked = a.asked[1:]
	}
	return nil
}

func (s *Session) fetching(p page, items string) *command {
	name := "UID FETCH"
	if p.seq {
		name = "FETCH"
	}
	return s.command(name).atom(p.text).atom(items).end()
}

// answers tells which responses are answers to what was asked for.
type answers struct {
	of    key
	asked []page // that have not been answered to the end
	had   set    // what has come, as far as it came in order
	odd   map[uint32]bool
}

// read reads a response into m if it is an answer; mine is false if it is
// something else, such as flags that changed, which are told at any time.
func (a *answers) read(m *message, b []byte) (mine bool, err error) {
	name, n, numbered, rest := word(b)
	if name != "FETCH" || !numbered {
		return false, nil
	}
	if n < 1 || n >= 1<<32 {
		return false, unread(b)
	}
	if err := m.parse(uint32(n), rest); err != nil || !m.has(a.of) {
		return false, err
	}
	return true, a.check(m)
}

// check is an error for a message that was not asked for, or that came before.
func (a *answers) check(m *message) error {
	if m.uid == 0 {
		return fault.New(fault.Protocol, "the server does not tell the UID of message %d", m.seq)
	}
	which := m.uid
	ok := false
	for _, p := range a.asked {
		if p.seq {
			which = m.seq
		}
		ok = ok || p.set == nil || p.set.has(which)
	}
	if !ok {
		return fault.New(fault.Protocol, "the server sends message %d, which was not asked for", which)
	}
	if !a.note(which) {
		return fault.New(fault.Protocol, "the server sends message %d twice", which)
	}
	return nil
}

// mostOdd bounds how many messages that come out of order are told apart.
const mostOdd = 1_000_000

// note reports whether n comes for the first time.
func (a *answers) note(n uint32) bool {
	k := len(a.had)
	switch {
	case k == 0 || uint64(n) > uint64(a.had[k-1].hi)+1:
		if k < mostSpans {
			a.had = append(a.had, span{n, n})
		}
	case uint64(n) == uint64(a.had[k-1].hi)+1:
		a.had[k-1].hi = n
	case a.had.has(n) || a.odd[n]:
		return false
	case len(a.odd) < mostOdd:
		if a.odd == nil {
			a.odd = map[uint32]bool{}
		}
		a.odd[n] = true
	}
	return true
}
