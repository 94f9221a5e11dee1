package repl

import (
	"context"
	"fmt"
	"sync"

	"wireline/protocols"
	"wireline/protocols/fault"
)

// An idler lets a session tell what happens to it while nobody uses it.
type idler struct {
	cancel  context.CancelFunc
	done    chan struct{}
	attends bool // it goes on while other sessions are used

	mu   sync.Mutex
	tell func(string) // nil: nobody listens
	held []string     // what was to be told meanwhile, the last of it
}

// heldMost is how many remarks wait until somebody listens.
const heldMost = 8

// say tells what happens, now or when somebody listens.
func (i *idler) say(text string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.tell != nil {
		i.tell(text)
		return
	}
	if i.held = append(i.held, text); len(i.held) > heldMost {
		i.held = i.held[1:]
	}
}

// heard says who listens, and tells them what they missed; nil is nobody.
func (i *idler) heard(tell func(string)) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.tell = tell
	if tell == nil {
		return
	}
	for _, text := range i.held {
		tell(text)
	}
	i.held = nil
}

// watch starts telling what happens to s, a line each, until rest. The caller
// has s.
func (s *session) watch(tell func(string)) {
	if s.idle != nil {
		s.idle.heard(tell)
		return
	}
	i, ok := s.Session.(protocols.Idler)
	if !ok || s.over {
		return
	}
	s.note()
	ctx, cancel := context.WithCancel(context.Background())
	own := &idler{cancel: cancel, done: make(chan struct{}), attends: s.attends(), tell: tell}
	s.idle = own
	go func() {
		defer close(own.done)
		err := fault.Safely(func() error {
			for n, err := range i.Idle(ctx) {
				if err != nil || ctx.Err() != nil {
					return err
				}
				own.say(fmt.Sprintf("[%d] %s", s.id, n.Text))
			}
			return nil
		})
		if err != nil && ctx.Err() == nil {
			s.lost.Store(true)
			own.say(fmt.Sprintf("[%d] %v", s.id, crash(err, s)))
		}
	}()
}

// attends reports whether s has something to do by itself. The caller has s.
func (s *session) attends() bool {
	a, ok := s.Session.(protocols.Attender)
	return ok && a.Attends()
}

// attend lets s idle, heard by nobody, if it has something to do meanwhile.
func (s *session) attend() {
	if s.idle == nil && s.attends() {
		s.watch(nil)
	}
}

// idling reports whether s tells what happens to it. The server has something
// to say then, or knows that somebody listens.
func (s *session) idling() bool {
	if s.idle == nil {
		return false
	}
	select {
	case <-s.idle.done:
		return false
	default:
		return true
	}
}

// rest ends what watch began and waits for it. It gives what nobody has heard
// yet.
func (s *session) rest() (held []string) {
	if s.idle != nil {
		s.idle.cancel()
		<-s.idle.done
		held, s.idle = s.idle.held, nil
	}
	return held
}

// watchAll lets every session that is not busy tell what happens to it.
func (sh *Shell) watchAll() {
	sh.hear.Lock()
	defer sh.hear.Unlock()
	sh.hears = true
	for _, s := range sh.list() {
		if s.using.TryLock() {
			s.watch(sh.tell)
			s.using.Unlock()
		}
	}
}

// restAll is called before a line runs, so that what it prints is not mixed
// with what sessions tell.
func (sh *Shell) restAll() {
	sh.hear.Lock()
	defer sh.hear.Unlock()
	sh.hears = false
	for _, s := range sh.list() {
		if !s.using.TryLock() {
			continue
		}
		if s.idling() && s.idle.attends {
			s.idle.heard(nil)
		} else {
			s.rest()
		}
		s.using.Unlock()
	}
}

// aside does something with a session that may idle, which rests meanwhile and
// then goes on, heard by whoever is there. The caller has s.
func (sh *Shell) aside(s *session, do func() error) error {
	if !s.idling() {
		return do()
	}
	held := s.rest()
	err := do()
	sh.hear.Lock()
	defer sh.hear.Unlock()
	if sh.hears {
		s.watch(sh.tell)
	} else {
		s.attend()
	}
	if s.idle != nil {
		for _, text := range held {
			s.idle.say(text)
		}
	}
	return err
}
