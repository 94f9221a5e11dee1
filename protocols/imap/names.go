package imap

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"wireline/protocols"
)

// shown is how a mailbox name of the server's is shown and typed. A name that
// is not as the RFC has it is shown as it came, and remembered, so that it can
// be typed all the same (X04).
func (s *Session) shown(raw string) string {
	if strings.EqualFold(raw, "INBOX") {
		return "INBOX"
	}
	if s.utf8 && utf8.ValidString(raw) {
		return raw
	}
	name, fair := decodeName(raw)
	if !fair {
		name = strings.ToValidUTF8(raw, "�")
	} else if !wide(name) && !strings.Contains(name, "&") {
		return name // nothing else looks like it
	}
	if s.odd == nil {
		s.odd, s.fair = map[string]string{}, map[string]bool{}
	}
	// Of two that look the same the second is shown as it came, in quotes, and
	// so is what there is no room to remember: to type it must not mean another.
	other, known := s.odd[name]
	switch {
	case fair && !known && (s.fair[name] || len(s.fair) < 10_000):
		s.fair[name] = true
		return name
	case !fair && (known && other == raw || !known && !s.fair[name] && len(s.odd) < 10_000):
	default:
		name = strconv.Quote(raw)
	}
	if len(s.odd) < 10_000 {
		s.odd[name] = raw
	}
	return name
}

// mailbox adds a mailbox name to a command.
func (c *command) mailbox(s *Session, name string) *command {
	if err := protocols.OneLine("mailbox", name); err != nil {
		if c.err == nil {
			c.err = err
		}
		return c
	}
	if raw, ok := s.odd[name]; ok {
		if strings.ContainsFunc(raw, func(r rune) bool { return r >= 0x80 }) {
			return c.literal([]byte(raw))
		}
		return c.text("mailbox", raw)
	}
	if c.utf8 {
		return c.text("mailbox", name)
	}
	return c.text("mailbox", encodeName(name))
}
