package gopher

import (
	"io"
	"strings"
	"testing"
)

// Names and texts in the encodings that gopherspace has (GOPH-05, X04).
func TestDecode(t *testing.T) {
	for _, c := range []struct{ encoding, in, want string }{
		{auto, "plain", "plain"},
		{auto, "grüße", "grüße"},
		{"", "gr\xfc\xdfe", "grüße"},
		{auto, "caf\xe9", "café"},
		{auto, "\x81ber", "über"},
		{auto, "\xc9\xcd\xcd\xcd\xbb", "╔═══╗"},
		{auto, "\xb0\xb0\xb1\xb1\xb2\xb2", "░░▒▒▓▓"},
		{latin1, "\xc9\xcd\xcd\xcd\xbb", "ÉÍÍÍ»"},
		{cp437, "gr\x81\xe1e", "grüße"},
		{cp437, "\xff\x9b", "\u00a0¢"},
		{utf, "caf\xe9", "caf\xe9"},
		{latin1, "é", "Ã©"},
	} {
		if got := decode(c.encoding, c.in); got != c.want {
			t.Errorf("%s %q: %q, want %q", c.encoding, c.in, got, c.want)
		}
	}
	if n := len(high437); n != 128 {
		t.Errorf("the upper half of CP437 has %d characters", n)
	}
}

func TestGuess(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", utf}, {"plain", utf}, {"grüße", utf}, {"cut off in gr\xc3", utf}, {"gr\xfc\xdfe und mehr", latin1},
		{"\xda\xc4\xc4\xc4\xbf", cp437}, {"\x80\x81 ", cp437},
	} {
		if got := guess([]byte(c.in)); got != c.want {
			t.Errorf("%q: %s, want %s", c.in, got, c.want)
		}
	}
}

func TestDecoder(t *testing.T) {
	in := strings.Repeat("\xc9\xcd\xbb plain ", 20000)
	d := &decoder{ReadCloser: io.NopCloser(strings.NewReader(in)), encoding: cp437}
	got, err := io.ReadAll(d)
	if want := strings.Repeat("╔═╗ plain ", 20000); err != nil || string(got) != want {
		t.Errorf("%d bytes, %v; want %d", len(got), err, len(want))
	}
}
