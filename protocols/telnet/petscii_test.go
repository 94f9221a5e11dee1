package telnet

import (
	"strings"
	"testing"

	"wireline/protocols/fault"
)

// TEL-08: PETSCII, whole and in pieces: letters of both cases, graphics,
// colours and movements.
func TestPETSCII(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"case", "\xc8ELLO, \xd7ORLD", "Hello, World"},
		{"signs", "\\^_@[]!", "£↑←@[]!"},
		{"the upper half twice", "\xc1\xc2 \x61\x62", "AB AB"},
		{"blocks", "\xa1\xa2\xa6\xac\xbf\xe1\xff", "▌▄▒▗▚▌\U0001FB96"},
		{"lines", "\xb0\xc0\xae\xdd\xad\xbd", "┌─┐│└┘"},
		{"graphics", "\x8eA\xc1\xd3\xa9\xde\x0eA", "A♠♥◤πa"},
		{"colours", "\x05\x1c\x9e\x1f", "\x1b[97m\x1b[31m\x1b[93m\x1b[34m"},
		{"movements", "\x93\x13\x11\x91\x1d\x9d", "\x1b[2J\x1b[H\x1b[H\x1b[B\x1b[A\x1b[C\x1b[D"},
		{"reverse ends with the line", "\x12A\x92B\x12C\rD\r", "\x1b[7ma\x1b[27mb\x1b[7mc\x1b[27m\r\nd\r\n"},
		{"what has no meaning", "\x00\x02\x0a\x80", ""},
		{"much of it", strings.Repeat("\x93\x81", 500), strings.Repeat("\x1b[2J\x1b[H\x1b[38;5;208m", 500)},
	} {
		whole, _ := newCharset("petscii")
		pieces, _ := newCharset("petscii")
		if got := string(whole.decode([]byte(c.in))); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		got := ""
		for i := range len(c.in) {
			got += string(pieces.decode([]byte{c.in[i]}))
		}
		if got != c.want {
			t.Errorf("%s, in pieces: %q, want %q", c.name, got, c.want)
		}
	}
}

// What is typed comes out again; what a Commodore cannot write is an error.
func TestPETSCIITyped(t *testing.T) {
	s, p := pipe(t, "--encoding", "PETSCII")
	must(t, s, "send", "Hi @ ▒ £\r")
	p.hears("200 73 32 64 32 166 32 92 13 0")
	wantKind(t, s, fault.BadArgument, `'é' cannot be written in petscii`, "send", "é")
	if got := s.eol(""); got != "\r" {
		t.Errorf("a line ends in %q", got)
	}
	for b := 0x20; b < 0x100; b++ {
		if b >= 0x80 && b < 0xa0 {
			continue
		}
		p, err := s.cs.encode(s.cs.decode([]byte{byte(b)}))
		q := s.cs.decode(p)
		if err != nil || len(p) != 1 || string(q) != petTables()[0][b] {
			t.Errorf("%#x is %q, typed %x, %v", b, q, p, err)
		}
	}
}
