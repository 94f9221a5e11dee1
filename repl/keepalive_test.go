package repl

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

// A kept session counts how often it is kept.
type kept struct {
	fake
	n    atomic.Int32
	said chan struct{} // not nil: Keep waits until somebody takes it
	err  error
}

func (k *kept) Keep(ctx context.Context) error {
	k.n.Add(1)
	if k.said != nil {
		select {
		case k.said <- struct{}{}:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return k.err
}

// A listening one tells what happens, and is kept by that.
type listening struct{ kept }

func (l *listening) Idle(ctx context.Context) verb.Stream[verb.Notice] {
	return func(func(verb.Notice, error) bool) { <-ctx.Done() }
}

// An unseen one tells what happens, of which its server knows nothing.
type unseen struct {
	kept
	spells atomic.Int32
}

func (u *unseen) Unseen() {}

func (u *unseen) Idle(ctx context.Context) verb.Stream[verb.Notice] {
	return func(func(verb.Notice, error) bool) {
		u.spells.Add(1)
		<-ctx.Done()
	}
}

// a session that only listens is kept, and listens again if somebody is
// there to be told.
func TestKeepUnseen(t *testing.T) {
	sh := testShell()
	sh.Err = io.Discard
	u := &unseen{kept: kept{said: make(chan struct{})}}
	s := sh.fakeSession("http", "h:1")
	s.Session = u
	sh.watchAll()
	sh.alive.every.Store(int64(time.Millisecond))
	stop := sh.keepAlive()
	for range 3 {
		<-u.said
	}
	stop()
	if n := u.spells.Load(); n < 3 {
		t.Errorf("it listened %d times", n)
	}
	sh.restAll()
	if s.idle != nil || !s.using.TryLock() {
		t.Error("it listens, or is in use")
	}
}

// take is hold for as long as it takes.
func (s *session) take() (release func()) {
	release, _ = s.hold(context.Background())
	return release
}

// X-42, FTP-28: a session that nobody uses is kept; one that is in use, that
// tells what happens or that is lost is not, and a loss is told once.
func TestKeepAlive(t *testing.T) {
	sh := testShell()
	errs, err := os.CreateTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer errs.Close()
	sh.Err = errs
	open := func(k interface {
		Where() string
		Close() error
	}) *session {
		s := sh.fakeSession("http", "h:1")
		s.Session = k
		return s
	}
	idle, gone, told, used := &kept{said: make(chan struct{})}, &kept{err: errors.New("the server has hung up")}, &listening{}, &kept{}
	s := open(idle)
	open(gone)
	heard := open(told)
	heard.watch(func(string) {})
	defer heard.rest()
	give := open(used).take()

	if err := sh.assign("keep", "never"); err == nil {
		t.Error("a time that is none was taken")
	}
	sh.alive.every.Store(int64(time.Millisecond))
	stop := sh.keepAlive()
	for range 3 {
		<-idle.said
	}
	if told.n.Load()+used.n.Load() != 0 {
		t.Errorf("kept: %d times while it listens, %d times in use", told.n.Load(), used.n.Load())
	}
	if n := gone.n.Load(); n != 1 {
		t.Errorf("a session that is lost was kept %d times", n)
	}
	give()
	for used.n.Load() == 0 {
		<-idle.said
	}
	// A command that comes while the answer is awaited has its turn after it.
	for s.using.TryLock() {
		s.using.Unlock()
		time.Sleep(time.Millisecond)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.hold(ctx); err == nil {
		t.Error("taken amid Keep")
	}
	sh.alive.set("off")
	<-idle.said
	s.take()()
	stop()
	if text, _ := os.ReadFile(errs.Name()); strings.Count(string(text), "\n") != 1 || !strings.Contains(string(text), "[2] the server has hung up") {
		t.Errorf("told: %q", text)
	}
}

// a session that is kept all the time would be of no use to anybody.
func TestKeepLeast(t *testing.T) {
	a := newAlive()
	for _, bad := range []string{"1ms", "0.099", "0", "-1", "soon"} {
		if err := a.set(bad); fault.Of(err) != fault.Usage {
			t.Errorf("keep %s: %v", bad, err)
		}
	}
	if err := a.set("0.1"); err != nil || a.String() != "100ms" {
		t.Errorf("%v, %s", err, a)
	}
}
