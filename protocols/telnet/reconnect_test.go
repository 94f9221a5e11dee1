package telnet

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

// TEL-15: a verb that finds the connection lost connects again first, asks
// for the options anew, and says so; what came before is kept, what was
// typed before is not sent again.
func TestReconnect(t *testing.T) {
	l := listen(t)
	p := peerAt(0, l.Addr().String())
	var mu sync.Mutex
	var told []string
	p.Warn = func(text string) {
		mu.Lock()
		defer mu.Unlock()
		told = append(told, text)
	}
	s, err := try(t, p, verb.Env{}, "--term", "vt100", "--negotiate", "--reconnect")
	if err != nil {
		t.Fatal(err)
	}
	const asks = "IAC DO SGA IAC WILL TTYPE IAC WILL NAWS"
	first := accept(t, l)
	first.hears(asks)
	must(t, s, "send", "one\r\n")
	first.hears("'one' 13 10")
	first.says("IAC DO TTYPE 'rest'")
	wantText(t, s, "re", "recv", "2")
	first.Close()
	wantText(t, s, "st", "recv", "--until", "st")
	wantKind(t, s, fault.Recv, "", "recv", "--until", "more") // while it waits the connection is lost
	must(t, s, "send", "two\r\n")
	second := accept(t, l)
	second.hears(asks + " 'two' 13 10")
	second.says("'fine'")
	wantText(t, s, "fine", "recv")
	mu.Lock()
	defer mu.Unlock()
	if len(told) != 1 || !strings.HasPrefix(told[0], "connected again to 127.0.0.1:") {
		t.Errorf("told: %q", told)
	}
}

// TEL-15: without --reconnect a connection that is lost stays lost.
func TestStaysLost(t *testing.T) {
	s, p := pipe(t)
	p.Close()
	wantKind(t, s, fault.Empty, "without a word", "recv")
	wantKind(t, s, fault.Empty, "without a word", "recv")
}

// TEL-15: watch goes on by itself, too, and the line is kept alive on the new
// connection as on the old one.
func TestWatchReconnects(t *testing.T) {
	l := listen(t)
	s, err := try(t, peerAt(0, l.Addr().String()), verb.Env{}, "--term", "vt100", "--reconnect", "--nop", "0.02")
	if err != nil {
		t.Fatal(err)
	}
	first := accept(t, l)
	first.hears("IAC NOP")
	first.says("'one'")
	rows := must(t, s, "watch").(verb.Stream[*Arrival])
	var seen []string
	for a, err := range rows {
		if err != nil {
			t.Fatal(err)
		}
		if seen = append(seen, string(a.Raw())); len(seen) == 2 {
			break
		}
		first.Close()
		go func() {
			second := accept(t, l)
			second.hears("IAC NOP IAC NOP")
			second.says("'two'")
		}()
	}
	if got := strings.Join(seen, " "); got != "one two" {
		t.Errorf("seen %q", got)
	}
}

// TEL-15: interact goes on by itself; what is typed meanwhile goes nowhere,
// and ^] ends the waiting.
func TestInteractReconnects(t *testing.T) {
	l := listen(t)
	s, err := try(t, peerAt(0, l.Addr().String()), verb.Env{}, "--term", "vt100", "--reconnect")
	if err != nil {
		t.Fatal(err)
	}
	typed := make(chan struct{}) // no connection is made before it is closed
	dial := s.again
	s.again = func(ctx context.Context) error {
		<-typed
		return dial(ctx)
	}
	p := accept(t, l)
	tty := newTTY(t)
	p.says("'hello'")
	done := seated(t, s, tty)
	tty.shows(t, "hello")
	tty.type_("lost")
	tty.shows(t, "lost")
	p.Close()
	tty.shows(t, "connecting again in 1s")
	tty.type_("nowhere\r\x7f") // the last one, which may not have been seen, would do nothing
	for len(tty.keys) > 0 {
		time.Sleep(time.Millisecond)
	}
	close(typed)
	p = accept(t, l)
	tty.shows(t, "connected again to ")
	tty.type_("ls\r")
	p.hears("'ls' 13 10")
	l.Close()
	p.Close()
	for late := time.Now().Add(time.Minute); strings.Count(tty.screen(), "connecting again in 1s") < 2; time.Sleep(time.Millisecond) {
		if time.Now().After(late) {
			t.Fatalf("shown: %q", tty.screen())
		}
	}
	tty.type_("\x1d")
	if err := <-done; err != nil {
		t.Error(err)
	}
}
