package line

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// Stand-ins within the line being edited, noncharacters that Unicode keeps
// for internal use. They never leave this package.
const (
	runeNewline = '\uFDD0' // a line end within the line
	runeTab     = '\uFDD1'
	firstInside = '\uFDD0'
	lastInside  = '\uFDEF'
)

// inside turns text into what the editor holds, outside back.
var (
	inside  = strings.NewReplacer("\r\n", string(runeNewline), "\n", string(runeNewline), "\t", string(runeTab))
	outside = strings.NewReplacer(string(runeNewline), "\n", string(runeTab), "\t")
)

// visible is s with nothing in it that could move the cursor or fool the
// reader: control characters, bidi overrides and zero-width characters are
// written out. Line ends and tabs stay.
func visible(s string) string {
	if strings.IndexFunc(s, hidden) < 0 && utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for _, r := range strings.ToValidUTF8(s, "\uFFFD") {
		if hidden(r) {
			b.WriteString(spelled(r))
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

func hidden(r rune) bool {
	switch {
	case r == '\n', r == '\t', r == zwj:
		return false
	case unicode.IsControl(r), r == '\u2028', r == '\u2029':
		return true
	}
	return unicode.Is(unicode.Cf, r) && r != '\u00AD' && !(r >= 0xE0020 && r <= 0xE007F) // tags make flags
}

// zwj joins emoji.
const zwj = '\u200D'

func spelled(r rune) string {
	switch {
	case r < 0x20:
		return "^" + string(r+'@')
	case r == 0x7F:
		return "^?"
	case r < 0xA0:
		return fmt.Sprintf("\\x%02x", r)
	}
	return fmt.Sprintf("<U+%04X>", r)
}

// A cell is what one grapheme of the line looks like.
type cell struct {
	text  string
	width int // columns
	runes int // how many runes of the line it is
}

// cells splits a line into what is drawn for it.
func cells(line []rune) []cell {
	out := make([]cell, 0, len(line))
	for i := 0; i < len(line); {
		r := line[i]
		switch {
		case r == runeNewline:
			out = append(out, cell{"␤", 1, 1})
			i++
		case r == runeTab:
			out = append(out, cell{"␉", 1, 1})
			i++
		case r >= 0x20 && r < 0x7F && (i+1 == len(line) || line[i+1] < 0x300):
			out = append(out, cell{string(r), 1, 1})
			i++
		case hidden(r) || r == '\n' || r == '\t':
			t := spelled(r)
			out = append(out, cell{t, len(t), 1})
			i++
		default:
			n := i + 1
			for n < len(line) && n-i < 64 && line[n] >= 0x80 && !hidden(line[n]) && (line[n] < firstInside || line[n] > lastInside) {
				n++
			}
			g, _, w, _ := uniseg.FirstGraphemeClusterInString(string(line[i:n]), -1)
			count := utf8.RuneCountInString(g)
			if w == 0 { // a mark with nothing to stand on
				g, w = "◌"+g, 1
			}
			out = append(out, cell{g, w, count})
			i += count
		}
	}
	return out
}

// width is how many columns s takes, not counting colours.
func width(s string) int { return uniseg.StringWidth(plainText(s)) }

// plainText is s without SGR sequences.
func plainText(s string) string {
	for {
		i := strings.Index(s, "\x1b[")
		if i < 0 {
			return s
		}
		j := strings.IndexFunc(s[i+2:], func(r rune) bool { return r >= '@' && r <= '~' })
		if j < 0 {
			return s[:i]
		}
		s = s[:i] + s[i+2+j+1:]
	}
}

// snap moves pos out of the middle of a grapheme: to its start, or to its
// end when forward.
func snap(line []rune, pos int, forward bool) int {
	at := 0
	for _, c := range cells(line) {
		switch {
		case at == pos:
			return pos
		case at+c.runes > pos && forward:
			return at + c.runes
		case at+c.runes > pos:
			return at
		}
		at += c.runes
	}
	return min(pos, len(line))
}
