package gopher

import (
	"bufio"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

// read takes the end mark off what r gives.
func read(r io.Reader, size int) (got string, marked bool, err error) {
	ends := 0
	t := &text{
		in:    bufio.NewReaderSize(r, size),
		soon:  func(bool) {},
		end:   func(m bool) error { ends, marked = ends+1, m; return nil },
		close: func() error { return nil },
	}
	b, err := io.ReadAll(t)
	if err == nil && ends != 1 {
		err = errors.New("it did not end once")
	}
	return string(b), marked, err
}

// The end mark and the doubled dots, from servers that know them and from
// those that do not, however the bytes come (G02, P01, GOPH-05).
func TestText(t *testing.T) {
	for _, c := range []struct {
		in, want string
		marked   bool
	}{
		{"a\r\n.\r\n", "a\r\n", true},
		{"a\n.\n", "a\n", true},
		{".\r\n", "", true},
		{"", "", false},
		{"a", "a", false},
		{"a\r\n", "a\r\n", false},
		{"..a\r\n...\r\n..\r\n.\r\n", ".a\r\n..\r\n.\r\n", true},
		{"a\r\n.\r\nb\r\n.\r\n", "a\r\n.\r\nb\r\n", true},
		{"a\r\n.\r\n..b\r\n", "a\r\n.\r\n..b\r\n", false},
		{".a\r\n..b\r\n.\r\n", ".a\r\n..b\r\n", true},
		{"a.\r\n.\r\n", "a.\r\n", true},
		{"a\r\n.", "a\r\n", false},
		{"a\r\n.\r", "a\r\n", false},
		{"a\r\n.\rb\r\n", "a\r\n.\rb\r\n", false},
		{"\n\n.\n", "\n\n", true},
		{"x\x00.\r\n.\r\n", "x\x00.\r\n", true},
		{strings.Repeat("x", 100) + "\r\n.\r\n", strings.Repeat("x", 100) + "\r\n", true},
	} {
		for name, r := range map[string]io.Reader{
			"at once": strings.NewReader(c.in),
			"by one":  iotest.OneByteReader(strings.NewReader(c.in)),
			"by half": iotest.HalfReader(strings.NewReader(c.in)),
		} {
			got, marked, err := read(r, 16)
			if got != c.want || marked != c.marked || err != nil {
				t.Errorf("%q %s: %q, %v, %v; want %q, %v", c.in, name, got, marked, err, c.want, c.marked)
			}
		}
	}
}

// A connection that breaks is no end, not even after what looks like one (T02).
func TestTextBroken(t *testing.T) {
	reset := errors.New("reset")
	for _, in := range []string{"", "a\r\n", "a\r\n.", "a\r\n.\r", "a\r\n.\r\n"} {
		_, _, err := read(io.MultiReader(strings.NewReader(in), iotest.ErrReader(reset)), 16)
		if !errors.Is(err, reset) {
			t.Errorf("%q and then a reset: %v", in, err)
		}
	}
}

// A text does not depend on how its bytes come.
func FuzzText(f *testing.F) {
	for _, seed := range []string{"a\r\n.\r\n", "..a\n.\nb", ".\r.\n..\r\n", "a\n..\n.\r\n.\r\n", strings.Repeat("\n.", 20)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, in string) {
		whole, marked, err := read(strings.NewReader(in), 4096)
		if err != nil || len(whole) > len(in) {
			t.Fatalf("%q: %d bytes, %v", in, len(whole), err)
		}
		for _, r := range []io.Reader{iotest.OneByteReader(strings.NewReader(in)), iotest.HalfReader(strings.NewReader(in))} {
			if got, m, err := read(r, 16); got != whole || m != marked || err != nil {
				t.Fatalf("%q: %q, %v at once, and %q, %v, %v bit by bit", in, whole, marked, got, m, err)
			}
		}
		if plain := !strings.HasPrefix(in, ".") && !strings.Contains(in, "\n."); plain && whole != in {
			t.Fatalf("%q, which has no dots, became %q", in, whole)
		}
	})
}
