package repl

import (
	"slices"
	"strings"
	"testing"
)

// RAW-24: a regular expression may have blanks in it.
func TestExpectBlanks(t *testing.T) {
	for _, c := range []struct{ line, want string }{
		{`/\$ /`, `/\$ /`},
		{`/login: /`, `/login: /`},
		{`/a/ /b c d/i e`, `/a/|/b c d/i|e`},
		{`/tmp is a path`, `/tmp|is|a|path`},
		{`/tmp/x and /y/`, `/tmp/x and /y/`},
		{`/a\/ b/`, `/a\/ b/`},
		{`one two`, `one|two`},
		{`//`, `//`},
		{`/`, `/`},
	} {
		if got := joined(strings.Split(c.line, " ")); strings.Join(got, "|") != c.want {
			t.Errorf("%s: %q, want %q", c.line, got, c.want)
		}
	}
	re, err := pattern(joined([]string{`/\$`, `/`})[0])
	if err != nil || !slices.Equal(re.FindStringIndex("lab$ "), []int{3, 5}) {
		t.Errorf("%v, %v", re, err)
	}
}
