package line

import (
	"strings"
	"testing"
)

func TestVisible(t *testing.T) {
	for in, want := range map[string]string{
		"plain 文 é 👨‍👩‍👧": "plain 文 é 👨‍👩‍👧",
		"a\x1b[31mb":      "a^[[31mb",
		"\x7f\u009b":      "^?\\x9b",
		"ab\u202Ecd":      "ab<U+202E>cd", // X03
		"z\u200Bw":        "z<U+200B>w",
		"bad\xff":         "bad\uFFFD",
		"one\ntwo\t":      "one\ntwo\t",
	} {
		if got := visible(in); got != want {
			t.Errorf("visible(%q) is %q, want %q", in, got, want)
		}
	}
}

func TestWidth(t *testing.T) {
	for s, want := range map[string]int{
		"\x1b[1;32mab\x1b[0m> ": 4, "文件": 4, "ｆ": 2, "😀": 2, "👨‍👩‍👧": 2, "🇩🇪": 2, "e\u0301": 1, "\x1b[": 0,
	} {
		if got := width(s); got != want {
			t.Errorf("width(%q) is %d, want %d", s, got, want)
		}
	}
}

func TestList(t *testing.T) {
	words := func(s string) (cs []Candidate) {
		for _, f := range strings.Fields(s) {
			cs = append(cs, Candidate{Text: f})
		}
		return cs
	}
	for _, c := range []struct {
		words      []Candidate
		cols, rows int
		want       string
	}{
		{words("a b c d e"), 80, 10, "a  b  c  d  e\n"},
		{words("aaa b c d e"), 10, 10, "aaa  d\nb    e\nc\n"},
		{words("文件 ab"), 20, 10, "文件  ab\n"},
		{words("longer-than-the-screen"), 10, 10, "longer-t…\n"},
		{words("a b c d e f"), 2, 3, "a\nb\nc\n…\n"},
		{[]Candidate{{Text: "get", Help: "fetch a file"}, {Text: "x", Label: "label"}}, 40, 10, "get    fetch a file\nlabel\n"},
		{[]Candidate{{Text: "get", Help: "fetch a file from far away"}}, 20, 10, "get  fetch a file …\n"},
		{[]Candidate{{Text: "esc\x1b[2J"}}, 20, 10, "esc^[[2J\n"},
	} {
		if got := list(c.words, c.cols, c.rows); got != c.want {
			t.Errorf("%v in %d columns:\n%swant\n%s", c.words, c.cols, got, c.want)
		}
	}
}

func TestCommon(t *testing.T) {
	for want, words := range map[string][]string{
		"al": {"alpha", "alfa"}, "文": {"文件", "文字"}, "": {"a", "b"}, "same": {"same", "same"}, "a": {"a", "ab"},
	} {
		var cs []Candidate
		for _, w := range words {
			cs = append(cs, Candidate{Text: w})
		}
		if got := common(cs); got != want {
			t.Errorf("common(%q) is %q", words, got)
		}
	}
}

// The drawing never leaves the cursor beyond the last column.
func FuzzLayout(f *testing.F) {
	f.Add("> ", "some text 文件 👨‍👩‍👧 \u202E", 5, 10)
	f.Add("\x1b[1mlong prompt\x1b[0m> ", "x\uFDD0y\u0301", 2, 1)
	f.Fuzz(func(t *testing.T, prompt, line string, pos, cols int) {
		if cols < 1 || cols > 200 || strings.ContainsAny(prompt, "\n\r\b\t\x1b") {
			return
		}
		d := &display{prompt: visible(prompt), line: cells([]rune(line)), cols: cols, height: 24}
		d.pos = max(0, min(pos, len(d.line)))
		l := d.layout()
		if l.col < 0 || l.col >= cols || l.row < 0 || l.row >= len(l.widths) || len(l.widths) > 24 {
			t.Fatalf("the cursor is at %d,%d of %d rows, %d columns", l.row, l.col, len(l.widths), cols)
		}
		n := 0
		for _, c := range d.line {
			n += c.runes
		}
		if n != len([]rune(line)) {
			t.Fatalf("the cells hold %d runes of %d", n, len([]rune(line)))
		}
	})
}
