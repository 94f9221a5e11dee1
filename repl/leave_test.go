package repl

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/wire"
)

// A pender would delete at its end.
type pender struct {
	fake
	what string
	take time.Duration
	err  error
}

// Close takes its time, and tells how it was ended.
func (p *pender) Close() error {
	time.Sleep(p.take)
	return p.err
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

// A session that has something to carry out is given the time it takes, and
// what comes of it counts, unlike a goodbye (T04).
func TestDue(t *testing.T) {
	for _, what := range []string{"", "delete 2 messages"} {
		sh := testShell()
		var said bytes.Buffer
		sh.Out, sh.Err = &said, &said
		s := sh.fakeSession("tcp", "h:1")
		s.wire = &wire.Dialer{Limits: wire.Limits{Goodbye: time.Millisecond}}
		s.Session = &pender{what: what, take: 50 * time.Millisecond, err: fault.New(fault.Refused, "some were not deleted")}
		err := sh.Close()
		if told := strings.Contains(said.String(), "some were not deleted"); told != (what != "") || (err != nil) != told {
			t.Errorf("%q pending: %v, %q", what, err, said.String())
		}
	}
	sh := testShell()
	s := sh.fakeSession("tcp", "h:1")
	s.Session = &pender{what: "delete 2 messages", err: fault.New(fault.Refused, "no")}
	if err := sh.finish(context.Background(), s, true); fault.Of(err) != fault.Refused {
		t.Error(err)
	}
}
