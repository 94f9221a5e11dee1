package repl

import (
	"context"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"wireline/protocols/lab"
)

// A lister knows names, when it is allowed to tell.
type lister struct {
	fake
	asked atomic.Int32
	tell  chan struct{}
}

func (l *lister) Complete(ctx context.Context, what, prefix string) ([]string, error) {
	l.asked.Add(1)
	select {
	case <-l.tell:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return []string{"alpha", "alpine", "beta"}, nil
}

// a TAB does not wait for a slow server; the next one has its answer,
// and a longer prefix does not ask again. A command makes it forget.
func TestRemoteNames(t *testing.T) {
	sh := testShell()
	s := sh.fakeSession("http", "h:1")
	l := &lister{tell: make(chan struct{})}
	s.Session = l
	soon, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if names := sh.remoteNames(soon, s, "remote", ""); names != nil {
		t.Errorf("%q", names)
	}
	close(l.tell)
	for {
		if names, ok := sh.remote.known(s, "remote", "", sh.now()); ok {
			if len(names) != 3 {
				t.Errorf("%q", names)
			}
			break
		}
		time.Sleep(time.Millisecond)
	}
	for !s.using.TryLock() { // until the one who asked has let go of it
		time.Sleep(time.Millisecond)
	}
	s.using.Unlock()
	for prefix, want := range map[string][]string{"al": {"alpha", "alpine"}, "alph": {"alpha"}, "x": nil} {
		if got := sh.remoteNames(t.Context(), s, "remote", prefix); !slices.Equal(got, want) {
			t.Errorf("%s: %q", prefix, got)
		}
	}
	if n := l.asked.Load(); n != 1 {
		t.Errorf("the server was asked %d times", n)
	}
	sh.remoteNames(t.Context(), s, "remote", "dir/x")
	if n := l.asked.Load(); n != 2 {
		t.Errorf("another folder: asked %d times", n)
	}
	sh.remote.forget(s)
	sh.remoteNames(t.Context(), s, "remote", "al")
	if n := l.asked.Load(); n != 3 {
		t.Errorf("after a command: asked %d times", n)
	}
	// SPEED 25: 10,000 names take far less than a person notices.
	many := make([]string, 10_000)
	for i := range many {
		many[i] = "name" + string(rune('a'+i%26))
	}
	sh.remote.keep(answered{s, "remote", "n", many, sh.now()})
	took := lab.Stopwatch(t)
	sh.remoteNames(t.Context(), s, "remote", "na")
	if d := took(); d > time.Second {
		t.Errorf("%v", d)
	}
}
