package conformance

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"strings"
	"sync"
	"testing"
	"time"

	"wireline/protocols"
	"wireline/protocols/lab"
	"wireline/protocols/verb"
	"wireline/protocols/wire"
)

// What a server asks for at a login. Transcripts have ${password}.
const (
	account  = "ann"
	password = "c4n4ry-Pa55word"
)

// limits are short, so that a test of them is; those on bytes are still far
// from what a flood brings.
var limits = wire.Limits{
	Connect: 5 * time.Second, Handshake: 2 * time.Second, Reply: 400 * time.Millisecond,
	Idle: 400 * time.Millisecond, Goodbye: 200 * time.Millisecond,
	Line: 64 << 10, Lines: 1000, Bytes: 256 << 10,
}

// A user runs verbs as the shell does: one after the other, each bound to a
// context, and reads their results to the end.
type user struct {
	p    protocols.Protocol
	peer *Peer
	to   wire.Target
	wire *wire.Dialer
	env  verb.Env
	keys protocols.Keys
	sess protocols.Session

	mu     sync.Mutex
	events []wire.Event
}

// meet is a user who will talk to peer, and to nobody else whatever a verb
// says: every address is peer's, but for those of the loopback.
func meet(p protocols.Protocol, peer *Peer) *user {
	u := &user{p: p, peer: peer, to: peer.Target}
	u.wire = &wire.Dialer{Limits: limits, Grace: 50 * time.Millisecond, Trace: u.trace}
	u.wire.Options.NoProxy = "*"
	if peer.Target.Scheme.Security != wire.Plain {
		u.wire.Options.CA = []string{peer.CA}
	}
	if !isUnix(peer.Target.Net()) {
		u.wire.Map = func(_, address string) string {
			if strings.HasPrefix(address, "127.0.0.1:") {
				return ""
			}
			return peer.Target.Host
		}
	}
	u.keys = func(context.Context, wire.Target, string) (string, string, error) {
		u.wire.Secret(password)
		return account, password, nil
	}
	u.env = verb.Env{
		Open:  func(name string) (verb.Input, error) { return input(name, "a line\r\n"), nil },
		Stdin: func() (verb.Input, bool) { return verb.Input{}, false },
	}
	return u
}

func (u *user) trace(e wire.Event) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.events = append(u.events, e)
}

// open runs connect, or the command that begins the session.
func (u *user) open(ctx context.Context, c *command) error {
	if c == nil {
		v, ok := verb.Find(u.p.Open, "connect")
		if !ok {
			return fmt.Errorf("%s has no connect", u.p.Name)
		}
		c = &command{opens: true, verb: v}
	}
	inv, err := c.parse(u.p, u.env, &u.wire.Options)
	if err != nil {
		return err
	}
	defer u.wire.Bind(ctx)()
	res, err := inv.Do(ctx, protocols.Peer{Dialer: u.wire, Target: u.to, Keys: u.keys})
	if err != nil {
		return err
	}
	s, ok := res.(protocols.Session)
	if !ok {
		return fmt.Errorf("%s gave a %T, which is no session", c.verb.Name, res)
	}
	u.sess = s
	return nil
}

// do runs a command on the session and shows what it gives.
func (u *user) do(ctx context.Context, c command, out *screen) error {
	env := u.env
	keyboard := &terminal{ctx: ctx, out: out}
	env.Terminal = keyboard
	if c.stdin != "" {
		in, err := u.env.Open(c.stdin)
		if err != nil {
			return err
		}
		keyboard.in = in
		env.Stdin = func() (verb.Input, bool) { return in, true }
	}
	inv, err := c.parse(u.p, env, new(wire.Options))
	if err != nil {
		return err
	}
	defer u.wire.Bind(ctx)()
	res, err := inv.Do(ctx, u.sess)
	if err != nil {
		return err
	}
	return out.show(ctx, res)
}

// close ends the session, within the limit of a goodbye.
func (u *user) close() {
	if u.sess == nil {
		u.wire.Cut(errors.New("no session"))
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), limits.Goodbye)
	defer cancel()
	defer u.wire.Bind(ctx)()
	u.sess.Close()
}

// hold runs f and fails if it panics, or goes on for longer than limit.
func hold(t testing.TB, limit time.Duration, what string, f func()) (ok bool) {
	t.Helper()
	done := make(chan string, 1)
	go func() {
		defer func() {
			trouble := ""
			if r := recover(); r != nil {
				trouble = fmt.Sprintf("panic: %v\n%s", r, debug.Stack())
			}
			done <- trouble
		}()
		f()
	}()
	for took, left := lab.Stopwatch(t), limit; left > 0; left = limit - took() {
		select {
		case trouble := <-done:
			if trouble != "" {
				t.Errorf("%s: %s", what, trouble)
			}
			return trouble == ""
		case <-time.After(left):
		}
	}
	t.Errorf("%s: still runs after %v", what, limit)
	return false
}

// input is text as an argument.
func input(name, text string) verb.Input {
	return verb.Input{Name: name, Size: int64(len(text)), ReadCloser: io.NopCloser(strings.NewReader(text))}
}
