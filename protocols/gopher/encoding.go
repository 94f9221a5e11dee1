package gopher

import (
	"bytes"
	"io"
	"strings"
	"unicode/utf8"
)

// Encodings of text, by the names that users give them. Gopher has no way to
// tell which one a server means.
const (
	auto   = "auto"
	utf    = "utf-8"
	latin1 = "latin1"
	cp437  = "cp437"
)

// charsets are their names in media types.
var charsets = map[string]string{utf: "utf-8", latin1: "iso-8859-1", cp437: "ibm437"}

// high437 is the upper half of the IBM PC's character set.
var high437 = []rune("ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»" +
	"░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀" +
	"αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0")

// guess names the encoding of a text by the beginning of it, which may end
// within a character.
func guess(p []byte) string {
	if n := len(p); n > 0 {
		start := n - 1
		for start > 0 && n-start < utf8.UTFMax && !utf8.RuneStart(p[start]) {
			start--
		}
		if !utf8.FullRune(p[start:]) {
			p = p[:start]
		}
	}
	if utf8.Valid(p) {
		return utf
	}
	return single(p)
}

// single names the encoding of a text that is not UTF-8: Latin-1, unless there
// are bytes that are control characters there, or frames drawn of the IBM
// PC's characters.
func single[T string | []byte](p T) string {
	frames := 0
	for i := range len(p) {
		if c := p[i]; c >= 0x80 && c < 0xa0 {
			return cp437
		} else if i > 0 && frame(c) && c == p[i-1] {
			frames++
		}
	}
	if frames > 1 {
		return cp437
	}
	return latin1
}

// frame reports whether c is a shade, a block or the part of a frame in CP437
// and, in Latin-1, not a letter that words repeat.
func frame(c byte) bool { return c >= 0xb0 && c <= 0xdf }

// decode makes UTF-8 of s, if it is not UTF-8 already.
func decode(encoding, s string) string {
	if encoding == utf || encoding != latin1 && encoding != cp437 && utf8.ValidString(s) {
		return s
	}
	if encoding != latin1 && encoding != cp437 {
		encoding = single(s)
	}
	var b strings.Builder
	b.Grow(2 * len(s))
	for i := range len(s) {
		b.WriteRune(char(encoding, s[i]))
	}
	return b.String()
}

func char(encoding string, c byte) rune {
	if encoding == cp437 && c >= 0x80 {
		return high437[c-0x80]
	}
	return rune(c)
}

// A decoder is a text in UTF-8, made of one in an encoding of single bytes.
type decoder struct {
	io.ReadCloser
	encoding string
	in       []byte
	out      bytes.Buffer
}

func (d *decoder) Read(p []byte) (int, error) {
	for d.out.Len() == 0 {
		if d.in == nil {
			d.in = make([]byte, 32<<10)
		}
		n, err := d.ReadCloser.Read(d.in)
		for _, c := range d.in[:n] {
			d.out.WriteRune(char(d.encoding, c))
		}
		if n == 0 && err != nil {
			return 0, err
		}
	}
	return d.out.Read(p)
}
