package talk

import (
	"bytes"
	"context"

	"wireline/protocols/fault"
)

// What is kept in memory.
const (
	Most  = 1 << 20  // waits for a recv; beyond that the other side is held back
	Whole = 64 << 20 // that one recv gathers, because it was asked for all
)

// An Inbox keeps what came on a connection until a verb takes it. A session
// embeds one and gives it what differs from session to session.
type Inbox struct {
	Buf []byte // came and was not taken
	In  int64  // bytes that ever came
	End error  // why nothing more comes; io.EOF when the other side closed

	Peer string // who sends: "the peer", "the server"
	Gone string // what it did when it closed: "closed its side"

	// Fill waits for a byte or more to come and keeps it in Buf. It fails
	// with End, and politely when its context ends.
	Fill func(context.Context) error
	// More is Fill with errors for people.
	More func(context.Context) error
	// At adds to an error where the conversation is.
	At func(*fault.Error) error

	told   bool // Idle has told of the end
	full   bool // and that no more is read until something is taken
	untold int  // bytes at the end of Buf that it had no time to tell of
}

// Take gives what came and was not taken.
func (b *Inbox) Take() []byte {
	p := b.Buf
	b.Buf = nil
	return p
}

// Drop takes n bytes off the front.
func (b *Inbox) Drop(n int) {
	b.Buf = b.Buf[n:]
	if len(b.Buf) == 0 {
		b.Buf = nil
	}
}

// Cut takes n bytes off the front, or only looks at them, and gives a copy.
func (b *Inbox) Cut(n int, peek bool) []byte {
	p := bytes.Clone(b.Buf[:n])
	if !peek {
		b.Drop(n)
	}
	return p
}

// Reopen says that more may come after all: there is another connection.
func (b *Inbox) Reopen() { b.End, b.told = nil, false }

// A Line is one line that came, without its end.
type Line struct {
	Text string `json:"text"`
}

// String is the line itself.
func (l Line) String() string { return l.Text }
