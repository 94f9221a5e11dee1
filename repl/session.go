package repl

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/wire"
)

// A session is an open Session with what the shell keeps beside it.
type session struct {
	protocols.Session
	id     int
	proto  protocols.Protocol
	target wire.Target
	wire   *wire.Dialer
	key    string  // of the pool; "" for one that the user opened
	label  string  // a bookmark's name, for @NAME
	root   *string // where it was when it was made by a URL of the root; else nil

	using sync.Mutex // one verb at a time
	idle  *idler
	over  bool         // it is being closed
	used  atomic.Int64 // when it was last, in nanoseconds since 1970
	where atomic.Value // a string: where it was when a verb had ended
	lost  atomic.Bool  // its connection, as the user has been told
}

// name is what the session is called in listings and the prompt.
func (s *session) name() string {
	if n, ok := s.Session.(protocols.Namer); ok {
		return n.Named()
	}
	if s.label != "" {
		return s.label
	}
	if s.target.URL == nil {
		return ""
	}
	return s.target.String()
}

// at is the session for messages: tcp localhost:12345.
func (s *session) at() string {
	return s.proto.Name + " " + s.name()
}

// due reports whether the session's polite end will carry something out.
func (s *session) due() bool {
	p, ok := s.Session.(protocols.Pender)
	return ok && p.Pending() != ""
}

// again is how often it is tried to have a session that is in use.
const again = 10 * time.Millisecond

// hold makes the session the caller's until release is called. What ran while
// it idled has ended by then. It waits as long as ctx does not end; a verb that
// only waits, such as watch in a job, makes way.
func (s *session) hold(ctx context.Context) (release func(), err error) {
	return s.await(ctx, func() {})
}

// await is hold that tells when it has to wait.
func (s *session) await(ctx context.Context, waits func()) (release func(), err error) {
	for !s.using.TryLock() {
		waits()
		if p, ok := s.Session.(protocols.Pauser); ok {
			if resume, ok := p.Pause(ctx); ok {
				return func() { s.note(); resume() }, nil
			}
		}
		select {
		case <-time.After(again):
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
	s.rest()
	return func() {
		s.note()
		s.used.Store(time.Now().UnixNano())
		s.attend()
		s.using.Unlock()
	}, nil
}

// note keeps where the session is, for while it is in use. The caller has it.
func (s *session) note() { s.where.Store(s.Session.Where()) }

// Where is where the session is, or was before the verb that uses it.
func (s *session) Where() string {
	if s.using.TryLock() {
		if s.idle == nil {
			s.note()
		}
		s.using.Unlock()
	}
	where, _ := s.where.Load().(string)
	return where
}

// add keeps a new session and makes it the current one unless it was made on
// the way to a verb.
func (sh *Shell) add(s *session) {
	sh.mu.Lock()
	defer sh.mu.Unlock()
	sh.lastID++
	s.id = sh.lastID
	s.used.Store(sh.now().UnixNano())
	sh.sessions = append(sh.sessions, s)
	if s.key == "" {
		sh.current = s
	}
}

// enter makes s the current session.
func (sh *Shell) enter(s *session) {
	sh.mu.Lock()
	defer sh.mu.Unlock()
	sh.current = s
}

// drop forgets a session; the one used before becomes current.
func (sh *Shell) drop(s *session) {
	sh.mu.Lock()
	defer sh.mu.Unlock()
	sh.sessions = slices.DeleteFunc(sh.sessions, func(x *session) bool { return x == s })
	if sh.current != s {
		return
	}
	sh.current = nil
	for _, x := range sh.sessions {
		if x.key == "" {
			sh.current = x
		}
	}
}

// list is a snapshot of the open sessions, oldest first.
func (sh *Shell) list() []*session {
	sh.mu.Lock()
	defer sh.mu.Unlock()
	return slices.Clone(sh.sessions)
}

// here is the current session, or nil.
func (sh *Shell) here() *session {
	sh.mu.Lock()
	defer sh.mu.Unlock()
	return sh.current
}

// of is the session that PROTO VERB means: the current one if it speaks
// proto, else the newest that does.
func (sh *Shell) of(proto string) *session {
	if s := sh.here(); s != nil && s.proto.Name == proto {
		return s
	}
	all := sh.list()
	for _, s := range slices.Backward(all) {
		if s.proto.Name == proto {
			return s
		}
	}
	return nil
}

// find is the session that a number or a name means.
func (sh *Shell) find(name string) (*session, error) {
	all := sh.list()
	if n, err := strconv.Atoi(name); err == nil {
		for _, s := range all {
			if s.id == n {
				return s, nil
			}
		}
		return nil, fault.New(fault.Usage, "no session %d", n).WithHint("sessions lists them")
	}
	for _, s := range slices.Backward(all) {
		if s.label == name || s.name() == name {
			return s, nil
		}
	}
	return nil, fault.New(fault.Usage, "no session or bookmark %q", name).WithHint("sessions lists them")
}

// finish ends a session, politely or not. The goodbye has a limit of its own,
// unless something is carried out by it, and its failure changes nothing.
func (sh *Shell) finish(ctx context.Context, s *session, polite bool) error {
	if !polite {
		s.wire.Cut(fault.New(fault.Interrupt, "aborted")) // who uses it hears of that
	}
	release, err := s.hold(ctx)
	if err != nil {
		return err
	}
	defer release()
	defer sh.drop(s)
	s.over = true
	if !polite {
		s.Session.Close()
		return nil
	}
	due := s.due()
	if !due {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, s.wire.InForce().Goodbye)
		defer cancel()
	}
	unbind := s.wire.Bind(ctx)
	defer unbind()
	if err := s.Session.Close(); err != nil && (due || ctx.Err() == nil) {
		return fmt.Errorf("closing %s: %w", s.at(), err)
	}
	return nil
}
