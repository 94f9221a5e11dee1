package telnet

import (
	"errors"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/transform"
)

// PETSCII is the character set of the Commodore 64 and its boards. Its
// control characters paint and move, so they become the sequences of a
// terminal (ECMA-48). The registry of IANA does not have it.
func petscii() (*encoding.Decoder, *encoding.Encoder) {
	return &encoding.Decoder{Transformer: &fromPETSCII{}}, &encoding.Encoder{Transformer: toPETSCII{}}
}

// The upper halves of both sets, from A0 on, as Unicode has them among the
// symbols for legacy computing; from C0 on the letters stand between.
const (
	petHalf    = "\u00a0▌▄▔▁▏▒▕\U0001FB8F\U0001FB99\U0001FB87├▗└┐▂┌┴┬┤▎▍\U0001FB88\U0001FB82\U0001FB83▃✓▖▝┘▘▚"
	petText    = "─ABCDEFGHIJKLMNOPQRSTUVWXYZ┼\U0001FB8C│\U0001FB96\U0001FB98"
	petGraphic = "─♠\U0001FB72\U0001FB78\U0001FB77\U0001FB76\U0001FB7A\U0001FB71\U0001FB74╮╰╯\U0001FB7C╲╱\U0001FB7D\U0001FB7E●\U0001FB7B♥\U0001FB70╭╳○♣\U0001FB75♦┼\U0001FB8C│π◥"
)

// petTables are what the bytes from 20 on show: in the set of text, with both
// cases, and in that of graphics.
var petTables = sync.OnceValue(func() (t [2][256]string) {
	for g := range t {
		for b := 0x20; b < 0x60; b++ {
			t[g][b] = string(rune(b))
		}
		for b := 'A'; b <= 'Z' && g == 0; b++ {
			t[g][b] = string(b + 'a' - 'A')
		}
		t[g][0x5c], t[g][0x5e], t[g][0x5f] = "£", "↑", "←"
		for i, r := range []rune(petHalf + [2]string{petText, petGraphic}[g]) {
			t[g][0xa0+i] = string(r)
		}
		if g == 1 {
			t[g][0xa9], t[g][0xba] = "◤", "\U0001FB7F"
		}
		copy(t[g][0x60:0x80], t[g][0xc0:0xe0])
		copy(t[g][0xe0:0xff], t[g][0xa0:0xbf])
		t[g][0xff] = t[g][0xde]
	}
	return t
})

// petControls are the control characters that steer. Those of the case, of
// reverse and of a new line need to be remembered, and are not here.
var petControls = map[byte]string{
	0x07: "\a", 0x11: "\x1b[B", 0x13: "\x1b[H", 0x14: "\b \b", 0x1d: "\x1b[C",
	0x91: "\x1b[A", 0x93: "\x1b[2J\x1b[H", 0x9d: "\x1b[D",
	0x05: "\x1b[97m", 0x1c: "\x1b[31m", 0x1e: "\x1b[32m", 0x1f: "\x1b[34m", 0x81: "\x1b[38;5;208m", 0x90: "\x1b[30m",
	0x95: "\x1b[38;5;94m", 0x96: "\x1b[91m", 0x97: "\x1b[90m", 0x98: "\x1b[38;5;244m", 0x99: "\x1b[92m", 0x9a: "\x1b[94m",
	0x9b: "\x1b[37m", 0x9c: "\x1b[35m", 0x9e: "\x1b[93m", 0x9f: "\x1b[36m",
}

type fromPETSCII struct {
	graphic int // 1 after 8E
	reverse bool
}

func (d *fromPETSCII) Reset() { *d = fromPETSCII{} }

func (d *fromPETSCII) Transform(dst, src []byte, _ bool) (n, used int, err error) {
	for _, c := range src {
		was := *d
		text := d.one(c)
		if len(dst)-n < len(text) {
			*d = was
			return n, used, transform.ErrShortDst
		}
		n += copy(dst[n:], text)
		used++
	}
	return n, used, nil
}

func (d *fromPETSCII) one(c byte) string {
	switch c {
	case 0x0d, 0x8d:
		end := "\r\n"
		if d.reverse { // which does not outlast a line
			d.reverse, end = false, "\x1b[27m\r\n"
		}
		return end
	case 0x0e, 0x8e:
		d.graphic = int(c >> 7)
		return ""
	case 0x12, 0x92:
		if d.reverse = c == 0x12; d.reverse {
			return "\x1b[7m"
		}
		return "\x1b[27m"
	}
	if c < 0x20 || c >= 0x80 && c < 0xa0 {
		return petControls[c]
	}
	return petTables()[d.graphic][c]
}

// petBytes is how a character is typed.
var petBytes = sync.OnceValue(func() map[string]byte {
	m := map[string]byte{"\b": 0x14, "\x7f": 0x14, "\r": 0x0d, "\n": 0x0a, "\x03": 0x03, "_": 0xa4}
	for g := 1; g >= 0; g-- {
		for c := 0xdf; c >= 0x20; c-- {
			if s := petTables()[g][c]; s != "" && (c < 0x60 || c >= 0x80) { // 60 to 7F are those from C0 on once more
				m[s] = byte(c)
			}
		}
	}
	return m
})

type toPETSCII struct{ transform.NopResetter }

func (toPETSCII) Transform(dst, src []byte, atEOF bool) (n, used int, err error) {
	for used < len(src) {
		if !atEOF && !utf8.FullRune(src[used:]) {
			return n, used, transform.ErrShortSrc
		}
		_, size := utf8.DecodeRune(src[used:])
		c, ok := petBytes()[string(src[used:used+size])]
		switch {
		case !ok:
			return n, used, errPETSCII
		case n == len(dst):
			return n, used, transform.ErrShortDst
		}
		dst[n] = c
		n, used = n+1, used+size
	}
	return n, used, nil
}

var errPETSCII = errors.New("telnet: PETSCII has no such character")
