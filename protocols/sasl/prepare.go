package sasl

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/bidi"
	"golang.org/x/text/unicode/norm"
)

// prepare is a name or a password as SASLprep has it (RFC 4013), so that it is
// the same however it was typed. What SASLprep does not allow stays as it is:
// the server may think otherwise.
func prepare(s string) string {
	if p, ok := saslprep(s); ok {
		return p
	}
	return s
}

// saslprep is s by the profile of RFC 4013 for what is not stored: code points
// that Unicode 3.2 does not know are allowed.
func saslprep(s string) (string, bool) {
	if !utf8.ValidString(s) {
		return "", false
	}
	s = strings.Map(func(r rune) rune {
		switch {
		case r < utf8.RuneSelf:
			return r
		case in(r, spaces):
			return ' '
		case in(r, nothing):
			return -1
		}
		return r
	}, s)
	s = norm.NFKC.String(s)
	if strings.ContainsFunc(s, func(r rune) bool { return in(r, prohibited) || r&0xfffe == 0xfffe }) {
		return "", false
	}
	return s, ordered(s)
}

// ordered reports whether a text that is read from right to left is so from
// end to end (RFC 3454, section 6).
func ordered(s string) bool {
	right := func(r rune) bool {
		p, _ := bidi.LookupRune(r)
		return p.Class() == bidi.R || p.Class() == bidi.AL
	}
	if !strings.ContainsFunc(s, right) {
		return true
	}
	left := func(r rune) bool {
		p, _ := bidi.LookupRune(r)
		return p.Class() == bidi.L && unicode.IsPrint(r)
	}
	first, _ := utf8.DecodeRuneInString(s)
	last, _ := utf8.DecodeLastRuneInString(s)
	return !strings.ContainsFunc(s, left) && right(first) && right(last)
}

// The tables of RFC 3454 that RFC 4013 names, as pairs of a first and a last
// code point: C.1.2, B.1, and C.2.1 to C.9 without those that end in FFFE or
// FFFF. Surrogates are in no valid string.
var (
	spaces  = []rune{0xa0, 0xa0, 0x1680, 0x1680, 0x2000, 0x200b, 0x202f, 0x202f, 0x205f, 0x205f, 0x3000, 0x3000}
	nothing = []rune{
		0xad, 0xad, 0x34f, 0x34f, 0x1806, 0x1806, 0x180b, 0x180d, 0x200c, 0x200d, 0x2060, 0x2060,
		0xfe00, 0xfe0f, 0xfeff, 0xfeff,
	}
	prohibited = []rune{
		0, 0x1f, 0x7f, 0x9f, 0xa0, 0xa0, 0x340, 0x341, 0x6dd, 0x6dd, 0x70f, 0x70f, 0x1680, 0x1680, 0x180e, 0x180e,
		0x2000, 0x200f, 0x2028, 0x202f, 0x205f, 0x2063, 0x206a, 0x206f, 0x2ff0, 0x2ffb, 0x3000, 0x3000,
		0xd800, 0xf8ff, 0xfdd0, 0xfdef, 0xfeff, 0xfeff, 0xfff9, 0xfffd, 0x1d173, 0x1d17a,
		0xe0001, 0xe0001, 0xe0020, 0xe007f, 0xf0000, 0x10ffff,
	}
)

// in reports whether r is in a table, whose pairs ascend.
func in(r rune, table []rune) bool {
	i, hit := slices.BinarySearch(table, r)
	return hit || i%2 == 1
}
