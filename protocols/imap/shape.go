package imap

import (
	"bytes"

	"wireline/protocols/fault"
)

// A shape is how the parentheses and quotes of a response stand, line by
// line. It is known before anything else looks at the response, so nobody has
// to follow more of them than mostDeep.
type shape struct {
	begun bool
	free  bool // text for people, in which nothing has a meaning
	fetch bool
	depth int
	item  bool // the literal that comes is an item of a FETCH
}

// line takes the next line and returns the length of the literal that it ends
// in, or -1.
func (s *shape) line(p []byte) (int64, error) {
	if !s.begun {
		s.begun = true
		s.free, s.fetch = isFree(p), isFetch(p)
	}
	if bytes.IndexByte(p, 0) >= 0 {
		return -1, fault.New(fault.Protocol, "there is a NUL in a response")
	}
	if s.free {
		return -1, nil
	}
	quoted := false
	for i := 0; i < len(p); i++ {
		switch c := p[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '(':
			if s.depth++; s.depth > mostDeep {
				return -1, fault.New(fault.Limit, "a response has more than %d parentheses within parentheses", mostDeep)
			}
		case c == ')':
			s.depth--
		}
	}
	if quoted || len(p) == 0 || p[len(p)-1] != '}' {
		return -1, nil
	}
	n, ok, err := literalSize(p)
	s.item = ok && s.fetch && s.depth == 1
	if !ok {
		n = -1
	}
	return n, err
}

// isFree reports whether a response has text for people at its end, which may
// look like anything: OK and its like, tagged ones, and +.
func isFree(p []byte) bool {
	rest, ok := bytes.CutPrefix(p, []byte("* "))
	if !ok {
		return true
	}
	word, _, _ := bytes.Cut(rest, []byte(" "))
	switch {
	case len(word) > 7:
		return false
	default:
		switch string(bytes.ToUpper(word)) {
		case "OK", "NO", "BAD", "BYE", "PREAUTH":
			return true
		}
		return false
	}
}

// isFetch reports whether p begins a FETCH response.
func isFetch(p []byte) bool {
	rest, ok := bytes.CutPrefix(p, []byte("* "))
	if !ok {
		return false
	}
	i := 0
	for i < len(rest) && '0' <= rest[i] && rest[i] <= '9' {
		i++
	}
	const word = " FETCH ("
	return i > 0 && len(rest) >= i+len(word) && bytes.EqualFold(rest[i:i+len(word)], []byte(word))
}

// literalSize reads {n} at the end of a line. What is in braces and no number
// is an error, but for braces that are part of a word.
func literalSize(p []byte) (n int64, ok bool, err error) {
	i := bytes.LastIndexByte(p, '{')
	if i < 0 || i > 0 && p[i-1] != ' ' && p[i-1] != '(' && p[i-1] != '~' {
		return 0, false, nil
	}
	digits := p[i+1 : len(p)-1]
	bad := len(digits) == 0
	for _, c := range digits {
		if c < '0' || c > '9' {
			bad = true
		} else if n < 1<<53 {
			n = n*10 + int64(c-'0')
		}
	}
	if bad {
		return 0, false, fault.New(fault.Protocol, "%.40q is not the length of a literal", p[i:])
	}
	return n, true, nil
}
