package nntp

import (
	"context"
	"strings"
	"time"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/mail"
	"wireline/protocols/verb"
)

// SearchArgs are the arguments of Search.
type SearchArgs struct {
	Terms []string `arg:"term..." help:"what to look for: words, from:ann, subject:x, id:x, refs:x, since:2026-01-31, before:7d, larger:100k"`
	In    string   `flag:"in" help:"articles to look through, such as last 1000; all of the group if left out"`
}

// A term is one thing that must be true of an article.
type term func(o *Overview) bool

// Search looks for articles of a group by what the overview tells of them.
// Those that were found are $ from then on.
func (s *Session) Search(ctx context.Context, a SearchArgs) (verb.Stream[Row], error) {
	for _, w := range a.Terms {
		if err := protocols.OneLine("term", w); err != nil {
			return nil, err
		}
	}
	words, err := unfold(a.Terms)
	if err != nil {
		return nil, err
	}
	in := strings.Fields(a.In)
	if err := protocols.OneLine("in", a.In); err != nil {
		return nil, err
	}
	if len(words) > 0 && (s.group == nil || len(words) != len(a.Terms)) && !strings.Contains(words[0], ":") && (len(in) == 0 || !plain(in[0])) {
		in, words = append([]string{words[0]}, in...), words[1:]
	}
	var terms []term
	for _, w := range words {
		t, err := parseTerm(w)
		if err != nil {
			return nil, err
		}
		terms = append(terms, t)
	}
	if len(terms) == 0 {
		return nil, fault.New(fault.Usage, "missing TERM").WithHint("such as: search from:ann subject:go")
	}
	all, err := s.Over(ctx, SetArgs{in})
	if err != nil {
		return nil, err
	}
	c, err := chosen(in)
	if err != nil {
		return nil, err
	}
	return s.matching(all, terms, s.group != nil && (c.group == "" || c.group == s.group.Name)), nil
}

// matching are the articles of which all terms are true. They are noted if
// keep is set.
func (s *Session) matching(all Overviews, terms []term, keep bool) verb.Stream[Row] {
	return func(yield func(Row, error) bool) {
		var found []int64
	next:
		for o, err := range all {
			if err != nil {
				yield(Row{}, err)
				return
			}
			for _, t := range terms {
				if !t(&o) {
					continue next
				}
			}
			if len(found) < mostKept {
				found = append(found, o.Number)
			}
			if !yield(o.row(), nil) {
				return
			}
		}
		if keep {
			s.found = append([]span{}, compact(found)...)
		}
	}
}

// parseTerm reads one word of a search.
func parseTerm(w string) (term, error) {
	contains := func(text, what string) bool {
		return strings.Contains(strings.ToLower(mail.Decode(text)), what)
	}
	key, value, ok := strings.Cut(w, ":")
	low := strings.ToLower(value)
	if !ok {
		low = strings.ToLower(w)
		return func(o *Overview) bool { return contains(o.Subject, low) || contains(o.From, low) }, nil
	}
	switch strings.ToLower(key) {
	case "subject":
		return func(o *Overview) bool { return contains(o.Subject, low) }, nil
	case "from":
		return func(o *Overview) bool { return contains(o.From, low) }, nil
	case "id":
		return func(o *Overview) bool { return strings.Contains(o.ID, value) }, nil
	case "refs", "references":
		return func(o *Overview) bool { return strings.Contains(o.References, value) }, nil
	case "since", "before":
		var when When
		if err := when.UnmarshalText([]byte(value)); err != nil {
			return nil, err
		}
		return dated(when.Time, strings.EqualFold(key, "since")), nil
	case "larger", "smaller":
		var size verb.Size
		if err := size.UnmarshalText([]byte(value)); err != nil {
			return nil, fault.New(fault.BadArgument, "%v", err)
		}
		larger := strings.EqualFold(key, "larger")
		return func(o *Overview) bool { return larger == (o.Bytes > int64(size)) }, nil
	}
	return nil, fault.New(fault.BadArgument, "%q is no key of a search", short(key)).
		WithHint("there are subject, from, id, refs, since, before, larger, smaller")
}

func dated(when time.Time, since bool) term {
	return func(o *Overview) bool {
		t := mail.Date(o.Date)
		return !t.IsZero() && since != t.Before(when)
	}
}
