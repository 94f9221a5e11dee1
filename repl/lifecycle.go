package repl

import (
	"context"
	"fmt"
	"strings"
	"time"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/verb"
	"wireline/protocols/wire"
	"wireline/repl/render"
)

// opened is what connect, listen and accept say of the session they made.
type opened struct {
	ID      int     `json:"id"`
	Proto   string  `json:"proto"`
	Name    string  `json:"name"`
	Peer    string  `json:"peer,omitempty"`
	Local   string  `json:"local,omitempty"`
	Seconds float64 `json:"seconds"`

	Greeting string `json:"greeting,omitempty"` // of the server
	Clear    bool   `json:"greeting_in_clear,omitempty"`

	text string
}

func (o opened) Message() string { return o.text }

// showOpened tells of a new session: to whom, from where, how fast, how safe.
func (r *run) showOpened(s *session) error {
	took := r.sh.now().Sub(r.start)
	o := opened{ID: s.id, Proto: s.proto.Name, Name: s.name(), Seconds: took.Seconds()}
	if r.opens && r.verb.Name != "connect" {
		o.Local = s.name()
	}
	var i wire.Info
	if c := s.wire.Last(); c != nil {
		i = c.Info()
		o.Peer, o.Local = i.Peer, i.Local
	}
	if m, ok := s.Session.(verb.Message); ok {
		o.text = m.Message()
	} else {
		o.text = connected(s, i, took)
	}
	o.text = fmt.Sprintf("[%d] %s", s.id, o.text)
	if g, ok := s.Session.(protocols.Greeter); ok {
		o.greeted(g.Greeting())
	}
	r.data = o
	if r.flags.JSON || r.flags.Quiet {
		return nil
	}
	return render.Show(r.io.out, r.io.err, r.options(), o)
}

// mostGreeting bounds how many lines of a greeting are shown.
const mostGreeting = 10

// greeted adds what the server said first, marked as what it says always is,
// and what came before TLS as words that may be anybody's.
func (o *opened) greeted(lines []string, clear bool) {
	o.Greeting, o.Clear = strings.Join(lines, "\n"), clear
	mark := "\n< "
	if clear {
		mark = "\n< (unauthenticated, before TLS) "
	}
	for _, l := range lines[:min(len(lines), mostGreeting)] {
		o.text += mark + l
	}
}

// connected tells of a session with a peer.
func connected(s *session, i wire.Info, took time.Duration) string {
	if i.Opened.IsZero() {
		return "ready for " + s.name() + ": the first command connects"
	}
	text := "connected to " + s.name()
	if i.Peer != "" && i.Peer != s.name() {
		text += " at " + i.Peer
	}
	if i.Local != "" && i.Local != "@" {
		text += " from " + i.Local
	}
	text += fmt.Sprintf(" in %.1f ms", float64(took)/float64(time.Millisecond))
	if t := i.TLS; t != nil {
		text += fmt.Sprintf(", TLS %s %s", t.Version, t.Cipher)
		if !t.Verified {
			text += ", certificate NOT verified"
		}
	}
	return text
}

// adopt keeps a session that another one made, such as a client that was
// accepted.
func (sh *Shell) adopt(s protocols.Session, from *session) *session {
	d := from.wire
	if own, ok := s.(protocols.Wired); ok {
		d = own.Wire()
	}
	sh.trace.attach(d)
	next := &session{Session: s, proto: from.proto, wire: d}
	sh.add(next)
	return next
}

type AcceptArgs struct {
	ID      int           `arg:"session?" help:"the listener; the current or newest one if left out" complete:"session"`
	Timeout time.Duration `flag:"t,timeout" help:"how long to wait; 0 is for ever"`
}

// Accept takes the next client of a listener.
func (sh *Shell) Accept(ctx context.Context, a AcceptArgs) (any, error) {
	s, err := sh.listener(a.ID)
	if err != nil {
		return nil, err
	}
	if a.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, a.Timeout, fault.New(fault.Timeout, "nobody connected within %v, the limit that -t set", a.Timeout))
		defer cancel()
	}
	give, err := s.hold(ctx)
	if err != nil {
		return nil, err
	}
	defer give()
	defer s.wire.Bind(ctx)()
	next, err := s.Session.(protocols.Accepter).Accept(ctx)
	if err != nil {
		return nil, err
	}
	r := running(ctx)
	r.sess = sh.adopt(next, s)
	return r.sess, nil
}

// listener is the session that accept means.
func (sh *Shell) listener(id int) (*session, error) {
	if id != 0 {
		s, err := sh.find(fmt.Sprint(id))
		if err != nil {
			return nil, err
		}
		if _, ok := s.Session.(protocols.Accepter); !ok {
			return nil, fault.New(fault.Usage, "session %d does not listen", id)
		}
		return s, nil
	}
	var best *session
	for _, s := range sh.list() {
		if _, ok := s.Session.(protocols.Accepter); ok && (best == nil || best != sh.here()) {
			best = s
		}
	}
	if best == nil {
		return nil, fault.New(fault.Usage, "no session listens").WithHint("listen tcp :12345 makes one")
	}
	return best, nil
}

type UseArgs struct {
	Session string `arg:"session" help:"number or name" complete:"session"`
}

// Use makes a session current.
func (sh *Shell) Use(_ context.Context, a UseArgs) (any, error) {
	s, err := sh.named(strings.TrimPrefix(a.Session, "@"))
	if err != nil {
		return nil, err
	}
	sh.enter(s)
	return note("now " + sh.label(s)), nil
}

// A note is a remark: data for nobody.
type note string

func (n note) Message() string { return string(n) }

type SessionRow struct {
	Current string `json:"current"`
	ID      int    `json:"id"`
	Proto   string `json:"proto"`
	Name    string `json:"name"`
	Where   string `json:"where"`
	In      int64  `json:"in"`
	Out     int64  `json:"out"`
}

// Sessions lists what is open.
func (sh *Shell) Sessions(context.Context, struct{}) (verb.Stream[SessionRow], error) {
	return func(yield func(SessionRow, error) bool) {
		here := sh.here()
		for _, s := range sh.list() {
			in, out := s.wire.Counts()
			row := SessionRow{ID: s.id, Proto: s.proto.Name, Name: s.name(), Where: strings.TrimSpace(s.Where()), In: in, Out: out}
			if s == here {
				row.Current = "*"
			}
			if !yield(row, nil) {
				return
			}
		}
	}, nil
}

type EndArgs struct {
	Sessions []string `arg:"session..." help:"numbers or names; the current one if left out" complete:"session"`
}

// CloseVerb ends sessions politely.
func (sh *Shell) CloseVerb(ctx context.Context, a EndArgs) (any, error) {
	return sh.end(ctx, a, true)
}

// Abort ends sessions at once.
func (sh *Shell) Abort(ctx context.Context, a EndArgs) (any, error) {
	return sh.end(ctx, a, false)
}

func (sh *Shell) end(ctx context.Context, a EndArgs, polite bool) (any, error) {
	var which []*session
	for _, n := range a.Sessions {
		s, err := sh.find(strings.TrimPrefix(n, "@"))
		if err != nil {
			return nil, err
		}
		which = append(which, s)
	}
	if len(a.Sessions) == 0 {
		s := running(ctx).call.sess
		if s == nil {
			return nil, fault.New(fault.Usage, "no session is open")
		}
		which = append(which, s)
	}
	var told []string
	for _, s := range which {
		label := sh.label(s)
		if err := sh.finish(ctx, s, polite); err != nil {
			return nil, err
		}
		if polite {
			told = append(told, "closed "+label)
		} else {
			told = append(told, "aborted "+label)
		}
	}
	return note(strings.Join(told, ", ")), nil
}

// label is how a session is named in messages: [1] tcp localhost:12345.
func (sh *Shell) label(s *session) string { return fmt.Sprintf("[%d] %s", s.id, s.at()) }
