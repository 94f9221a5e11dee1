//go:build unix

package main

import (
	"strings"
	"testing"
)

// X05, X-39: what is longer than the screen is shown by a pager, what is not
// is not; and the prompt is there again after it.
func TestPager(t *testing.T) {
	p := sit(t)
	p.sees("wireline> ")
	p.types("set pager 'sed s/^/PAGED:/'\r")
	p.sees("wireline> ")
	p.types("help\r")
	p.sees("PAGED:tcp")
	p.sees("PAGED:tour")
	p.sees("wireline> ")
	p.types("echo short\r")
	if got := p.sees("\nshort\r\n"); strings.Contains(got, "PAGED") {
		t.Errorf("%q", got)
	}
	p.types("set pager 'head -2'\r")
	p.sees("wireline> ")
	p.types("help; echo after $?\r")
	p.sees("after 0\r\n")
	p.types("set pager off; help\r")
	p.sees("\ntour")
	p.sees("wireline> ")
	p.leaves()
}

// X05: ^C ends output that would go on.
func TestInterruptOutput(t *testing.T) {
	p := sit(t)
	p.sees("wireline> ")
	p.types("listen tcp :0 --chargen\r")
	p.sees("listening on 127.0.0.1:")
	addr := strings.TrimSuffix(p.sees(" "), " ")
	p.types("connect tcp 127.0.0.1 " + addr + "; recv --all\r")
	p.sees("!\"#$%&'()*+,-./0123456789")
	p.types("\x03")
	p.sees("interrupted")
	p.sees("> ")
	p.leaves()
}
