package line

import (
	"strings"
	"testing"
)

// A character that is typed behind the line costs one write of itself; what
// changes anything else is drawn anew.
func TestAppend(t *testing.T) {
	var out strings.Builder
	d := &display{w: &out, ansi: true, cols: 10, height: 24}
	d.open("> ")
	say := func(line string, pos int, alone bool) {
		t.Helper()
		out.Reset()
		before := len(d.line)
		d.draw("> ", []rune(line), pos)
		if got := out.String(); alone && got != string([]rune(line)[before:]) || !alone && !strings.HasPrefix(got, "\r") {
			t.Errorf("%s: %q is written", line, got)
		}
	}
	say("a", 1, true)
	say("ab", 2, true)
	say("ab文", 3, true)
	say("ab文e", 4, true)
	say("ab文e\u0301", 5, false)  // the cell before has changed
	say("ab文e\u0301x", 5, false) // the cursor is not behind it
	say("ab文e\u0301xy", 7, false)
	say("ab文e\u0301xyz", 8, false) // the row is full
	say("ab", 2, false)
	if d.col != 4 || d.row != 0 {
		t.Errorf("the cursor is thought at %d,%d", d.row, d.col)
	}
}
