package repl

import (
	"slices"
	"testing"
)

// A pender would delete at its end.
type pender struct {
	fake
	what string
}

func (p *pender) Pending() string { return p.what }

// GRAMMAR §2: what leaving would carry out or end is told before.
func TestUnfinishedBusiness(t *testing.T) {
	sh := testShell()
	s := sh.fakeSession("tcp", "h:1")
	p := &pender{what: "delete 2 messages"}
	s.Session = p
	sh.fakeSession("tcp", "h:2")
	j := &job{id: 1, done: make(chan struct{})}
	sh.jobs = append(sh.jobs, j)
	if got, want := sh.unfinishedBusiness(), []string{"closing [1] tcp h:1 will delete 2 messages", "1 job runs"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	close(j.done)
	p.what = ""
	if got := sh.unfinishedBusiness(); len(got) > 0 {
		t.Errorf("%q", got)
	}
	p.what = "delete 2 messages"
	s.using.Lock() // a job uses it
	if got := sh.unfinishedBusiness(); len(got) > 0 {
		t.Errorf("a busy session was asked: %q", got)
	}
}
