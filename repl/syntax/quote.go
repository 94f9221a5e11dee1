package syntax

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

var bare = lazily(`^[A-Za-z0-9_.,/+%*-][A-Za-z0-9_.,/+%*@:=?~-]*$`)

// Quote writes s as one word that Parse reads back as s, on one line and
// without characters that cannot be seen.
func Quote(s string) string {
	if bare().MatchString(s) {
		return s
	}
	if plain(s) && !strings.Contains(s, "'") {
		return "'" + s + "'"
	}
	var b strings.Builder
	b.WriteByte('"')
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		switch {
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case strings.ContainsRune(`\"$`, r):
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < ' ' || r == 0x7f || r == utf8.RuneError && n == 1:
			fmt.Fprintf(&b, `\x%02x`, s[0])
		case !unicode.IsPrint(r):
			fmt.Fprintf(&b, `\u{%x}`, r)
		default:
			b.WriteRune(r)
		}
		s = s[n:]
	}
	return b.String() + `"`
}

func plain(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) })
}
