package telnet

import (
	"bytes"
	"unicode/utf8"
)

// escapes tells text from the sequences that steer a terminal (ECMA-48), a
// byte at a time, however they were cut into pieces.
type escapes struct {
	in    byte // 0 in text, ESC after one, '[' in a CSI, ']' in a string such as OSC, ' ' before a last byte
	seq   []byte
	esc   bool   // within a string, an ESC that may end it
	char  []byte // of a character that has not come whole
	order func(seq []byte)
	text  func(r rune, p []byte)
}

// longest is the longest sequence that is looked at; the rest of a longer
// one is dropped.
const longest = 64

func (e *escapes) write(p []byte) {
	for _, c := range p {
		e.byte(c)
	}
}

func (e *escapes) byte(c byte) {
	switch e.in {
	case 0:
		if c == 0x1b && len(e.char) == 0 {
			e.in, e.seq = 0x1b, append(e.seq[:0], c)
			return
		}
		e.character(c)
		return
	case ']': // up to BEL or ST
		if c == 7 || e.esc && c == '\\' {
			e.in = 0
		}
		e.esc = c == 0x1b
		return
	}
	switch {
	case c == 0x1b:
		e.in, e.seq = 0x1b, append(e.seq[:0], c)
		return
	case c == 0x18 || c == 0x1a: // CAN, SUB
		e.in = 0
		return
	case c < ' ': // acts within a sequence as it does outside
		e.text(rune(c), []byte{c})
		return
	}
	if len(e.seq) < longest {
		e.seq = append(e.seq, c)
	}
	switch {
	case e.in == 0x1b && c == '[':
		e.in = '['
	case e.in == 0x1b && (c == ']' || c == 'P' || c == 'X' || c == '^' || c == '_'):
		e.in, e.esc = ']', false
	case e.in == 0x1b && c >= 0x20 && c <= 0x2f:
		e.in = ' '
	case e.in == '[' && (c < 0x40 || c == 0x7f), e.in == ' ' && c < 0x30:
	default:
		e.in = 0
		if len(e.seq) < longest {
			e.order(e.seq)
		}
	}
}

// character gathers a character of UTF-8. What is none is dropped: as a byte
// from 128 to 159 it could steer.
func (e *escapes) character(c byte) {
	e.char = append(e.char, c)
	if !utf8.FullRune(e.char) {
		return
	}
	r, n := utf8.DecodeRune(e.char)
	rest := bytes.Clone(e.char[n:])
	switch {
	case r == utf8.RuneError && n <= 1:
	case r >= 0x80 && r <= 0x9f:
	default:
		e.text(r, e.char[:n])
	}
	e.char = e.char[:0]
	for _, c := range rest {
		e.byte(c)
	}
}

// plain strips all sequences and all control characters but tabs and the ends
// of lines.
type plain struct {
	escapes
	out []byte
}

func (f *plain) strip(p []byte) []byte {
	f.out = f.out[:0]
	f.order = func([]byte) {}
	f.text = func(r rune, p []byte) {
		if r >= ' ' && r != 0x7f || r == '\n' || r == '\t' {
			f.out = append(f.out, p...)
		}
	}
	f.write(p)
	return f.out
}

// safe lets through what cannot harm a terminal: text, colours (SGR), and
// movements and erasures within the screen.
type safe struct {
	escapes
	out []byte
}

func (f *safe) filter(p []byte) []byte {
	f.out = f.out[:0]
	f.order = func(seq []byte) {
		if harmless(seq) {
			f.out = append(f.out, seq...)
		}
	}
	f.text = func(r rune, p []byte) {
		if r >= ' ' && r != 0x7f || r == '\n' || r == '\r' || r == '\t' || r == '\b' {
			f.out = append(f.out, p...)
		}
	}
	f.write(p)
	return f.out
}

// harmless reports whether a sequence is a CSI without a private mark that
// paints, moves or erases.
func harmless(seq []byte) bool {
	if len(seq) < 3 || seq[1] != '[' {
		return false
	}
	for _, c := range seq[2 : len(seq)-1] {
		if (c < '0' || c > '9') && c != ';' && c != ':' {
			return false
		}
	}
	return bytes.IndexByte([]byte("ABCDEFGHJKXdfm"), seq[len(seq)-1]) >= 0
}
