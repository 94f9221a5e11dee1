package repl

import (
	"context"
	"io"
	"testing"

	"wireline/protocols/verb"
)

// An attentive session tells what it is asked to, and may have something to
// do at any time.
type attentive struct {
	fake
	attends bool
	tells   chan string
	ended   chan struct{} // an Idle has ended
}

func (a *attentive) Attends() bool { return a.attends }

func (a *attentive) Idle(ctx context.Context) verb.Stream[verb.Notice] {
	return func(yield func(verb.Notice, error) bool) {
		defer func() { a.ended <- struct{}{} }()
		for {
			select {
			case text := <-a.tells:
				if !yield(verb.Notice{Text: text}, nil) {
					return
				}
			case <-ctx.Done():
				return
			}
		}
	}
}

// TEL-13: a session that has something to do idles on while a line uses
// another one, and what it has to tell waits for the prompt; one that has not
// rests. Whoever uses it ends that.
func TestAttends(t *testing.T) {
	sh := testShell()
	sh.Err = io.Discard
	open := func(attends bool) (*attentive, *session) {
		a := &attentive{attends: attends, tells: make(chan string), ended: make(chan struct{}, 1)}
		s := sh.fakeSession("http", "h:1")
		s.Session = a
		return a, s
	}
	busy, s := open(true)
	calm, _ := open(false)
	sh.watchAll()
	sh.restAll()
	<-calm.ended
	busy.tells <- "one" // it is still there
	told := make(chan string, 9)
	s.watch(func(text string) { told <- text })
	busy.tells <- "two"
	for _, want := range []string{"[1] one", "[1] two"} {
		if got := <-told; got != want {
			t.Errorf("told %q, want %q", got, want)
		}
	}
	release := s.take()
	<-busy.ended
	release()
	busy.tells <- "three" // in a script, too, where there is no prompt
	if err := sh.finish(t.Context(), s, true); err != nil {
		t.Fatal(err)
	}
	<-busy.ended
	if s.idle != nil {
		t.Error("it idles after its end")
	}
}
