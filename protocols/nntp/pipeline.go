package nntp

import (
	"bufio"
	"context"
	"iter"
	"strconv"
)

// What is on its way at a time (RFC 3977, section 3.5): so many commands, and
// few enough bytes of them that the server can take them all before it is done
// with the first.
const (
	window     = 400
	windowRoom = 16 << 10
)

// wide is how much is read at a time of what was asked for at once.
const wide = 256 << 10

// pipelined sends commands without waiting for the reply to each, and calls
// each for every reply, in order. What follows a reply need not be read there.
func (s *Session) pipelined(ctx context.Context, word string, args iter.Seq[string], each func(arg string, r reply) error) error {
	l := s.link
	if err := l.quiet(); err != nil {
		return err
	}
	defer l.watch(ctx)()
	defer l.widen()()
	l.sent = word
	var out []byte
	var waiting []string
	asked := 0 // bytes of what is waited for
	cost := func(arg string) int { return len(word) + len(arg) + len(" \r\n") }
	// replies sends what is to be sent, and reads until most are on their way.
	replies := func(most int) error {
		if len(out) > 0 {
			if err := l.send(out); err != nil {
				return l.because(ctx, err)
			}
			out = out[:0]
		}
		for len(waiting) > most {
			r, err := l.answer()
			if err != nil {
				return l.because(ctx, err)
			}
			err = each(waiting[0], r)
			asked -= cost(waiting[0])
			waiting = waiting[1:]
			if err == nil && l.block != nil {
				err = l.block.drain()
			}
			if err != nil {
				if len(waiting) > 0 || l.block != nil {
					l.fail(err) // replies are on their way that nobody waits for
				}
				return err
			}
		}
		return nil
	}
	for arg := range args {
		waiting = append(waiting, arg)
		out = append(append(append(append(out, word...), ' '), arg...), "\r\n"...)
		if asked += cost(arg); len(waiting) < window && asked < windowRoom {
			continue
		}
		if err := replies(len(waiting) / 2); err != nil {
			return err
		}
	}
	return replies(0)
}

// widen has much be read at a time until done is called.
func (l *link) widen() (done func()) {
	narrow := l.in
	l.in = bufio.NewReaderSize(narrow, wide)
	return func() {
		if l.in.Buffered() == 0 {
			l.in = narrow
		}
	}
}

// numbered gives the numbers in some spans as words.
func numbered(spans []span) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, x := range spans {
			for n := x.from; ; n++ { // to may be the last number there is
				if !yield(strconv.FormatInt(n, 10)) {
					return
				}
				if n >= x.to {
					break
				}
			}
		}
	}
}
