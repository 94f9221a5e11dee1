package conformance

import (
	"context"
	"net"
	"testing"
)

// A meeting is a user and a parrot.
type meeting struct {
	*user
	parrot *parrot
	end    context.CancelFunc // of what the parrot would do for ever
}

func (s *suite) meet(t testing.TB) *meeting {
	t.Helper()
	ctx, end := context.WithCancel(t.Context())
	pr := newParrot(ctx, s.transcripts)
	return &meeting{meet(s.p, serve(t, s.scheme, s.ca, func(_ *Peer, c net.Conn) { pr.handle(c) })), pr, end}
}

// over ends the meeting, after the user has closed.
func (m *meeting) over() {
	m.end()
	m.peer.Close()
	m.parrot.acts.Wait()
}

// A trial is something to try on a peer that misbehaves: connect, or a verb
// as in its example.
type trial struct {
	command
	name string
}

func (s *suite) trials() []trial {
	all := []trial{{name: "connect"}}
	for _, v := range s.p.Verbs {
		if c, err := example(s.p, v); err == nil {
			all = append(all, trial{c, v.Name})
		}
	}
	return all
}

// try runs a trial against a peer in a mood, which it is in from the start
// for connect, and else from when the session is open. It reports the error
// of the command, and false when no session could be opened.
func (s *suite) try(ctx context.Context, m *meeting, tr trial, mood string) (err error, ok bool) {
	if tr.name == "connect" {
		m.parrot.turn(mood)
		return m.open(ctx, nil), true
	}
	if err := m.open(ctx, nil); err != nil {
		return err, false
	}
	m.parrot.turn(mood)
	return m.do(ctx, tr.command, &screen{}), true
}
