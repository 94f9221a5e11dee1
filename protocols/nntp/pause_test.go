package nntp_test

import (
	"context"
	"testing"
	"time"

	"wireline/protocols/fault"
)

// While watch waits, other verbs have the session; nobody has it while watch
// speaks, and a second watch is refused (NEWS-12).
func TestWatchMakesWay(t *testing.T) {
	u := play(t, hail+`C: GROUP g.x
S: 211 1 1 1 g.x
C: DATE
S: 111 20260101000000
C: GROUP g.x
S: 211 2 1 2 g.x
C: OVER 2
S: 224 overview
S: 2	New	ann@x	Fri, 2 Jan 2026 00:00:00 +0000	<2@x>		10	1
S: .
`+bye)
	if _, ok := u.Pause(t.Context()); ok {
		t.Error("a session that does not wait can be paused")
	}
	type result struct {
		text string
		err  error
	}
	done := make(chan result)
	go func() {
		text, err := u.do("watch g.x --every 0.2 --count 1")
		done <- result{text, err}
	}()
	var resume func()
	for ok := false; !ok; {
		if resume, ok = u.Pause(t.Context()); !ok {
			time.Sleep(time.Millisecond)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, ok := u.Pause(ctx); ok {
		t.Error("two have the session at once")
	}
	time.Sleep(300 * time.Millisecond) // watch would look by now
	has(t, "date", u.must("date"), "2026-01-01")
	resume()
	r := <-done
	if r.err != nil {
		t.Fatal(r.err)
	}
	has(t, "watch", r.text, "2\t2026-01-02", "New")
	if _, ok := u.Pause(t.Context()); ok {
		t.Error("a session that does not wait any more can be paused")
	}
	u.Close()
}

// A watch that ends does not take the turn of who speaks.
func TestWatchEnds(t *testing.T) {
	u := play(t, hail+"C: GROUP g.x\nS: 211 1 1 1 g.x\nC: DATE\nS: 111 20260101000000\n"+bye)
	ctx, cancel := context.WithCancel(u.ctx)
	u.ctx = ctx
	done := make(chan error)
	go func() {
		_, err := u.do("watch g.x --every 60")
		done <- err
	}()
	var resume func()
	for ok := false; !ok; {
		if resume, ok = u.Pause(t.Context()); !ok {
			time.Sleep(time.Millisecond)
		}
	}
	cancel()
	select {
	case err := <-done:
		t.Errorf("watch ended while another one spoke: %v", err)
	case <-time.After(50 * time.Millisecond):
	}
	u.ctx = t.Context()
	u.must("date")
	resume()
	if err := <-done; fault.Of(err) != fault.Interrupt {
		t.Errorf("watch: %v", err)
	}
	u.Close()
}

// A watch ends with its session, and does not connect again (NEWS-12).
func TestWatchClosed(t *testing.T) {
	u := play(t, hail+"C: GROUP g.x\nS: 211 1 1 1 g.x\n"+bye)
	done := make(chan error)
	go func() {
		_, err := u.do("watch g.x --every 60")
		done <- err
	}()
	var resume func()
	for ok := false; !ok; {
		if resume, ok = u.Pause(t.Context()); !ok {
			time.Sleep(time.Millisecond)
		}
	}
	u.Close()
	resume()
	if err := <-done; err != nil {
		t.Errorf("watch: %v", err)
	}
	if _, err := u.do("date"); fault.Of(err) != fault.Usage {
		t.Errorf("a verb of a closed session: %v", err)
	}
}

// What watch finds is in the numbers of the group, too, and the prompt hears
// of it before watch ends (NEWS-12).
func TestWatchCounts(t *testing.T) {
	u := newUser(t)
	moved := make(chan string, 10)
	u.moved = func() { moved <- u.Where() }
	if err := u.open(serve(t, hail+`C: GROUP g.x
S: 211 1 1 1 g.x
C: GROUP g.x
S: 211 1 1 1 g.x
C: GROUP g.x
S: 211 2 1 2 g.x
C: OVER 2
S: 224 overview
S: 2	New	ann@x	Fri, 2 Jan 2026 00:00:00 +0000	<2@x>		10	1
S: .
`+bye)); err != nil {
		t.Fatal(err)
	}
	u.must("cd g.x")
	has(t, "watch", u.must("watch --every 0.01 --count 1"), "New")
	select {
	case where := <-moved:
		if where != "/g.x (2)" {
			t.Errorf("the prompt has %s", where)
		}
	default:
		t.Error("nobody was told")
	}
	u.Close()
}
