package nntp

import "testing"

// Patterns of XPAT as servers read them (NEWS-07).
func TestLikeAny(t *testing.T) {
	for _, c := range []struct {
		pattern, value string
		like           bool
	}{
		{"*go*", "let us go home", true}, {"*go*", "Go", false}, {"go", "go home", false}, {"g?", "gö", true}, {"g?", "g", false},
		{"[a-c]x", "bx", true}, {"[a-c]x", "dx", false}, {"[^a-c]x", "dx", true}, {"[^a-c]x", "ax", false}, {"[]x]", "]", true}, {"[", "[", true},
		{`\*`, "*", true}, {`\*`, "x", false}, {`\`, `\`, true}, {"a.c", "abc", false}, {"(x|y)+", "(x|y)+", true}, {"[[:alpha:]]", "a", false},
		{"*ü*", "Grüße", true}, {"[z-a]", "z", false}, {"*", "", true}, {"*", "a\nb", true}, {`[\]`, `\`, true},
	} {
		if got := likeAny([]string{c.pattern})(c.value); got != c.like {
			t.Errorf("%s, %q: %v", c.pattern, c.value, got)
		}
	}
	if like := likeAny([]string{"*wo", "*ne"}); !like("One") || !like("Two") || like("Twos") || like("Onel") {
		t.Error("several patterns")
	}
}
