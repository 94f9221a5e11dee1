package syntax

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Escape replaces \r \n \t \0 \xHH \u{H...} \\ \" and \$ by what they stand
// for. Any other backslash is ordinary; an \x or \u without its digits is an
// error.
func Escape(s string) ([]byte, error) {
	var b []byte
	for {
		i := strings.IndexByte(s, '\\')
		if i < 0 {
			return append(b, s...), nil
		}
		b = append(b, s[:i]...)
		v, n, err := escape(s[i:])
		if err != nil {
			return nil, err
		}
		b = append(b, v...)
		s = s[i+n:]
	}
}

// escape reads what begins with the backslash s[0], n bytes of it.
func escape(s string) (v []byte, n int, err error) {
	if len(s) < 2 {
		return []byte{'\\'}, 1, nil
	}
	switch c := s[1]; c {
	case 'r':
		return []byte{'\r'}, 2, nil
	case 'n':
		return []byte{'\n'}, 2, nil
	case 't':
		return []byte{'\t'}, 2, nil
	case '0':
		return []byte{0}, 2, nil
	case '\\', '"', '$':
		return []byte{c}, 2, nil
	case 'x':
		if len(s) >= 4 {
			if x, err := strconv.ParseUint(s[2:4], 16, 8); err == nil {
				return []byte{byte(x)}, 4, nil
			}
		}
		return nil, 0, fmt.Errorf(`\x needs two hexadecimal digits`)
	case 'u':
		if hex, _, ok := strings.Cut(s[2:min(len(s), 10)], "}"); ok && strings.HasPrefix(hex, "{") {
			if x, err := strconv.ParseUint(hex[1:], 16, 32); err == nil && utf8.ValidRune(rune(x)) {
				return []byte(string(rune(x))), len(hex) + 3, nil
			}
		}
		return nil, 0, fmt.Errorf(`\u needs a character's number in braces, such as \u{e9}`)
	default:
		return []byte{'\\'}, 1, nil
	}
}
