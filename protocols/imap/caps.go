package imap

import (
	"slices"
	"strings"
)

// capabilities is what the server says it can, in its order.
type capabilities []string

func (c capabilities) has(name string) bool {
	return slices.ContainsFunc(c, func(x string) bool { return strings.EqualFold(x, name) })
}

// any reports whether one of the names is there.
func (c capabilities) any(names ...string) bool { return slices.ContainsFunc(names, c.has) }

// after are what follows a prefix: of AUTH= the mechanisms.
func (c capabilities) after(prefix string) (found []string) {
	for _, x := range c {
		if len(x) > len(prefix) && strings.EqualFold(x[:len(prefix)], prefix) {
			found = append(found, x[len(prefix):])
		}
	}
	return found
}

// literal is how long a literal may be that is sent without waiting (RFC
// 7888).
func (c capabilities) literal() int {
	switch {
	case c.has("LITERAL+"):
		return 1 << 30
	case c.any("LITERAL-", "IMAP4rev2"):
		return 4096
	}
	return -1
}

// extended reports whether a search can answer with ranges (RFC 4731).
func (c capabilities) extended() bool { return c.any("ESEARCH", "IMAP4rev2") }

// parseCaps reads the words of a CAPABILITY response or code. Only atoms are
// taken, and not without bound.
func parseCaps(text string) (c capabilities) {
	for w := range strings.FieldsSeq(text) {
		if len(c) < 200 && len(w) <= 100 && !strings.ContainsFunc(w, func(r rune) bool { return r <= ' ' || r >= 0x7f || strings.ContainsRune(`(){%*"\]`, r) }) {
			c = append(c, w)
		}
	}
	return c
}
