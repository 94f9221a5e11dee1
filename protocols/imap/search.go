package imap

import (
	"context"
	"strconv"
	"strings"

	"wireline/protocols/fault"
)

// SearchArgs are the arguments of search.
type SearchArgs struct {
	Words []string `arg:"criteria..." help:"what to look for: from:bob since:2026-01-01 unseen; all if left out" complete:"search" dash:"yes"`
	Raw   bool     `flag:"raw" help:"the words are a search as IMAP has it: OR SUBJECT x SUBJECT y"`
	Long  bool     `flag:"l,long" help:"list the messages that were found"`
	Seq   bool     `flag:"seq" help:"sequence numbers instead of UIDs"`
}

// Found is what a search has found; $ means the same from then on.
type Found struct {
	UIDs   string `json:"uids,omitempty"` // as ranges: 5,7:9
	Seqs   string `json:"seqs,omitempty"` // the same with --seq
	Count  uint64 `json:"count"`
	ModSeq uint64 `json:"modseq,omitempty"`
}

// rawKey begins a word that is a search as IMAP has it.
const rawKey = "raw:"

// Search finds messages.
func (s *Session) Search(ctx context.Context, a SearchArgs) (any, error) {
	words, err := s.visit(ctx, a.Words)
	if err != nil {
		return nil, err
	}
	how, err := s.criteria(words, a.Raw)
	if err != nil {
		return nil, err
	}
	if _, err := s.in(); err != nil {
		return nil, err
	}
	r, err := s.search(ctx, how, a.Seq)
	if err != nil {
		return nil, err
	}
	f := Found{Count: r.all.count(), ModSeq: r.modseq}
	if a.Seq {
		f.Seqs = r.all.String()
		return f, nil
	}
	s.found, s.foundIn = r.all, s.identity()
	if f.UIDs = r.all.String(); a.Long {
		return s.rows(ctx, which{set: r.all, known: true}, false), nil
	}
	return f, nil
}

// A searched is the answer to a search.
type searched struct {
	all     set
	order   []uint32 // of a sort: the numbers as they came
	count   int64
	counted bool
	modseq  uint64
	told    bool // the server has said something, be it that it found nothing
	bad     bool // and it cannot be read
	other   bool // and it is not the UIDs that were found, but how many, or sequence numbers
}

// search runs a search and returns what it found.
func (s *Session) search(ctx context.Context, how criterion, seq bool) (searched, error) {
	name := "UID SEARCH"
	if seq {
		name = "SEARCH"
	}
	c := s.command(name)
	if s.caps.extended() {
		c.atom("RETURN (ALL)")
	}
	how(c)
	return s.searching(ctx, c)
}

// A criterion adds what is looked for to a command.
type criterion = func(*command)

// searching runs a command whose answer is SEARCH or ESEARCH.
func (s *Session) searching(ctx context.Context, c *command) (searched, error) {
	var total searched
	if s.box != nil && s.box.exists > 10_000 {
		defer s.paced()()
	}
	_, err := s.l.run(ctx, c.end(), s.l.bounded(func(p []byte) error {
		r, ok := readSearch(p)
		if !ok {
			return nil
		}
		if r.bad {
			return unread(p)
		}
		if len(total.all)+len(r.all) > mostSpans {
			return s.l.fail(fault.New(fault.Limit, "a search gives more than %d numbers", mostSpans))
		}
		total.all = append(total.all, r.all...)
		total.order = append(total.order, r.order...)
		total.modseq = max(total.modseq, r.modseq)
		total.told, total.other = true, total.other || r.other
		return nil
	}))
	total.all = total.all.normal()
	return total, err
}

// readSearch reads SEARCH, SORT and ESEARCH (RFC 4731).
func readSearch(p []byte) (r searched, ok bool) {
	name, _, numbered, rest := word(p)
	if numbered {
		return r, false
	}
	switch name {
	case "SEARCH", "SORT":
		r.numbers(rest)
		if name == "SEARCH" {
			r.order = nil
		}
		return r, true
	case "ESEARCH":
		r.extended(rest)
		return r, true
	}
	return r, false
}

// numbers reads 2 3 5 … (MODSEQ n).
func (r *searched) numbers(p []byte) {
	c := cursor{p: p}
	for c.skip(' ') {
	}
	for !c.done() && !c.bad {
		if c.peek() == '(' {
			v := c.value()
			n, _ := strconv.ParseUint(v.at(1).text, 10, 64)
			r.modseq = n
			continue
		}
		n := c.number()
		if n < 1 || n >= 1<<32 {
			c.fail()
			break
		}
		if k := len(r.all); k > 0 && uint64(r.all[k-1].hi)+1 == uint64(n) {
			r.all[k-1].hi++
		} else {
			r.all = append(r.all, span{uint32(n), uint32(n)})
		}
		r.order = append(r.order, uint32(n))
		for c.skip(' ') {
		}
	}
	r.bad = c.bad
}

// extended reads (TAG "x") UID COUNT 3 ALL 2,5:6.
func (r *searched) extended(p []byte) {
	c := cursor{p: p}
	if c.peek() == '(' {
		c.pass()
		c.skip(' ')
	}
	r.other = true
	for !c.done() && !c.bad {
		key := strings.ToUpper(string(c.atom()))
		if key == "UID" {
			r.other = false
			c.skip(' ')
			continue
		}
		c.take(' ')
		switch key {
		case "ALL":
			all, err := parseSet(string(c.atom()))
			if err != nil {
				c.fail()
				break
			}
			r.all = all
		case "COUNT":
			r.count, r.counted = c.number(), true
		case "MODSEQ":
			r.modseq = uint64(c.number())
		default:
			c.pass()
		}
		c.skip(' ')
	}
	r.other = r.other || r.counted && uint64(r.count) != r.all.count()
	r.bad = c.bad
}

// criteria makes a search of words.
func (s *Session) criteria(words []string, raw bool) (criterion, error) {
	if len(words) > 0 && strings.HasPrefix(words[0], rawKey) {
		raw, words = true, append([]string{words[0][len(rawKey):]}, words[1:]...)
	}
	if err := oneLine("criteria", words...); err != nil {
		return nil, err
	}
	if raw {
		text := strings.Join(words, " ")
		if text == "" || wide(text) {
			return nil, fault.New(fault.BadArgument, "%q is not a search as IMAP has it", text).WithHint("it has ASCII only; the friendly form knows all letters: subject:Grüße")
		}
		return func(c *command) { c.atom(text) }, nil
	}
	t, err := s.terms(words)
	if err != nil {
		return nil, err
	}
	charset := !s.utf8 && wide(strings.Join(words, ""))
	return func(c *command) {
		if charset {
			c.atom("CHARSET UTF-8")
		}
		t.put(c)
	}, nil
}
