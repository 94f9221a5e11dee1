//go:build unix

package main

import (
	"strings"
	"testing"
)

// colours at the prompt, their themes, and none when they are not
// wanted: by set color, by NO_COLOR, by TERM=dumb.
func TestColors(t *testing.T) {
	const red = "\x1b[31mwireline:\x1b[0m"
	p := sitWith(t, nil)
	p.sees("wireline> ")
	shows := func(line, want string) {
		t.Helper()
		p.mu.Lock()
		from := p.screen.Len()
		p.mu.Unlock()
		p.types(line + "\r")
		p.sees("exit 2)")
		p.sees("wireline> ")
		p.mu.Lock()
		got := p.screen.String()[from:]
		p.mu.Unlock()
		if !strings.Contains(got, want) {
			t.Errorf("%s: %q has no %q", line, got, want)
		}
	}
	shows("nosuch", red)
	shows("set theme light; nosuch", "\x1b[1;31mwireline:\x1b[0m")
	shows("set theme.error white on blue; nosuch", "\x1b[37;44mwireline:\x1b[0m")
	shows("unset theme.error; nosuch", "\x1b[1;31mwireline:\x1b[0m")
	shows("unset theme; nosuch", red)
	shows("set color never; nosuch", "\nwireline: unknown command")
	shows("set color always; nosuch", red)
	p.leaves()

	for _, env := range []string{"NO_COLOR=1", "TERM=dumb"} {
		p := sitWith(t, []string{env})
		p.sees("wireline> ")
		p.types("nosuch\r")
		p.sees("exit 2)")
		p.leaves()
		if p.mu.Lock(); strings.Contains(p.screen.String(), "m"+"wireline") {
			t.Errorf("%s: colours in %q", env, p.screen.String())
		}
		p.mu.Unlock()
	}
}
