package render

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Clean makes a name or a message harmless to a terminal, and one line:
// control characters become \x1b, bytes that are not UTF-8 \xff, characters
// that are not seen or change the direction of others <U+202E>.
func Clean(s string) string { return cleaned(s, false) }

// CleanText is Clean for text of several lines: line ends and tabs stay, and
// CR LF becomes LF.
func CleanText(s string) string { return cleaned(s, true) }

func cleaned(s string, lines bool) string {
	var b strings.Builder
	c := cleaner{lines: lines}
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if lines && strings.HasPrefix(s[i:], "\r\n") {
			i++
			continue
		}
		c.rune(&b, r, n, s[i])
		i += n
	}
	return b.String()
}

// maxMarks is how many combining marks may follow one another.
const maxMarks = 8

// seen reports whether r leaves a mark, or a gap, and changes nothing else.
func seen(r rune) bool {
	return unicode.IsGraphic(r) && !unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r)
}

// A cleaner decides character by character.
type cleaner struct {
	lines bool // line feeds and tabs are harmless
	marks int  // combining marks in a row
}

// rune writes r, which was n bytes that began with first.
func (c *cleaner) rune(b *strings.Builder, r rune, n int, first byte) {
	if unicode.Is(unicode.M, r) {
		c.marks++
	} else {
		c.marks = 0
	}
	switch {
	case r < utf8.RuneSelf && r >= ' ' && r != 0x7f, c.lines && (r == '\n' || r == '\t'):
		b.WriteByte(byte(r))
	case r < utf8.RuneSelf, r == utf8.RuneError && n == 1:
		fmt.Fprintf(b, `\x%02x`, first)
	case !seen(r) || c.marks > maxMarks:
		fmt.Fprintf(b, "<U+%04X>", r)
	default:
		b.WriteRune(r)
	}
}
