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
		return s.values(ctx, "", c.ids, wanted{field: field}), s.ready(ctx)
	}
	g, parts, err := s.reachAll(ctx, c)
	if err != nil {
		return nil, err
	}
	return s.values(ctx, g.Name, parts, wanted{field: field}), nil
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

// A wanted is a field, of those articles where it is like one of the patterns if
// there are any.
type wanted struct {
	field    string
	patterns []string
	like     func(value string) bool // set where the server cannot tell
}

// values gives what HDR or XPAT say of some articles.
func (s *Session) values(ctx context.Context, group string, parts []string, w wanted) verb.Stream[Value] {
	return func(yield func(Value, error) bool) {
		for _, part := range parts {
			err := s.askValues(ctx, group, part, &w)
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
				if w.like != nil && !w.like(text) {
					continue
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

// askValues asks for the field of some articles. An old server knows HDR as
// XHDR. Of one that does not know XPAT all values are asked for.
func (s *Session) askValues(ctx context.Context, group, part string, w *wanted) error {
	ask := func(line string, want ...int) (err error) {
		if isID(part) {
			_, err = s.ask(ctx, line, want...)
		} else {
			_, err = s.in(ctx, group, line, want...)
		}
		return err
	}
	line := w.field + " " + part
	if len(w.patterns) > 0 && w.like == nil {
		err := ask("XPAT "+line+" "+strings.Join(w.patterns, " "), headFollows)
		if !unknown(err) {
			return err
		}
		w.like = likeAny(w.patterns)
		if s.wire.Warn != nil {
			s.wire.Warn(s.link.at + " does not know XPAT: the field is fetched of all these articles, and the patterns are looked for here")
		}
	}
	if s.link.caps.has("HDR", "") {
		return ask("HDR "+line, hdrFollows)
	}
	return ask("XHDR "+line, headFollows)
}
