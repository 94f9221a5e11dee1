package repl

import (
	"context"
	"strings"
	"sync"
	"time"

	"wireline/protocols"
	"wireline/protocols/fault"
)

// Names on servers, for completion.
const (
	remoteTime = 5 * time.Second  // for the server to answer
	remoteKept = 30 * time.Second // how long an answer is good, if no command runs in the session
)

// A remote is what servers answered when they were asked for names. A TAB
// waits for an answer only for a moment; it is kept for the next TAB.
type remote struct {
	mu   sync.Mutex
	kept []answered
}

type answered struct {
	sess         *session
	what, prefix string
	names        []string
	at           time.Time
}

// forget drops what is known of a session, since a command may change it.
func (r *remote) forget(s *session) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var rest []answered
	for _, a := range r.kept {
		if a.sess != s {
			rest = append(rest, a)
		}
	}
	r.kept = rest
}

// known gives the names that begin as prefix does, if they have been asked
// for: for this prefix or for a shorter one of the same folder.
func (r *remote) known(s *session, what, prefix string, now time.Time) (names []string, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, a := range r.kept {
		rest, same := strings.CutPrefix(prefix, a.prefix)
		if a.sess != s || a.what != what || !same || strings.ContainsAny(rest, "/.:@") || now.Sub(a.at) > remoteKept {
			continue
		}
		for _, n := range a.names {
			if strings.HasPrefix(n, prefix) {
				names = append(names, n)
			}
		}
		return names, true
	}
	return nil, false
}

func (r *remote) keep(a answered) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.kept) > 100 {
		r.kept = r.kept[50:]
	}
	r.kept = append(r.kept, a)
}

// remoteNames are names on the server of s that begin as prefix does, as far
// as they are known or come before ctx ends. A session in use is not asked.
func (sh *Shell) remoteNames(ctx context.Context, s *session, what, prefix string) []string {
	if names, ok := sh.remote.known(s, what, prefix, sh.now()); ok {
		return names
	}
	c, ok := s.Session.(protocols.Completer)
	if !ok || !s.using.TryLock() {
		return nil
	}
	got := make(chan []string, 1)
	go func() {
		var names []string
		defer func() { got <- names }()
		defer s.using.Unlock()
		ctx, cancel := context.WithTimeout(context.Background(), remoteTime)
		defer cancel()
		err := sh.aside(s, func() (err error) {
			defer fault.Catch(&err)
			names, err = c.Complete(ctx, what, prefix)
			return err
		})
		if err == nil {
			sh.remote.keep(answered{s, what, prefix, names, sh.now()})
		}
		_ = sh.crashed(err, s) // to complete is no command, and has no errors
	}()
	select {
	case names := <-got:
		return names
	case <-ctx.Done():
		return nil
	}
}
