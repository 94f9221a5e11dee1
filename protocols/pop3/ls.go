package pop3

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/mail"
	"wireline/protocols/verb"
)

// LsArgs are the arguments of ls.
type LsArgs struct {
	Messages []string `arg:"messages..." help:"such as 1:20, last 20, or $; all if left out"`
	Sizes
	Short bool `flag:"short" help:"numbers, sizes and UIDs only, without asking for headers"`
}

// Sizes bound how large messages may be.
type Sizes struct {
	Larger  verb.Size `flag:"larger" help:"only messages that are larger"`
	Smaller verb.Size `flag:"smaller" help:"only messages that are smaller"`
}

// of are those of the messages that are of such a size.
func (z Sizes) of(list []row) []row {
	return slices.DeleteFunc(list, func(r row) bool {
		return z.Larger > 0 && r.size <= int64(z.Larger) || z.Smaller > 0 && r.size >= int64(z.Smaller)
	})
}

// Ls lists messages, with what their headers say of date, sender and subject.
func (s *Session) Ls(ctx context.Context, a LsArgs) (verb.Stream[mail.Summary], error) {
	list, err := s.chosen(ctx, a.Messages)
	if err != nil {
		return nil, err
	}
	list = a.of(list)
	if a.Short || !s.tops() {
		return func(yield func(mail.Summary, error) bool) {
			for _, r := range list {
				if !yield(r.summary(), nil) {
					return
				}
			}
		}, nil
	}
	return s.summaries(ctx, list), nil
}

// chosen are the messages that words name; all, if there are none.
func (s *Session) chosen(ctx context.Context, words []string) ([]row, error) {
	if len(words) == 0 {
		words = []string{"all"}
	}
	return s.named(ctx, words)
}

func (r row) summary() mail.Summary {
	return mail.Summary{Number: r.number, UID: r.uid, Size: r.size}
}

// SearchArgs are the arguments of search.
type SearchArgs struct {
	Words []string `arg:"term..." help:"from:TEXT, to:TEXT, subject:TEXT, since:2006-01-02, before:2006-01-02, or TEXT in any of the first three"`
}

// Search lists the messages whose headers fit all the terms. $ means them from
// then on.
func (s *Session) Search(ctx context.Context, a SearchArgs) (verb.Stream[mail.Summary], error) {
	terms, err := parseTerms(a.Words)
	if err != nil {
		return nil, err
	}
	list, err := s.chosen(ctx, nil)
	if err != nil {
		return nil, err
	}
	if !s.tops() {
		return nil, &fault.Error{Kind: fault.Unsupported, At: s.at(), Text: "the server does not offer TOP, without which headers cannot be searched"}
	}
	return func(yield func(mail.Summary, error) bool) {
		s.found = nil
		for m, err := range s.headers(ctx, list) {
			if err != nil {
				yield(mail.Summary{}, err)
				return
			}
			if terms.fit(m.head) {
				s.found = append(s.found, m.Number)
				if !yield(m.Summary, nil) {
					return
				}
			}
		}
	}, nil
}

func (s *Session) summaries(ctx context.Context, list []row) verb.Stream[mail.Summary] {
	return func(yield func(mail.Summary, error) bool) {
		for m, err := range s.headers(ctx, list) {
			if !yield(m.Summary, err) || err != nil {
				return
			}
		}
	}
}

// A glance is a message and its header.
type glance struct {
	mail.Summary
	head *mail.Header
}

const (
	mostHead   = 256 << 10 // of a header, in a listing
	topsAtOnce = 500
)

// headers asks for the headers of messages, by as many TOPs at a time as the
// server takes.
func (s *Session) headers(ctx context.Context, list []row) verb.Stream[glance] {
	return func(yield func(glance, error) bool) {
		window := 1
		if s.offers("PIPELINING") {
			window = topsAtOnce
		}
		for len(list) > 0 {
			some := list[:min(window, len(list))]
			list = list[len(some):]
			got := make([]glance, 0, len(some))
			err := s.call(ctx, "command", func() error {
				var b strings.Builder
				for _, r := range some {
					fmt.Fprintf(&b, "TOP %d 0\r\n", r.number)
				}
				if _, err := s.ctl.Write([]byte(b.String())); err != nil {
					return err
				}
				s.ctl.Sent = "TOP"
				s.ctl.fast(bulkRoom)
				for _, r := range some {
					g, err := s.glance(r)
					if err != nil {
						return err
					}
					got = append(got, g)
				}
				return s.ctl.slow()
			})
			for _, g := range got {
				if !yield(g, nil) {
					return
				}
			}
			if err != nil {
				yield(glance{}, err)
				return
			}
		}
	}
}

// glance reads the reply to one TOP. A message whose header is refused is in
// the listing without it.
func (s *Session) glance(r row) (glance, error) {
	g := glance{r.summary(), &mail.Header{}}
	if err := s.ctl.readStatus(); err != nil || !s.ctl.reply.OK {
		return g, err
	}
	var head bytes.Buffer
	for b := newBody(s.ctl); ; {
		piece, err := b.next()
		if b.ended {
			break
		}
		if err != nil {
			return g, err
		}
		if head.Len() < mostHead {
			head.Write(piece)
		}
	}
	g.head = mail.ParseHeader(head.Bytes())
	g.Describe(g.head)
	return g, nil
}

// terms are those of a search.
type terms struct {
	texts         []term
	since, before time.Time
}

type term struct{ field, text string }

func parseTerms(words []string) (t terms, err error) {
	if len(words) == 0 {
		return t, fault.New(fault.Usage, "search for what?").WithHint("such as search from:ann subject:report")
	}
	for _, w := range words {
		if err := protocols.OneLine("term", w); err != nil {
			return t, err
		}
		field, text, ok := strings.Cut(w, ":")
		field = strings.ToLower(field)
		switch {
		case ok && (field == "since" || field == "before"):
			day, err := time.ParseInLocation("2006-01-02", text, time.Local)
			if err != nil {
				return t, fault.New(fault.BadArgument, "%q is no date such as 2006-01-02", text)
			}
			if field == "since" {
				t.since = day
			} else {
				t.before = day
			}
		case ok && (field == "from" || field == "to" || field == "subject" || field == "cc"):
			t.texts = append(t.texts, term{field, strings.ToLower(text)})
		default:
			t.texts = append(t.texts, term{"", strings.ToLower(w)})
		}
	}
	return t, nil
}

func (t terms) fit(h *mail.Header) bool {
	date := h.Date()
	if !t.since.IsZero() && date.Before(t.since) || !t.before.IsZero() && !date.Before(t.before) {
		return false
	}
	has := func(field, text string) bool { return strings.Contains(strings.ToLower(h.Text(field)), text) }
	return !slices.ContainsFunc(t.texts, func(x term) bool {
		if x.field == "" {
			return !has("from", x.text) && !has("to", x.text) && !has("subject", x.text)
		}
		return !has(x.field, x.text)
	})
}
