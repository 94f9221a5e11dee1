package mail

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestSet(t *testing.T) {
	for words, want := range map[string]string{
		"5": "[5]", "1:3,9": "[1 2 3 9]", "3:1": "[1 2 3]", "2-4": "[2 3 4]", "8:*": "[8 9]", "*": "[9]", "10:*": "[]",
		"all": "[1 2 3 4 5 8 9]", "last 2": "[8 9]", "last": "[9]", "last 100": "[1 2 3 4 5 8 9]", "1 5": "[1 5]", "1:4294967295": "[1 2 3 4 5 8 9]", "7": "[]",
		"0": "!", "x": "!", "1:x": "!", "-1": "!", "last 0": "!", "last 1 2": "!", "1,,2": "!", "4294967296": "!", "+1": "!", "": "!",
	} {
		s, err := ParseSet(strings.Split(words, " ")...)
		got := "!"
		if err == nil {
			got = fmt.Sprint(s.Of([]uint32{1, 2, 3, 4, 5, 8, 9}))
		}
		if got != want {
			t.Errorf("%q: %s, want %s", words, got, want)
		}
	}
	s, _ := ParseSet("1:4294967295,7,2")
	began := worked()
	if s.String() != "1:4294967295,7,2" || s.Missing([]uint32{1, 2}) != 7 || worked()-began > time.Second {
		t.Errorf("%s lacks %d after %v", s, s.Missing([]uint32{1, 2}), worked()-began)
	}
	if n, ok := s.Single(); ok {
		t.Error(n)
	}
}

func TestSplitPart(t *testing.T) {
	for word, want := range map[string]string{"3": "3 ", "3.2": "3 2", "3.2.1": "3 2.1", "3.": "!", "3.x": "!", "3.0": "!", "3.*": "!"} {
		m, p, err := SplitPart(word)
		got := m + " " + p
		if err != nil {
			got = "!"
		}
		if got != want {
			t.Errorf("%q: %q, want %q", word, got, want)
		}
	}
}

func FuzzSet(f *testing.F) {
	f.Add("1:3,9 last 2")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := ParseSet(strings.Fields(text)...)
		if err != nil || s.Last > 0 {
			return
		}
		again, err := ParseSet(strings.Fields(s.String())...)
		if err != nil || again.String() != s.String() {
			t.Errorf("%q is %s, which reads as %s, %v", text, s, again, err)
		}
	})
}
