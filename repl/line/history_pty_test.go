//go:build unix

package line

import (
	"path/filepath"
	"testing"
)

// arrows and ^R, over two runs.
func TestHistory(t *testing.T) {
	history := filepath.Join(t.TempDir(), "history")
	g := start(t, 80, 24, "LINE_TEST_HISTORY="+history)
	g.ends("wl> |")
	g.keys("first\rsecond one\r\"two\rrows\"\r")
	g.ends(`LINE="\"two\nrows\""` + "\nwl> |")
	g.keys("\x04")
	g.quits()

	g = start(t, 80, 24, "LINE_TEST_HISTORY="+history)
	g.ends("wl> |")
	g.keys("dra\x10")
	g.ends("wl> \"two␤rows\"|")
	g.keys("\x1b[A\x1bOA")
	g.ends("wl> first|")
	g.keys("\x1b[A\x1b[B\x1b[B\x1b[B\x0e")
	g.ends("wl> dra|")
	g.keys("\x12s")
	g.ends("history 's': \"two␤row|s\"")
	g.keys("\x12")
	g.ends("history 's': |second one")
	g.keys("t")
	g.ends("history 'st': fir|st")
	g.keys("x")
	g.ends("not in history 'stx': fir|st")
	g.keys("\x7f\x7f\x12")
	g.ends("history 's': |second one")
	g.keys("\x07")
	g.ends("wl> dra|")
	g.keys("\x12fir\x03")
	g.ends("wl> dra|")
	g.keys("\x12on\x05!")
	g.ends("wl> second one!|")
	g.keys("\x15\x12fir\r")
	g.ends("LINE=\"first\"\nwl> |")
	g.keys("\x10\x10\x10\r") // "two … comes back as it was
	g.ends(`LINE="second one"` + "\nwl> |")
	g.keys("\x12two\r")
	g.ends(`LINE="\"two\nrows\""` + "\nwl> |")
	g.keys("\x12\x04\x15\x04")
	g.quits()
}
