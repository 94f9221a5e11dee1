package nntp

import (
	"context"
	"iter"
	"strconv"
)

// window is how many commands are on their way at a time (RFC 3977, section
// 3.5). They are short, so that the server can take them all.
const window = 100

// pipelined sends commands without waiting for the reply to each, and calls
// each for every reply, in order. What follows a reply need not be read there.
func (s *Session) pipelined(ctx context.Context, word string, args iter.Seq[string], each func(arg string, r reply) error) error {
	l := s.link
	if err := l.quiet(); err != nil {
		return err
	}
	defer l.watch(ctx)()
	l.sent = word
	var out []byte
	var waiting []string
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
		if len(waiting) < window {
			continue
		}
		if err := replies(window / 2); err != nil {
			return err
		}
	}
	return replies(0)
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
