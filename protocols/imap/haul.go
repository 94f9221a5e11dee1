package imap

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"

	"wireline/protocols/fault"
	"wireline/protocols/mail"
)

// How many whole messages are asked for at a time, and how many of them are
// fetched before they are made safe.
const (
	haulPage  = 500
	syncEvery = 4000
)

// haulItems come before the bytes, so that it is known whose they are.
const haulItems = "(UID FLAGS INTERNALDATE "

// A haul is the fetching of many messages, of which each is given to keep as
// it comes. Their bytes go from the connection to where they are kept.
type haul struct {
	s       *Session
	section string // BODY.PEEK[]
	keep    func(*incoming) error
	whole   func(page) // is called when a page has come to its end; nil: nobody
	none    set        // UIDs of which there were no bytes
	answers
	msg      message
	now      *incoming // the last message
	unwanted bool      // keep has failed, and not the server
}

// run fetches pages of messages.
func (h *haul) run(ctx context.Context, pages []page) error {
	in := h.s.l.in
	in.stream = true
	in.widen()
	defer func() { in.stream = false }()
	defer h.s.paced()()
	h.of = keyUID
	var tags []string
	for i, p := range pages {
		for len(tags) < min(i+1+min(i, 1), len(pages)) { // the first page may be the last that is wanted
			next := pages[len(tags)]
			tag, err := h.s.l.begin(h.s.fetching(next, haulItems+h.section+")"), nil)
			if err != nil {
				return err
			}
			tags = append(tags, tag)
			h.asked = append(h.asked, next)
		}
		if err := h.until(ctx, tags[i]); err != nil {
			return h.leave(ctx, err, tags[i:])
		}
		h.asked = h.asked[1:]
		if h.whole != nil {
			h.whole(p)
		}
	}
	return h.given(ctx)
}

// given is an error when there are messages of which the server gave no bytes.
func (h *haul) given(ctx context.Context) error {
	here, err := h.s.having(ctx, h.none)
	if err == nil && len(here) > 0 {
		err = &fault.Error{Kind: fault.Protocol, At: h.s.box.name, Text: fmt.Sprintf("the server gives no bytes of %s, though it has them", short(here.String()))}
	}
	return err
}

// leave ends a haul after an error. Of what is under way so much is read that
// the connection can be used again, if it is not too much.
func (h *haul) leave(ctx context.Context, err error, tags []string) error {
	var cut error
	switch {
	case h.s.l.over() != nil:
		return err
	case refused(err):
		tags = tags[1:]
	case !h.unwanted:
		cut = err // it is the server's
	}
	if errors.Is(err, io.ErrClosedPipe) || errors.Is(err, errEnough) {
		err = nil
	}
	drained := int64(0)
	h.keep = func(in *incoming) error {
		if drained += min(in.left, mostDrained+1); drained > mostDrained {
			return fault.New(fault.Recv, "the connection was given up, as messages that were on their way were not wanted")
		}
		_, err := in.WriteTo(io.Discard)
		return err
	}
	if in := h.now; in != nil && cut == nil && (in.left > 0 || !in.over) {
		cut = h.keep(in)
	}
	for _, tag := range tags {
		if cut != nil {
			break
		}
		if late := h.until(ctx, tag); !refused(late) {
			cut = late
		}
	}
	if cut != nil {
		cut = h.s.l.fail(cut)
		h.s.wire.Cut(cut)
	}
	return cmp.Or(err, cut)
}

// until reads up to the end of a command.
func (h *haul) until(ctx context.Context, tag string) error {
	l := h.s.l
	for {
		if st, ok := l.early[tag]; ok {
			delete(l.early, tag)
			return l.ended(st)
		}
		r, err := l.read()
		if err != nil {
			return err
		}
		switch {
		case bytes.HasPrefix(r.text, []byte("* ")):
			if err := h.untagged(r); err != nil {
				return err
			}
		case isPlus(r.text):
			l.left("+", "a + that nothing waits for")
		default:
			st, err := l.tagged(r.text, tag)
			if err != nil {
				return err
			}
			if st.tag == tag {
				return l.ended(st)
			}
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
	}
}

// ended is the error for the end of a command, if it is one.
func (l *link) ended(st status) error {
	l.complete(st)
	if st.kind != "OK" {
		return l.refusal(st)
	}
	return nil
}

// untagged takes a response, whose bytes may still be to come.
func (h *haul) untagged(r response) error {
	name, n, numbered, rest := word(r.text)
	if name != "FETCH" || !numbered {
		if r.body >= 0 {
			return unread(r.text)
		}
		return nil
	}
	m := &h.msg
	switch err := m.parse(uint32(n), rest); {
	case err != nil:
		return err
	case n < 1 || n >= 1<<32:
		return unread(r.text)
	case len(m.sections) == 0:
		return nil // flags that changed
	case len(m.sections) > 1:
		return fault.New(fault.Protocol, "the server sends sections that were not asked for")
	}
	x := &m.sections[0]
	if x.null { // it may be gone by now
		h.none = h.none.with(m.uid)
		return h.check(m)
	}
	in := &incoming{h: h, size: int64(len(x.data)), left: int64(len(x.data)), data: x.data, over: true}
	if r.body >= 0 {
		in = &incoming{h: h, size: r.body, left: r.body, src: h.s.l.in}
	}
	if m.uid != 0 || in.over {
		if err := h.check(m); err != nil {
			return err
		}
		in.checked = true
	}
	in.uid = m.uid
	h.now = in
	if err := h.keep(in); err != nil {
		h.unwanted = in.err == nil
		return cmp.Or(in.err, err)
	}
	if in.left > 0 {
		return fault.New(fault.Internal, "a message was not read to its end")
	}
	return in.finish()
}

// An incoming is a message on its way. Reading it to the end reads the rest of
// the response too, and fails if that tells of another message.
type incoming struct {
	h       *haul
	uid     uint32
	size    int64
	left    int64
	data    []byte  // all of it, if it came within the response
	src     *reader // else where the bytes come from
	over    bool    // the rest of the response was read
	checked bool
	err     error
}

// About is what the response says of the message. It is complete when the
// message was read to its end.
func (in *incoming) About() mail.About {
	m := &in.h.msg
	return mail.About{UID: m.uid, Flags: m.flags, Received: m.internal}
}

// WriteTo writes the message, in whole lines unless they are very long.
func (in *incoming) WriteTo(w io.Writer) (n int64, err error) {
	for in.left > 0 {
		p, err := in.peek()
		if err != nil {
			return n, in.fail(err)
		}
		k, err := w.Write(p)
		n += int64(k)
		if err != nil {
			return n, err
		}
		in.took(len(p))
	}
	return n, in.finish()
}

// Read reads the message.
func (in *incoming) Read(b []byte) (int, error) {
	if in.left == 0 {
		if err := in.finish(); err != nil {
			return 0, err
		}
		return 0, io.EOF
	}
	p, err := in.peek()
	if err != nil {
		return 0, in.fail(err)
	}
	n := copy(b, p)
	in.took(n)
	return n, nil
}

// peek is what there is of the message, up to the end of a line if there is
// one.
func (in *incoming) peek() ([]byte, error) {
	if in.src == nil {
		return in.data, nil
	}
	br := in.src.br
	have := min(int64(br.Buffered()), in.left)
	p, _ := br.Peek(int(have))
	if have == in.left {
		return p, nil
	}
	if i := bytes.LastIndexByte(p, '\n'); i >= 0 {
		return p[:i+1], nil
	}
	if int(have) == br.Size() {
		return p, nil
	}
	if _, err := br.Peek(int(have) + 1); err != nil {
		return nil, err
	}
	return in.peek()
}

func (in *incoming) took(n int) {
	in.left -= int64(n)
	if in.src == nil {
		in.data = in.data[n:]
		return
	}
	_, _ = in.src.br.Discard(n) // they were peeked at
}

func (in *incoming) fail(err error) error {
	if errors.Is(err, io.EOF) {
		err = fault.New(fault.Partial, "the server closed the connection %d bytes before the end of message %d", in.left, in.uid)
	}
	in.err = err
	return err
}

// finish reads the rest of the response.
func (in *incoming) finish() error {
	if in.over {
		return in.err
	}
	in.over = true
	r, err := in.src.more()
	if err != nil {
		in.err = early(err)
		return in.err
	}
	m := &in.h.msg
	_, n, _, rest := word(r.text)
	switch err := m.parse(uint32(n), rest); {
	case err != nil:
		in.err = err
	case r.body >= 0 || len(m.sections) != 1:
		in.err = fault.New(fault.Protocol, "the server sends a section that was not asked for")
	case in.uid != 0 && m.uid != in.uid:
		in.err = fault.New(fault.Protocol, "the server sends message %d instead of %d", m.uid, in.uid)
	case !in.checked:
		in.uid, in.err = m.uid, in.h.check(m)
	}
	return in.err
}
