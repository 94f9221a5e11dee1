package conformance

import (
	"context"
	"errors"
	"net/url"
	"path/filepath"
	"testing"
	"time"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/lab"
	"wireline/protocols/verb"
)

const (
	wait   = 100 * time.Millisecond // before the user interrupts
	prompt = time.Second            // by when what was interrupted must have ended
)

// cancelled: against a peer that falls silent, every command ends within a
// second of its context, with its cause, and so does the session. (T13)
func (s *suite) cancelled(t *testing.T) {
	trials := s.trials()
	each(len(trials), idle, func(i int) {
		tr := trials[i]
		t.Run(tr.name, func(t *testing.T) {
			if s.cancel(t, tr, wait) == "" {
				return
			}
			if got := s.cancel(t, tr, 30*wait); got != "" {
				t.Errorf("got %s, want the cause of the cancellation", got)
			}
		})
	})
	if _, ok := verb.Find(s.p.Open, "listen"); ok && s.scheme.Network != "unixgram" {
		t.Run("accept", s.cancelAccept)
	}
}

// cancel interrupts a command after a while. got is how it ended if that was
// not with the cause: it may be one that does not wait for its peer, on a
// machine that is busy.
func (s *suite) cancel(t *testing.T, tr trial, wait time.Duration) (got string) {
	m := s.meet(t)
	defer m.over()
	m.wire.Limits.Reply, m.wire.Limits.Idle, m.wire.Limits.Handshake = time.Minute, time.Minute, time.Minute
	hold(t, wait+limits.Goodbye+3*prompt, tr.name, func() {
		got = s.interrupt(t, m, tr, wait)
		took := lab.Stopwatch(t)
		m.close()
		if d := took(); d > limits.Goodbye+prompt {
			t.Errorf("closing took %v", d)
		}
	})
	return got
}

func (s *suite) interrupt(t *testing.T, m *meeting, tr trial, wait time.Duration) (got string) {
	why := fault.New(fault.Interrupt, "the test interrupts")
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	if tr.name != "connect" {
		if err := m.open(t.Context(), nil); err != nil {
			t.Fatalf("no session is opened by what the transcripts say; the first that has a login must let it in: %v", err)
		}
	}
	m.parrot.turn("is silent")
	time.AfterFunc(wait, func() { cancel(why) })
	watch := lab.Stopwatch(t)
	var err error
	if tr.name == "connect" {
		err = m.open(ctx, nil)
	} else {
		err = m.do(ctx, tr.command, &screen{})
	}
	took := watch()
	switch {
	case err == nil:
		if ctx.Err() != nil {
			got = "<nil>"
		} // else it needed no peer
	case ctx.Err() == nil, fault.Of(err) == fault.Usage, fault.Of(err) == fault.BadArgument, fault.Of(err) == fault.ReadLocal: // nor did it then, however late the machine is
		if trouble := judge(err); trouble != nil {
			t.Errorf("%v: %v", err, trouble)
		}
	case !errors.Is(err, why):
		got = err.Error()
	}
	if took > wait+prompt {
		t.Errorf("took %v, want %v at most", took-wait, prompt)
	}
	return got
}

// cancelAccept: a listener stops waiting when its context ends.
func (s *suite) cancelAccept(t *testing.T) {
	m := s.meet(t)
	defer m.over()
	m.to.URL = &url.URL{Scheme: s.scheme.Name, Host: "127.0.0.1:0"}
	if isUnix(m.to.Net()) {
		m.to.URL = &url.URL{Scheme: s.scheme.Name, Path: filepath.Join(t.TempDir(), "l")}
	}
	v, _ := verb.Find(s.p.Open, "listen")
	if err := m.open(t.Context(), &command{opens: true, verb: v}); err != nil {
		t.Fatal(err)
	}
	defer m.close()
	l, ok := m.sess.(protocols.Accepter)
	if !ok {
		t.Fatalf("listen gave a %T, which cannot accept", m.sess)
	}
	why := fault.New(fault.Interrupt, "the test interrupts")
	ctx, cancel := context.WithCancelCause(t.Context())
	time.AfterFunc(wait, func() { cancel(why) })
	hold(t, wait+prompt, "accept", func() {
		defer m.wire.Bind(ctx)()
		if _, err := l.Accept(ctx); !errors.Is(err, why) {
			t.Errorf("got %v, want the cause of the cancellation", err)
		}
	})
}
