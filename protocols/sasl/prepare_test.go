package sasl

import (
	"testing"

	"github.com/xdg-go/stringprep"
)

// The examples of RFC 4013, section 3.
func TestPrepare(t *testing.T) {
	for in, want := range map[string]string{
		"I\u00adX": "IX", "user": "user", "USER": "USER", "\u00aa": "a", "\u2168": "IX",
		"p\u00a0w": "p w", "e\u0301": "é", "\u0007": "", "\u06271": "", "": "",
	} {
		if got, ok := saslprep(in); got != want && ok || ok == (want == "" && in != "") {
			t.Errorf("%q: %q, %v", in, got, ok)
		}
	}
	if got := prepare("\u0007"); got != "\u0007" {
		t.Errorf("what is not allowed became %q", got)
	}
}

// Every code point, in the middle of a text and by itself, as another
// implementation has it: all that Unicode 3.2 knows, since that one's tables
// end there.
func TestPrepareAll(t *testing.T) {
	known := stringprep.Profile{CheckBiDi: true, Prohibits: []stringprep.Set{stringprep.TableA1}}
	wrong := 0
	for r := rune(0); r <= 0x10ffff; r++ {
		if r >= 0xd800 && r < 0xe000 || r == 0x1806 || r == 0x200b {
			// Surrogates; one that is in B.1 and not in that implementation;
			// and one that is in B.1 and in C.1.2, which libidn, too, makes a
			// space.
			continue
		}
		if _, err := known.Prepare(string(r)); err != nil && stringprep.TableA1.Contains(r) {
			continue
		}
		for _, s := range []string{string(r), "a" + string(r) + "b"} {
			want, err := stringprep.SASLprep.Prepare(s)
			got, ok := saslprep(s)
			if ok != (err == nil) || ok && got != want {
				if wrong++; wrong < 20 {
					t.Errorf("%U in %q: %q, %v; want %q, %v", r, s, got, ok, want, err)
				}
			}
		}
	}
	if wrong > 0 {
		t.Errorf("%d are wrong", wrong)
	}
}
