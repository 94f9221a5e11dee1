package nntp

import (
	"context"
	"strings"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/mail"
	"wireline/protocols/verb"
)

// A Value is a field of one article.
type Value struct {
	Article string `json:"article"` // its number, or its message-id if it was asked for by that
	Value   string `json:"value"`   // decoded
}

// HdrArgs are the arguments of Hdr.
type HdrArgs struct {
	Field string   `arg:"field" help:"name of the field, such as subject; :bytes and :lines are sizes"`
	What  []string `arg:"what..." help:"articles, such as 5, 1-100, last 20 or a message-id; the current article if left out" complete:"group"`
}

// Hdr gives one field of some articles (RFC 3977, section 8.5).
func (s *Session) Hdr(ctx context.Context, a HdrArgs) (verb.Stream[Value], error) {
	field, words, err := s.fieldOf(a.Field, a.What)
	if err != nil {
		return nil, err
	}
	c, err := chosen(words)
	if err != nil {
		return nil, err
	}
	if len(c.ids) > 0 {
		return s.values(ctx, "", "HDR "+field+" ", c.ids, ""), s.ready(ctx)
	}
	g, parts, err := s.reachAll(ctx, c)
	if err != nil {
		return nil, err
	}
	return s.values(ctx, g.Name, "HDR "+field+" ", parts, ""), nil
}

// fieldOf reads the name of a field. The words of a URL may come before it.
func (s *Session) fieldOf(field string, words []string) (string, []string, error) {
	if strings.Contains(field, "://") || len(words) > 0 && (strings.Contains(field, ".") || isID(field) || s.group == nil && plain(words[0])) {
		if len(words) == 0 {
			return "", nil, fault.New(fault.Usage, "missing FIELD")
		}
		field, words = words[0], append([]string{field}, words[1:]...)
	}
	if err := protocols.OneLine("field", field); err != nil {
		return "", nil, err
	}
	if field == "" || strings.ContainsFunc(field, func(r rune) bool { return r <= ' ' || r >= 0x7f }) {
		return "", nil, fault.New(fault.BadArgument, "%q is not the name of a field", short(field))
	}
	return field, words, nil
}

// plain reports whether a word is not one for articles.
func plain(w string) bool {
	switch w {
	case "first", "last", "all", "new", "unread", "$":
		return false
	}
	return !isNumbers(w) && !isID(w) && !strings.Contains(w, ".") && !strings.Contains(w, "/")
}

// reachAll is reach, with the ranges as words for commands. No word means the
// current article, or all of another group.
func (s *Session) reachAll(ctx context.Context, c choice) (*Group, []string, error) {
	g, spans, err := s.reach(ctx, c)
	if err != nil {
		return nil, nil, err
	}
	switch {
	case len(c.sets) == 0 && c.group == "" && s.current > 0:
		spans = []span{{s.current, s.current}}
	case len(c.sets) == 0 && g.Count > 0:
		spans = []span{{g.Low, g.High}}
	case len(spans) == 0 && len(c.sets) > 0 && g.Count > 0:
		return nil, nil, s.none(g)
	}
	var parts []string
	for _, x := range spans {
		parts = append(parts, x.String())
	}
	return g, parts, nil
}

// values gives what HDR or XPAT say of some articles. An old server knows HDR
// as XHDR.
func (s *Session) values(ctx context.Context, group, before string, parts []string, after string) verb.Stream[Value] {
	return func(yield func(Value, error) bool) {
		for _, part := range parts {
			err := s.askValues(ctx, group, before+part+after, isID(part))
			if missing(err) && len(parts) > 1 {
				continue
			}
			if err != nil {
				yield(Value{}, of(strings.TrimPrefix(group+"/"+part, "/"), err))
				return
			}
			for line, err := range s.lines(ctx) {
				if err != nil {
					yield(Value{}, err)
					return
				}
				n, text, ok := strings.Cut(string(line), " ")
				if !ok && n == "" {
					yield(Value{}, s.link.protocol("a line of the reply to %s has no number", s.link.sent))
					return
				}
				if isID(part) {
					n = part
				}
				if !yield(Value{n, mail.Decode(text)}, nil) {
					return
				}
			}
		}
	}
}

func (s *Session) askValues(ctx context.Context, group, line string, id bool) error {
	ask := func(line string, want ...int) (err error) {
		if id {
			_, err = s.ask(ctx, line, want...)
		} else {
			_, err = s.in(ctx, group, line, want...)
		}
		return err
	}
	if rest, ok := strings.CutPrefix(line, "HDR "); ok {
		if s.link.caps.has("HDR", "") {
			return ask(line, hdrFollows)
		}
		return ask("XHDR "+rest, headFollows)
	}
	return ask(line, headFollows)
}

// XpatArgs are the arguments of Xpat.
type XpatArgs struct {
	Field string   `arg:"field" help:"name of the field, such as subject"`
	What  []string `arg:"what..." help:"articles, such as 1-100, last 20, all or a message-id, and one pattern or more behind them" complete:"group"`
}

// Xpat gives a field of those articles where it is like a pattern (RFC 2980,
// section 2.9).
func (s *Session) Xpat(ctx context.Context, a XpatArgs) (verb.Stream[Value], error) {
	field, words, err := s.fieldOf(a.Field, a.What)
	if err != nil {
		return nil, err
	}
	n := 0
	for n < len(words) && (n == 0 || !plain(words[n]) && !isPattern(words[n])) {
		n++
	}
	n = min(n, max(1, len(words)-1))
	if len(words) < 2 {
		return nil, fault.New(fault.Usage, "missing articles and a pattern").WithHint("such as: xpat subject all *go*")
	}
	for _, p := range words[n:] {
		if err := checkPattern(p); err != nil {
			return nil, err
		}
	}
	c, err := chosen(words[:n])
	if err != nil {
		return nil, err
	}
	after := " " + strings.Join(words[n:], " ")
	if len(c.ids) > 0 {
		return s.values(ctx, "", "XPAT "+field+" ", c.ids, after), s.ready(ctx)
	}
	g, parts, err := s.reachAll(ctx, c)
	if err != nil {
		return nil, err
	}
	return s.values(ctx, g.Name, "XPAT "+field+" ", parts, after), nil
}
