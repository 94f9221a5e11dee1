package imap

import (
	"bytes"
	"strings"
)

// A status is a response that says how something went: a tagged one, or an
// untagged OK, NO, BAD, BYE or PREAUTH.
type status struct {
	tag  string // "*" if it has none
	kind string // OK, NO, BAD, BYE, PREAUTH
	code string // in brackets, in upper case: "UIDVALIDITY"; "" for none
	args string // what follows the code within the brackets
	text string // for people
}

// parseStatus reads a status; ok is false if p is none.
func parseStatus(p []byte) (s status, ok bool) {
	tag, rest, _ := bytes.Cut(p, []byte(" "))
	kind, rest, _ := bytes.Cut(rest, []byte(" "))
	s.tag, s.kind = string(tag), strings.ToUpper(string(kind))
	switch s.kind {
	case "OK", "NO", "BAD":
	case "BYE", "PREAUTH":
		if s.tag != "*" {
			return s, false
		}
	default:
		return s, false
	}
	if len(rest) > 0 && rest[0] == '[' {
		if end := closing(rest); end > 0 {
			code, args, _ := strings.Cut(string(rest[1:end]), " ")
			s.code, s.args = strings.ToUpper(code), args
			rest = rest[end+1:]
		}
	}
	s.text = strings.TrimSpace(string(rest))
	return s, true
}

// closing is where the bracket that p begins with ends; 0 for nowhere.
func closing(p []byte) int {
	quoted := false
	for i := 1; i < len(p); i++ {
		switch c := p[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case c == ']' && !quoted:
			return i
		}
	}
	return 0
}

// word takes the name of an untagged response: for "* 5 EXISTS" it is EXISTS,
// 5 and nothing.
func word(p []byte) (name string, number int64, numbered bool, rest []byte) {
	p, ok := bytes.CutPrefix(p, []byte("* "))
	if !ok {
		return "", 0, false, nil
	}
	c := cursor{p: p}
	if b := c.peek(); '0' <= b && b <= '9' {
		n := c.number()
		if c.skip(' ') {
			number, numbered, p = n, true, c.p
		}
	}
	w, rest, _ := bytes.Cut(p, []byte(" "))
	if string(w) == "FETCH" {
		return "FETCH", number, numbered, rest // there are many
	}
	return strings.ToUpper(string(w)), number, numbered, rest
}
