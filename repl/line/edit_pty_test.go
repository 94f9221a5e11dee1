//go:build unix

package line

import (
	"strings"
	"testing"

	"github.com/creack/pty"
)

func TestEdit(t *testing.T) {
	for _, c := range []struct{ name, keys, want string }{
		{"typed", "abc\r", `"abc"`},
		{"Home and End of three kinds", "b\x1b[Ha\x1b[Fc\x1b[1~_\x1b[4~d\x1bOHx\x1bOFy\r", `"x_abcdy"`},
		{"Delete within the line", "abc\x01\x1b[3~\r", `"bc"`},
		{"Delete on an empty line is not the end", "\x1b[3~x\r", `"x"`},
		{"Ctrl and arrow", "foo bar\x1b[1;5DX\r", `"foo Xbar"`},
		{"Alt and arrow", "foo bar\x1b[1;3D\x1b[1;3DX\r", `"Xfoo bar"`},
		{"Alt-b, Alt-f, Alt-d", "one two three\x1bb\x1bb\x1bd\x1bf!\r", `"one  three!"`},
		{"kill and yank", "one ftp://two\x17\x01\x19\r", `"ftp://twoone "`},
		{"words beyond ASCII", "où est l'été\x1bb\x1bd\x01\x1bf\x19\r", `"oùété est l'"`},
		{"kill to either end", "abcdef\x02\x02\x0b\x02\x15x\x19\r", `"xabcd"`},
		{"transpose", "ab\x14c\r", `"bac"`},
		{"transpose one character", "a\x14b\r", `"ab"`},
		{"a grapheme is deleted as one", "x👨‍👩‍👧\x7fy\r", `"xy"`},
		{"and passed as one", "e\u0301\x1b[Dx\r", `"xe` + "\u0301" + `"`},
		{"control characters are dropped", "a\x00\x0f\x1eb\r", `"ab"`},
		{"answers of the terminal are not typed", "a\x1b[?62;c\x1bP1$r0m\rls\r\x1b\\\x1b]11;rgb:0/0/0\x07b\r", `"ab"`},
		{"a click is not Enter", "a\x1b[M !!b\r", `"ab"`},
		{"broken UTF-8", "a\xffb\xe6\x96z\r", "\"a\uFFFDb\uFFFD\uFFFDz\""},
		{"stand-ins cannot be typed", "a\uFDD4\uFDD0b\r", "\"a\uFFFD\uFFFDb\""},
		{"more lines for an open quote", "\"a\rb\"\r", `"\"a\nb\""`},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := start(t, 80, 24)
			g.ends("wl> |")
			g.keys(c.keys)
			g.ends("LINE=" + c.want + "\nwl> |")
			g.keys("\x04")
			g.quits()
		})
	}
}

// SGR in the prompt takes no columns, and long lines wrap where they should.
func TestWrap(t *testing.T) {
	g := start(t, 20, 6)
	g.ends("wl> |")
	g.keys("0123456789abcde")
	g.ends("wl> 0123456789abcde|")
	g.keys("f")
	g.ends("wl> 0123456789abcdef\n|")
	g.keys("g")
	g.ends("wl> 0123456789abcdef\ng|")
	g.keys("\x01")
	g.ends("wl> |0123456789abcdef\ng")
	g.keys("文")
	g.ends("wl> 文|0123456789abcd\nefg")
	g.keys("x")
	g.ends("wl> 文x|0123456789abc\ndefg")
	g.keys("\x05文字文字文字文字文")
	g.ends("defg文字文字文字文字\n文|")
	g.keys("\x15" + strings.Repeat("0123456789", 20))
	g.ends("2345\n6789|") // more than the screen has: the end is shown
	g.keys("\x01")
	g.until("beginning", func(s string) bool { return strings.Contains(s, "wl> |0123456789012345") })
	g.keys("\x15\x0b\x04")
	g.quits()
}

func TestResize(t *testing.T) {
	g := start(t, 40, 10)
	g.ends("wl> |")
	g.keys("0123456789abcdefghij\x1b[D")
	g.ends("wl> 0123456789abcdefghi|j")
	g.mu.Lock()
	g.vt = newVT(20, 10) // as a terminal that lays the rows out anew
	g.vt.Write([]byte("wl> 0123456789abcdefghij\b"))
	g.mu.Unlock()
	if err := pty.Setsize(g.f, &pty.Winsize{Rows: 10, Cols: 20}); err != nil {
		t.Fatal(err)
	}
	g.keys("X")
	g.ends("wl> 0123456789abcdef\nghiX|j")
	if s := g.screen(); strings.Count(s, "wl>") != 1 {
		t.Errorf("the prompt is there twice:\n%s", s)
	}
	g.keys("\r\x04")
	g.quits()
}

//
func TestNotice(t *testing.T) {
	g := start(t, 20, 10)
	g.ends("wl> |")
	g.keys("a line of two rows to type\x1b[D\x1b[D")
	g.ends("wl> a line of two ro\nws to ty|pe")
	g.event("1 new message")
	g.ends("1 new message\nwl> a line of two ro\nws to ty|pe")
	g.event("a notice that is longer than a row")
	g.ends("a notice that is lon\nger than a row\nwl> a line of two ro\nws to ty|pe")
	g.keys("X\r")
	g.has(`LINE="a line of two`)
	g.ends("wl> |")
	g.keys("wait\r")
	g.ends("waiting\n|")
	g.event("while busy")
	g.ends("waiting\nwhile busy\n|")
	g.keys("\x03")
	g.ends("cancelled\nwl> |")
	g.keys("\x04")
	g.quits()
}

func TestNotices(t *testing.T) {
	g := start(t, 80, 24)
	g.ends("wl> |")
	for range 50 {
		g.keys("ab\x1b[Dc\x7f")
		g.event("notice")
	}
	want := strings.Repeat("a", 50) + "|" + strings.Repeat("b", 50)
	g.until("line with all notices above", func(s string) bool {
		return strings.Count(s, "notice\n") == 50 && strings.Contains(strings.ReplaceAll(s, "\n", ""), "wl> "+want)
	})
	g.keys("\x03")
	g.ends("^C\nwl> |")
	g.keys("\x04")
	g.quits()
}

func TestPaste(t *testing.T) {
	g := start(t, 80, 24)
	g.until("bracketed paste", func(string) bool { return g.marked() })
	g.keys("\x1b[200~one\rtwo\tx\r\n\x1b[201~")
	g.ends("wl> one␤two␉x␤|")
	g.keys("\x7f\r") // nothing ran before the Enter
	g.ends("wl> one␤two␉x\nLINE=\"one\"\nwl> two x\nLINE=\"two\\tx\"\nwl> |")
	g.keys("\x1b[200~put <<EOF\nbody\nEOF\nls\x1b[201~\r")
	g.ends("LINE=\"put <<EOF\\nbody\\nEOF\"\nwl> ls\nLINE=\"ls\"\nwl> |")
	g.keys("\x1b[200~wait\nnever\x1b[201~\r")
	g.has("waiting")
	g.keys("\x03")
	g.ends("cancelled\nwl> |")
	if strings.Contains(g.screen(), "LINE=\"never\"") {
		t.Error("^C did not drop the rest of the paste")
	}
	g.keys("\x1b[A\x1b[A\x1b[A\x1b[200~\x1b[31m\x03x\x1b[201~")
	g.ends("wl> put <<EOF␤body␤EOF[31mx|")
	g.keys("\x03\x04")
	g.quits()
	g.until("end of bracketed paste", func(string) bool { return !g.marked() })
}
