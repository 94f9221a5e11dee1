//go:build unix

package line

import (
	"testing"
	"time"

	"wireline/protocols/lab"
)

// TAB.
func TestComplete(t *testing.T) {
	g := start(t, 80, 24)
	g.ends("wl> |")
	g.keys("al\t")
	g.until("bell", func(string) bool { return g.rung() == 1 })
	g.keys("\t")
	g.ends("alpha     the first letter of the alphabet\nalfresco  outside\nwl> al|")
	g.keys("f\t!")
	g.ends("wl> alfresco!|")
	g.keys("\x15get tw\t\x1b[D.")
	g.ends("wl> get 'two words'.|")
	g.keys("\x05\x15none\t")
	g.until("bell", func(string) bool { return g.rung() > 1 })
	g.keys("\r")
	g.ends("LINE=\"none\"\nwl> |")
	g.keys("\x04")
	g.quits()
}

// A name of two columns a character, and names longer than the screen.
func TestCompleteNarrow(t *testing.T) {
	g := start(t, 20, 10)
	g.ends("wl> |")
	g.keys("文\t")
	g.ends("wl> 文件|")
	g.keys("\t\t")
	g.ends("文件甲  文件乙\nwl> 文件|")
	g.keys("甲\r")
	g.ends("LINE=\"文件甲\"\nwl> |")
	g.keys("lo\t")
	g.ends("wl> longlonglonglong\nlonglonglong|")
	g.keys("\t\t")
	g.ends("longlonglonglonglo…\nlonglonglonglonglo…\nwl> longlonglonglong\nlonglonglong|")
	g.keys("1\r")
	g.has(`onglong1"`)
	g.ends("wl> |")
	g.keys("\x04")
	g.quits()
}

// a completion that does not come in time is dropped.
func TestCompleteSlow(t *testing.T) {
	g := start(t, 80, 24)
	g.ends("wl> |")
	took := lab.Stopwatch(t)
	g.keys("slow\tx\t")
	g.ends("wl> slowx|")
	if d := took(); d > 900*time.Millisecond {
		t.Errorf("typing was held up for %v", d)
	}
	g.keys("\r\x04")
	g.has("LINE=\"slowx\"")
	g.has("bye")
}
