package nntp

import (
	"context"
	"regexp"
	"strings"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

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
	w := wanted{field: field, patterns: words[n:]}
	if len(c.ids) > 0 {
		return s.values(ctx, "", c.ids, w), s.ready(ctx)
	}
	g, parts, err := s.reachAll(ctx, c)
	if err != nil {
		return nil, err
	}
	return s.values(ctx, g.Name, parts, w), nil
}

// likeAny reports whether a value is like one of some patterns, as servers
// read them: * is any text, ? a character, [a-z] and [^a-z] one of some (RFC
// 2980, section 3.3).
func likeAny(patterns []string) func(value string) bool {
	var all []string
	for _, p := range patterns {
		var b strings.Builder
		for i := 0; i < len(p); i++ {
			end := strings.IndexByte(p[min(i+2, len(p)):], ']')
			switch c := p[i]; {
			case c == '*':
				b.WriteString(".*")
			case c == '?':
				b.WriteByte('.')
			case c == '\\' && i+1 < len(p):
				i++
				b.WriteString(regexp.QuoteMeta(p[i : i+1]))
			case c == '[' && end >= 0:
				set := p[i+1 : i+2+end]
				not := strings.HasPrefix(set, "^")
				b.WriteString(map[bool]string{true: "[^", false: "["}[not])
				b.WriteString(strings.NewReplacer(`\`, `\\`, "[", `\[`, "]", `\]`, "^", `\^`).Replace(strings.TrimPrefix(set, "^")) + "]")
				i += 2 + end
			case c >= 0x80:
				b.WriteByte(c)
			default:
				b.WriteString(regexp.QuoteMeta(string(rune(c))))
			}
		}
		all = append(all, b.String())
	}
	re, err := regexp.Compile("(?s)^(?:" + strings.Join(all, "|") + ")$")
	if err != nil { // a set such as [z-a] is like nothing
		return func(string) bool { return false }
	}
	return re.MatchString
}
