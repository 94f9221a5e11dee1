package imap

import (
	"context"
	"strings"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

// FetchArgs are the arguments of fetch.
type FetchArgs struct {
	Words []string `arg:"messages and items..." help:"messages, then items: FLAGS, ENVELOPE, BODY.PEEK[TEXT]; FLAGS if there are none"`
	Seq   bool     `flag:"seq" help:"numbers are sequence numbers instead of UIDs"`
}

// An Item is one item of one message, as the server gave it.
type Item struct {
	UID   uint32 `json:"uid"`
	Seq   uint32 `json:"seq"`
	Item  string `json:"item"`
	Value string `json:"value"`
}

// Fetch shows items of messages, all that the server gives. Only this verb
// marks messages as read if it is told so, by BODY[] without PEEK.
func (s *Session) Fetch(ctx context.Context, a FetchArgs) (verb.Stream[Item], error) {
	words, err := s.visit(ctx, a.Words)
	if err != nil {
		return nil, err
	}
	n, ok := names(words)
	if !ok {
		return nil, notSet(words)
	}
	w, err := s.which(ctx, words[:n], a.Seq)
	if err != nil {
		return nil, err
	}
	items := strings.Join(words[n:], " ")
	if items == "" {
		items = "FLAGS"
	}
	// What closes its parentheses too early, or not, is no list of items.
	c := cursor{p: []byte("(" + strings.Trim(items, "()") + ")")}
	if strings.HasPrefix(items, "(") != strings.HasSuffix(items, ")") || wide(items) {
		c.fail()
	}
	if c.pass(); c.bad || !c.done() {
		return nil, fault.New(fault.BadArgument, "%q are no items", items).WithHint("such as FLAGS, (FLAGS ENVELOPE) or BODY.PEEK[HEADER]")
	}
	return s.items(ctx, s.pages(w), "(UID "+strings.Trim(items, "()")+")"), nil
}

func (s *Session) items(ctx context.Context, pages []page, items string) verb.Stream[Item] {
	return func(yield func(Item, error) bool) {
		defer s.paced()()
		for _, p := range pages {
			stopped := false
			tag, err := s.l.begin(s.fetching(p, items), nil)
			if err == nil {
				_, err = s.l.finish(ctx, tag, "FETCH", func(b []byte) error {
					name, n, numbered, rest := word(b)
					if name != "FETCH" || !numbered || stopped {
						return nil
					}
					stopped = !each(uint32(n), rest, func(x Item) bool { return yield(x, nil) })
					return nil
				})
			}
			if stopped {
				return
			}
			if err != nil {
				yield(Item{}, err)
				return
			}
		}
	}
}

// each gives the items of a FETCH response, with their values as they came.
func each(seq uint32, p []byte, yield func(Item) bool) (more bool) {
	m, err := parseMessage(seq, p)
	if err != nil {
		return true
	}
	c := cursor{p: p}
	more = true
	c.take('(')
	for !c.bad && more && !c.skip(')') {
		name := strings.ToUpper(string(c.atom()))
		c.take(' ')
		before := c.p
		plain := c.peek() != '('
		var text string
		if plain {
			text = string(c.bytes())
		} else {
			c.pass()
		}
		if !c.bad {
			if !plain {
				text = string(before[:len(before)-len(c.p)])
			}
			if name != "UID" {
				more = yield(Item{UID: m.uid, Seq: seq, Item: name, Value: text})
			}
		}
		c.skip(' ')
	}
	return more
}
