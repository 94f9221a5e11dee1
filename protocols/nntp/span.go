package nntp

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"wireline/protocols"
	"wireline/protocols/fault"
)

// A span is the articles from one number to another, both included.
type span struct{ from, to int64 }

// last is the end of a span that has none.
const last = math.MaxInt64

// String is a span as commands have it.
func (x span) String() string {
	switch {
	case x.from == x.to:
		return strconv.FormatInt(x.from, 10)
	case x.to == last:
		return strconv.FormatInt(x.from, 10) + "-"
	}
	return strconv.FormatInt(x.from, 10) + "-" + strconv.FormatInt(x.to, 10)
}

// within is the part of x that is in a group.
func (x span) within(g *Group) (span, bool) {
	x.from, x.to = max(x.from, g.Low), min(x.to, g.High)
	return x, x.from <= x.to
}

// What articles words mean: a set of numbers, in a group, or message-ids.
type choice struct {
	group string   // "" is the current one
	ids   []string // with < and >
	sets  []set
}

// A set is one of the ways to say which articles of a group.
type set struct {
	word string // "", or first, last, all, new, found
	n    int64  // of first and last
	span span   // for ""
}

// chosen reads words: [GROUP] followed by numbers such as 5, 1-100, 1:5,9 and
// 100-, by last 20, first 5, all, new, $ (what search found), and by
// message-ids. GROUP/NUMBER is one word for an article.
func chosen(words []string) (c choice, err error) {
	if words, err = unfold(words); err != nil {
		return c, err
	}
	for i := 0; i < len(words); i++ {
		w := words[i]
		if err := protocols.OneLine("article", w); err != nil {
			return c, err
		}
		counted := w == "first" || w == "last"
		switch {
		case isID(w):
			if err := checkID(w); err != nil {
				return c, err
			}
			c.ids = append(c.ids, w)
		case counted:
			n := int64(1)
			if i+1 < len(words) {
				if k, err := number(words[i+1]); err == nil {
					n, i = k, i+1
				}
			}
			c.sets = append(c.sets, set{word: w, n: n})
		case w == "all", w == "new", w == "unread":
			c.sets = append(c.sets, set{word: strings.Replace(w, "unread", "new", 1)})
		case w == "$":
			c.sets = append(c.sets, set{word: "found"})
		case isNumbers(w):
			spans, err := parseSpans(w)
			if err != nil {
				return c, err
			}
			for _, x := range spans {
				c.sets = append(c.sets, set{span: x})
			}
		case i == 0:
			group, of, ok := strings.Cut(strings.TrimPrefix(w, "/"), "/")
			if ok && of != "" {
				words = slices.Insert(slices.Clone(words), 1, of)
			}
			if err := checkGroup(group); err != nil {
				return c, err
			}
			c.group = group
		default:
			return c, fault.New(fault.BadArgument, "%q is neither a number nor a message-id", short(w)).
				WithHint("articles are such as 5, 1-100, last 20, new, all, <id@host>")
		}
	}
	if len(c.ids) > 0 && len(c.sets) > 0 {
		return c, fault.New(fault.BadArgument, "numbers and message-ids do not go together")
	}
	return c, nil
}

func number(w string) (int64, error) {
	n, err := strconv.ParseUint(w, 10, 63)
	return int64(n), err
}

// isNumbers reports whether a word is made of numbers.
func isNumbers(w string) bool {
	return w != "" && strings.Trim(w, "0123456789-:,") == "" && w[0] >= '0' && w[0] <= '9'
}

// parseSpans reads 1:5,9,20-30,100-.
func parseSpans(w string) (all []span, err error) {
	for part := range strings.SplitSeq(w, ",") {
		from, to, two := strings.Cut(strings.Replace(part, ":", "-", 1), "-")
		x := span{}
		if x.from, err = number(from); err == nil {
			x.to = x.from
		}
		switch {
		case err == nil && two && to == "":
			x.to = last
		case err == nil && two:
			x.to, err = number(to)
		}
		if err != nil || x.from > x.to {
			return nil, fault.New(fault.BadArgument, "%q is not a range of numbers such as 5, 1-100 or 100-", short(part))
		}
		all = append(all, x)
	}
	return all, nil
}

// isID reports whether a word is meant for a message-id.
func isID(w string) bool { return strings.HasPrefix(w, "<") }

// checkID refuses what cannot be a message-id (RFC 3977, section 3.6).
func checkID(w string) error {
	if err := protocols.OneLine("message-id", w); err != nil {
		return err
	}
	if !strings.HasPrefix(w, "<") || !strings.HasSuffix(w, ">") || len(w) < 3 || len(w) > 250 ||
		strings.ContainsFunc(w, func(r rune) bool { return r <= ' ' || r >= 0x7f }) || strings.Contains(w[1:len(w)-1], ">") {
		return fault.New(fault.BadArgument, "%q is not a message-id such as <id@host>", short(w))
	}
	return nil
}

// checkGroup refuses what cannot be the name of one group.
func checkGroup(name string) error {
	if err := protocols.OneLine("group", name); err != nil {
		return err
	}
	if name == "" || name[0] == '-' || len(name) > 400 || strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r == 0x7f }) {
		return fault.New(fault.BadArgument, "%q is not the name of a group", short(name))
	}
	return nil
}

// spans are the numbers that c means in g, as ranges in the order of c.
func (s *Session) spans(c choice, g *Group) ([]span, error) {
	var all []span
	add := func(x span) {
		if x, ok := x.within(g); ok {
			all = append(all, x)
		}
	}
	for _, one := range c.sets {
		switch one.word {
		case "all":
			add(span{g.Low, g.High})
		case "first":
			if one.n > 0 {
				add(span{g.Low, min(g.High, g.Low+min(one.n, last-g.Low)-1)})
			}
		case "last":
			if one.n > 0 {
				add(span{max(g.Low, g.High-one.n+1), g.High})
			}
		case "new":
			if s.news == nil {
				return nil, fault.New(fault.Usage, "nobody keeps what has been read").WithHint("connect with --newsrc FILE")
			}
			all = append(all, s.news.unseen(g)...)
		case "found":
			if s.found == nil {
				return nil, fault.New(fault.Usage, "nothing has been searched for in this group")
			}
			if len(s.found) == 0 {
				return nil, fault.New(fault.NotFound, "the last search has found nothing")
			}
			all = append(all, s.found...)
		default:
			add(one.span)
		}
	}
	return all, nil
}

// compact makes spans of numbers, which must be in order.
func compact(numbers []int64) (all []span) {
	for _, n := range numbers {
		if k := len(all); k > 0 && all[k-1].to+1 == n {
			all[k-1].to = n
		} else {
			all = append(all, span{n, n})
		}
	}
	return all
}
