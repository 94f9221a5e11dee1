package imap

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

// How long an IDLE lasts before it is begun anew (RFC 2177 wants less than 29
// minutes), how long events are gathered, and how often a server without IDLE
// is asked.
const (
	idleFor  = 28 * time.Minute
	gather   = 50 * time.Millisecond
	pollEach = 30 * time.Second
)

// WatchArgs are the arguments of watch.
type WatchArgs struct {
	Mailbox string        `arg:"mailbox?" help:"mailbox to watch; the one that is selected if left out" complete:"mailbox"`
	Count   int           `flag:"count" help:"end after so many new messages"`
	New     bool          `flag:"new" help:"only new messages"`
	Exec    string        `flag:"exec" help:"run this command for each new message, which it reads as JSON from its standard input"`
	Poll    time.Duration `flag:"poll" help:"how often a server without IDLE is asked; 30 if left out"`
}

// Watch tells what happens to the mailbox until the context ends.
func (s *Session) Watch(ctx context.Context, a WatchArgs) (verb.Stream[Event], error) {
	if err := oneLine("exec", a.Exec); err != nil {
		return nil, err
	}
	words, err := s.visit(ctx, []string{a.Mailbox})
	if err != nil {
		return nil, err
	}
	if len(words) > 0 && words[0] != "" && (s.box == nil || s.box.name != s.canonical(words[0])) {
		if err := s.enter(ctx, words[0], false); err != nil {
			return nil, err
		}
	}
	if _, err := s.in(); err != nil {
		return nil, err
	}
	return func(yield func(Event, error) bool) {
		if !s.turn.begin() {
			yield(Event{}, fault.New(fault.Usage, "the session is watched already").WithHint("jobs lists what runs"))
			return
		}
		defer s.turn.end()
		s.changes = nil
		for n := 0; ; {
			if err := s.await(ctx, a.Poll); err != nil {
				yield(Event{}, err)
				return
			}
			changes := s.changes
			s.changes = nil
			if a.New {
				changes = slices.DeleteFunc(changes, func(c change) bool { return c.what != "new" })
			}
			events, err := s.events(ctx, changes)
			for _, e := range events {
				if !yield(e, nil) {
					return
				}
				if e.Event != "new" {
					continue
				}
				if a.Exec != "" && !s.execs(ctx, a.Exec, e, yield) {
					return
				}
				if n++; n == a.Count {
					return
				}
			}
			if err != nil {
				yield(Event{}, err)
				return
			}
		}
	}, nil
}

// await returns when something has changed, or the context has ended. Others
// may use the session while it waits.
func (s *Session) await(ctx context.Context, poll time.Duration) error {
	for {
		s.turn.give()
		if _, err := s.in(); err != nil || len(s.changes) > 0 {
			return err
		}
		waiting, stop := s.turn.wait(ctx)
		err := s.waitOnce(waiting, poll)
		paused := waiting.Err() != nil && ctx.Err() == nil && s.l.over() == nil
		stop()
		if err != nil && !paused {
			return err
		}
	}
}

func (s *Session) waitOnce(ctx context.Context, poll time.Duration) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	s.watching = true
	defer func() { s.watching = false }()
	if s.canIdle() {
		return s.idle(ctx, s.renew)
	}
	return s.poll(ctx, poll)
}

// canIdle reports whether the server tells by itself, and can be heard: what
// a decompressor holds back nobody can see.
func (s *Session) canIdle() bool { return s.caps.any("IDLE", "IMAP4rev2") && !s.l.squeezed }

func (s *Session) poll(ctx context.Context, each time.Duration) error {
	if each <= 0 {
		each = pollEach
	}
	select {
	case <-time.After(each):
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	return s.do(ctx, s.command("NOOP"))
}

// idle is one IDLE. It ends when something has changed, or after a while, or
// with the context, and leaves the connection in order if the server lets it.
func (s *Session) idle(ctx context.Context, limit time.Duration) error {
	end := s.l.conn.Reply()
	tag, err := s.l.begin(s.command("IDLE").end(), nil)
	if err == nil {
		err = s.l.goAhead(tag, "IDLE", nil)
	}
	end()
	if err != nil {
		return err
	}
	waiting, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	for len(s.changes) < mostChanges && waiting.Err() == nil {
		if !s.l.buffered() {
			if _, err := s.l.conn.Peek(waiting, 1); err != nil {
				if waiting.Err() != nil {
					break
				}
				return s.l.fail(err)
			}
		}
		had := len(s.changes)
		if over, err := s.heard(tag); over || err != nil {
			return err
		}
		if had == 0 && len(s.changes) > 0 {
			// What else comes at once belongs to it.
			soon, stop := context.WithTimeout(waiting, gather)
			defer stop()
			waiting = soon
		}
	}
	return s.endIdle(ctx, tag)
}

// heard reads one response during IDLE; over means that the server has ended
// it.
func (s *Session) heard(tag string) (over bool, err error) {
	defer s.l.conn.Reply()()
	r, err := s.l.read()
	if err != nil {
		return true, err
	}
	if len(r.text) > 0 && r.text[0] == '*' || isPlus(r.text) {
		return false, nil
	}
	st, err := s.l.tagged(r.text, tag)
	if err == nil && st.kind != "OK" {
		err = s.l.refusal(st)
	}
	return true, err
}

// endIdle says DONE and waits for the answer, for which the shell leaves a
// moment also after the context has ended.
func (s *Session) endIdle(ctx context.Context, tag string) error {
	if err := s.l.write([]byte("DONE\r\n")); err != nil {
		return err
	}
	end := s.l.conn.Reply()
	_, err := s.l.finish(context.WithoutCancel(ctx), tag, "IDLE", nil)
	end()
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

// quiet is how long the prompt waits before it has the server tell what
// happens: whoever types on is not to wait for the end of an IDLE.
const quiet = time.Second

// Idle tells what happens to the mailbox while the user is at the prompt.
func (s *Session) Idle(ctx context.Context) verb.Stream[verb.Notice] {
	return func(yield func(verb.Notice, error) bool) {
		if s.box == nil || !s.canIdle() {
			return
		}
		for ctx.Err() == nil && s.l.over() == nil {
			select {
			case <-time.After(quiet):
			case <-ctx.Done():
				return
			}
			s.changes = nil
			err := s.idle(ctx, s.renew)
			if ctx.Err() != nil {
				return
			}
			for _, text := range told(s.box.name, s.changes) {
				if !yield(verb.Notice{Time: time.Now(), Text: text}, nil) {
					return
				}
			}
			if err != nil {
				var f *fault.Error
				if errors.As(err, &f) {
					yield(verb.Notice{}, err)
				}
				return
			}
		}
	}
}

func plural(n uint64, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
