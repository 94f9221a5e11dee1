package socket

import (
	"context"
	"fmt"
	"strings"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/talk"
	"wireline/protocols/verb"
	"wireline/protocols/wire"
)

// A Listener waits for clients; accept makes a session of each.
type Listener struct {
	ln      *wire.Listener
	peer    protocols.Peer
	waiting []*wire.Conn // clients that Idle has noticed
	broken  error        // why no more come
}

// Where is empty: a listener is nowhere.
func (l *Listener) Where() string { return "" }

// Named is the address it listens on.
func (l *Listener) Named() string { return l.ln.Addr().String() }

// Message tells the address, and how to know a throwaway certificate again.
func (l *Listener) Message() string { return listens(l.ln) }

func listens(ln *wire.Listener) string {
	var at []string
	for _, a := range ln.Addrs() {
		at = append(at, a.String())
	}
	text := "listening on " + strings.Join(at, " and ")
	if f := ln.Fingerprint(); f != "" {
		text += ", certificate " + f
	}
	return text
}

// Close stops listening and drops the clients that were not accepted.
func (l *Listener) Close() error {
	for _, c := range l.waiting {
		c.Close()
	}
	return l.ln.Close()
}

// Accept takes the client that came first, or waits for one.
func (l *Listener) Accept(ctx context.Context) (protocols.Session, error) {
	if len(l.waiting) > 0 {
		c := l.waiting[0]
		l.waiting = l.waiting[1:]
		return l.session(c), nil
	}
	c, err := l.next(ctx)
	if err != nil {
		return nil, err
	}
	return l.session(c), nil
}

func (l *Listener) next(ctx context.Context) (*wire.Conn, error) {
	if l.broken != nil {
		return nil, l.broken
	}
	c, err := l.ln.Accept(ctx)
	switch {
	case err == nil:
		return c, nil
	case ctx.Err() != nil:
		return nil, talk.Ended(ctx)
	}
	l.broken = err
	return nil, err
}

func (l *Listener) session(c *wire.Conn) protocols.Session {
	began := fmt.Sprintf("accepted %s on %s", who(c), l.Named())
	return arrived(l.peer, c, began)
}

// arrived is the session of a client.
func arrived(p protocols.Peer, c *wire.Conn, began string) protocols.Session {
	p.Target.URL = nil
	if p.Target.Net() == "unixpacket" {
		return visitor{newDatagram(p, c, nil), began}
	}
	return guest{newStream(p, c), began}
}

// crowd is how many clients may wait to be accepted before the kernel keeps
// the rest.
const crowd = 128

// Idle tells of clients that connect.
func (l *Listener) Idle(ctx context.Context) verb.Stream[verb.Notice] {
	return func(yield func(verb.Notice, error) bool) {
		for len(l.waiting) < crowd && l.broken == nil {
			c, err := l.next(ctx)
			switch {
			case ctx.Err() != nil && err != nil:
				return
			case err != nil:
				yield(talk.Notice("no more clients: %v", err), nil)
				return
			}
			l.waiting = append(l.waiting, c)
			if !yield(talk.Notice("connection from %s; accept takes it", who(c)), nil) {
				return
			}
		}
	}
}

// ListenerInfo is what info shows of a listener.
type ListenerInfo struct {
	Local       string   `json:"local"`
	Network     string   `json:"network"`
	Waiting     []string `json:"waiting,omitempty"` // clients to be accepted
	Serves      string   `json:"serves,omitempty"`
	Clients     int64    `json:"clients,omitempty"` // so far
	Fingerprint string   `json:"fingerprint,omitempty"`
}

// Info is the state of the listener.
func (l *Listener) Info() any {
	i := ListenerInfo{Local: l.Named(), Network: l.ln.Addr().Network(), Fingerprint: l.ln.Fingerprint()}
	for _, c := range l.waiting {
		i.Waiting = append(i.Waiting, who(c))
	}
	return i
}

// Sockopt reads or sets a socket option.
func (l *Listener) Sockopt(_ context.Context, a SockoptArgs) (any, error) {
	o, ok := any(l.ln).(optioner)
	if !ok {
		return nil, fault.New(fault.Unsupported, "the options of a listener cannot be read here")
	}
	return sockopt(o, a)
}
