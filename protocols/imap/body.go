package imap

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"wireline/protocols/fault"
)

// A body is the bytes of one section of one message, as they come from the
// server. Whether all was well is known at its Close.
type body struct {
	s     *Session
	ctx   context.Context
	tag   string
	uid   uint32
	seq   bool // uid is a sequence number
	size  int64
	left  int64
	kept  io.Reader // instead of the connection: what had to be kept
	first []byte    // the section before, such as the header of a part
	calm  func()    // undoes the limits of the transfer
	state state
	err   error
}

type state int

const (
	within state = iota // bytes of the literal are to come
	after               // the rest of the response is
	over
)

// mostKept is how much is kept where the server tells only afterwards whose
// bytes it sends, and of a section that comes before another.
const mostKept = 1 << 20

// mostDrained is how much is read of what nobody wants, rather than giving up
// the connection.
const mostDrained = 4 << 20

// want says what of a message is wanted.
type want struct {
	uid     uint32
	seq     bool
	before  string // a section to be kept, such as BODY.PEEK[2.MIME]; "" for none
	section string // the section to be streamed, such as BODY.PEEK[]
}

// fetchBody asks for a section and returns when its bytes begin.
func (s *Session) fetchBody(ctx context.Context, w want) (*body, error) {
	items := "UID "
	if w.before != "" {
		items += w.before + " "
	}
	p := page{text: fmt.Sprint(w.uid), seq: w.seq}
	b := &body{s: s, ctx: ctx, uid: w.uid, seq: w.seq, calm: s.paced()}
	s.l.in.stream = true
	var err error
	if b.tag, err = s.l.begin(s.fetching(p, "("+items+w.section+")"), nil); err == nil {
		err = b.find(w.before != "")
	}
	if err != nil {
		b.end(err)
		return nil, err
	}
	return b, nil
}

// find reads up to the literal.
func (b *body) find(two bool) error {
	for {
		r, err := b.s.l.read()
		if err != nil {
			return err
		}
		if !bytes.HasPrefix(r.text, []byte("* ")) {
			if isPlus(r.text) {
				continue
			}
			return b.missing(r.text)
		}
		found, err := b.look(r, two)
		if found || err != nil {
			return err
		}
	}
}

// missing is the end of the command without the bytes.
func (b *body) missing(text []byte) error {
	st, err := b.s.l.tagged(text, b.tag)
	if err == nil && st.kind != "OK" {
		err = b.s.l.refusal(st)
	}
	if err == nil {
		err = &fault.Error{Kind: fault.NotFound, At: b.s.box.name, Text: fmt.Sprintf("no message %d", b.uid), Hint: "ls shows what there is; numbers are UIDs"}
	}
	b.state = over
	return err
}

// look looks at a response for the section.
func (b *body) look(r response, two bool) (found bool, err error) {
	for {
		name, n, numbered, rest := word(r.text)
		if name != "FETCH" || !numbered {
			if r.body >= 0 {
				return false, b.s.l.fail(unread(r.text))
			}
			return false, nil
		}
		m, err := parseMessage(uint32(n), rest)
		if err != nil {
			return false, b.s.l.fail(err)
		}
		if len(m.sections) == 0 {
			return false, nil // flags that changed, of whatever message
		}
		which := m.uid
		if b.seq {
			which = m.seq
		}
		if which != 0 && which != b.uid || n < 1 || n > 1<<32-1 {
			return false, b.s.l.fail(fault.New(fault.Protocol, "the server sends message %d instead of %d", which, b.uid))
		}
		last := &m.sections[len(m.sections)-1]
		if two && len(m.sections) == 2 && b.first == nil {
			b.first = bytes.Clone(m.sections[0].data)
		}
		if r.body < 0 {
			return true, b.whole(which, m, last)
		}
		if two && len(m.sections) == 1 {
			if b.first, err = b.keep(r.body); err != nil {
				return false, err
			}
		} else if which == b.uid {
			b.size, b.left = r.body, r.body
			return true, nil
		} else {
			return true, b.unsure(r.body)
		}
		if r, err = b.s.l.in.more(); err != nil {
			return false, b.s.l.fail(err)
		}
	}
}

// whole is a section that came within the response: NIL, or in quotes.
func (b *body) whole(which uint32, m *message, x *section) error {
	b.state = after
	if which != b.uid {
		return b.s.l.fail(fault.New(fault.Protocol, "the server does not tell whose bytes it sends"))
	}
	if x.null || x.streamed {
		err := &fault.Error{Kind: fault.NotFound, At: b.s.box.name, Text: fmt.Sprintf("message %d has no such part", b.uid), Hint: "parts lists them"}
		if _, late := b.s.l.finish(b.ctx, b.tag, "FETCH", nil); late != nil {
			return late
		}
		b.state = over
		return err
	}
	b.kept, b.size, b.left = bytes.NewReader(bytes.Clone(x.data)), int64(len(x.data)), int64(len(x.data))
	return nil
}

// keep reads a literal into memory.
func (b *body) keep(n int64) ([]byte, error) {
	if n > mostKept {
		return nil, b.s.l.fail(fault.New(fault.Limit, "a section of %d bytes is more than the %d that are kept", n, mostKept))
	}
	var all bytes.Buffer
	if _, err := io.CopyN(&all, b.s.l.in.br, n); err != nil {
		return nil, b.s.l.fail(early(err))
	}
	return all.Bytes(), nil
}

// unsure keeps the bytes until the server tells whose they are.
func (b *body) unsure(n int64) error {
	data, err := b.keep(n)
	if err != nil {
		return err
	}
	r, err := b.s.l.in.more()
	if err != nil {
		return b.s.l.fail(err)
	}
	_, seq, _, rest := word(r.text)
	m, err := parseMessage(uint32(seq), rest)
	if err != nil || r.body >= 0 || m.uid != b.uid {
		return b.s.l.fail(fault.New(fault.Protocol, "the server does not tell whose bytes it sends"))
	}
	b.kept, b.size, b.left, b.state = bytes.NewReader(data), n, n, after
	return nil
}

// Read reads the bytes as they come.
func (b *body) Read(p []byte) (int, error) {
	if b.left == 0 && b.err == nil {
		b.settle()
	}
	if b.left == 0 || b.err != nil {
		if b.err != nil {
			return 0, b.err
		}
		return 0, io.EOF
	}
	src := io.Reader(b.s.l.in.br)
	if b.kept != nil {
		src = b.kept
	}
	n, err := src.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	if err != nil && (err != io.EOF || b.left > 0) {
		if errors.Is(err, io.EOF) {
			err = fault.New(fault.Partial, "the server closed the connection %d bytes before the end of the message", b.left)
		}
		b.end(b.s.l.fail(err))
		return n, b.err
	}
	return n, nil
}

// settle reads what follows the bytes, up to the end of the command.
func (b *body) settle() {
	if b.state == over {
		return
	}
	if b.state == within {
		r, err := b.s.l.in.more()
		if err == nil {
			err = b.rest(r)
		}
		if err != nil {
			b.end(b.s.l.fail(err))
			return
		}
	}
	b.state = after
	b.s.l.in.stream = false
	_, err := b.s.l.finish(b.ctx, b.tag, "FETCH", func(p []byte) error {
		if name, n, _, rest := word(p); name == "FETCH" {
			if m, err := parseMessage(uint32(n), rest); err != nil || len(m.sections) > 0 {
				return b.s.l.fail(fault.New(fault.Protocol, "the server sends more than the message that was asked for"))
			}
		}
		return nil
	})
	b.end(err)
}

// rest checks what follows the bytes within the response.
func (b *body) rest(r response) error {
	_, n, _, rest := word(r.text)
	m, err := parseMessage(uint32(n), rest)
	switch {
	case err != nil:
		return err
	case r.body >= 0:
		return fault.New(fault.Protocol, "the server sends a section that was not asked for")
	case !b.seq && m.uid != b.uid:
		return fault.New(fault.Protocol, "the server sends message %d instead of %d", m.uid, b.uid)
	}
	return nil
}

// end gives the connection back.
func (b *body) end(err error) {
	b.state, b.left = over, 0
	b.s.l.in.stream = false
	if b.calm != nil {
		b.calm()
		b.calm = nil
	}
	if b.err == nil {
		b.err = err
	}
}

// Close ends the reading, also where not all was read.
func (b *body) Close() error {
	if b.left > 0 && b.kept == nil && b.state != over {
		if b.left > mostDrained {
			b.end(nil)
			_ = b.s.l.fail(fault.New(fault.Recv, "the connection was given up, as %d bytes of a message were not wanted", b.left))
			b.s.wire.Cut(b.s.l.over())
			return nil
		}
		_, _ = io.Copy(io.Discard, b)
	}
	b.left = 0
	b.settle()
	return b.err
}
