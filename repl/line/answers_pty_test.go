//go:build unix

package line

import (
	"strings"
	"testing"
)

// TRUST X02: what a terminal types by itself, in answer to what a server made
// it believe, is no command: neither at the prompt, nor while a command runs.
func TestAnswersAreNoCommands(t *testing.T) {
	answers := "\x1b[24;80R\x1b[?62;c\x1bP1$r0m\revil\r\x1b\\\x1b]l\revil\r\x1b\\\x1b]52;c;evil\r\x07\x1b_evil\r\x1b\\\x1b[0n"
	g := start(t, 80, 24)
	g.ends("wl> |")
	g.keys(answers + "x\r")
	g.ends("LINE=\"x\"\nwl> |")
	g.keys("hold\r")
	g.has("holding")
	g.keys(answers)
	g.event("GO")
	g.keys("y\r")
	g.ends("LINE=\"y\"\nwl> |")

	// Text that a person wants to see as it is may ask what it likes. What
	// comes then is dropped up to the answer to our own question.
	g.keys("settle\r")
	g.until("question", func(string) bool { return strings.Count(g.output(), "\x1b[5n") == 1 })
	g.keys("\x1b[1;9R" + "evil\r" + "\x1b[0n" + "z\r")
	g.ends("LINE=\"z\"\nwl> |")
	if s := g.output(); strings.Contains(s, "LINE=\"evil") || strings.Contains(s, "\x1b]") {
		t.Errorf("an answer was run: %q", s)
	}
	g.keys("settle\revil\r") // a terminal that does not answer
	g.until("question", func(string) bool { return strings.Count(g.output(), "\x1b[5n") == 2 })
	g.ends("wl> |")
	g.keys("\x04")
	g.quits()
}
