package syntax

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func seeds(f *testing.F) {
	for _, s := range []string{
		"ls -l; @3 cat <x@y> > out 2> err | less &", "let x = $(a \"b $c\" 'd') # e\n!f", "data <<E && x\n$a \\$\nE\n",
		"- assert a < b || send \"\\x41\\u{e9}\" \\\n +\\Seen", "x $($($( \"$(a <<b", "a\r\n'b\r\nc'\r",
	} {
		f.Add(s)
	}
}

// Parse does not panic, and every place it names is inside the text.
func FuzzParse(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, text string) {
		s, err := Parse("f", text)
		if err != nil {
			var e *Error
			if !errors.As(err, &e) || s != nil {
				t.Fatalf("%v, %v", s, err)
			}
			lines := strings.Split(text, "\n")
			if e.Line < 1 || e.Line > len(lines) || e.Col < 1 || e.Col > len(lines[e.Line-1])+1 {
				t.Fatalf("%q: %v is outside", text, err)
			}
			return
		}
		inside(t, text, s)
	})
}

func inside(t *testing.T, text string, s *Script) {
	word := func(w Word) {
		if !strings.HasPrefix(text[w.Pos.Offset:], w.Text) {
			t.Fatalf("%q: word %q is not at %v", text, w.Text, w.Pos)
		}
		for _, p := range w.Parts {
			if sub, ok := p.(Sub); ok {
				inside(t, text, sub.Script)
			}
		}
	}
	for _, l := range s.Lines {
		if !strings.HasPrefix(text[l.Pos.Offset:], l.Text) || len(l.Items) == 0 || l.Text == "" {
			t.Fatalf("%q: line %q is not at %v", text, l.Text, l.Pos)
		}
		for _, it := range l.Items {
			c := it.Cmd
			if !strings.HasPrefix(text[c.Pos.Offset:], c.Text) || len(c.Words) == 0 && c.Shell == "" {
				t.Fatalf("%q: command %q is not at %v", text, c.Text, c.Pos)
			}
			for _, w := range c.Words {
				word(w)
			}
			for _, r := range c.Redirs {
				word(r.File)
			}
			if c.Here != nil {
				word(c.Here.Body)
			}
		}
	}
}

// What Quote writes, Parse reads back, whatever it is, and on one line.
func FuzzQuote(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, text string) {
		q := Quote(text)
		if len(q) > MaxLine-4 {
			return // no line is so long
		}
		s, err := Parse("", "x "+q+" y")
		if err != nil || len(s.Lines) != 1 || len(s.Lines[0].Items) != 1 {
			t.Fatalf("%s: %v", q, err)
		}
		w := s.Lines[0].Items[0].Cmd.Words
		if got, ok := w[1].Literal(); len(w) != 3 || !ok || got != text {
			t.Fatalf("%q is written %s and read %q", text, q, got)
		}
		if strings.ContainsAny(q, "\r\n\x1b\x00") {
			t.Fatalf("%q has control characters", q)
		}
	})
}

func FuzzAt(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, text string) {
		for _, pos := range []int{len(text), len(text) / 2, 1} {
			if c := At(text, pos); c.Start < 0 || c.Start > len(text) {
				t.Fatalf("%q: start %d", text, c.Start)
			}
		}
	})
}

// Reading takes time in proportion to the text, whatever is in it.
func TestParseIsLinear(t *testing.T) {
	for _, unit := range []string{
		"a ", "a;", "a; ", `a"b" `, `a"`, "$a ", `"$" `, "a <<E\nE\n", "'", "$(a ", "a) ", "(", "<", "a \\\n", "é ", "x <x ", "$'", "$'a' ",
	} {
		for _, head := range []string{"x ", "x <<E\n", "x \"", "x $("} {
			took := func(n int) time.Duration {
				text := head + strings.Repeat(unit, n/len(unit))
				start := time.Now()
				_, _ = Parse("", text)
				At(text, len(text))
				return time.Since(start)
			}
			// Four times the text in sixteen times the time would be quadratic.
			// What is quadratic is so each time; a busy machine is not.
			var quarter, whole time.Duration
			for range 5 {
				if quarter, whole = took(15000), took(60000); whole <= 9*quarter+time.Second {
					break
				}
			}
			if whole > 9*quarter+time.Second {
				t.Errorf("%q, %q: %v for 60000 bytes, %v for a quarter of them", head, unit, whole, quarter)
			}
		}
	}
}
