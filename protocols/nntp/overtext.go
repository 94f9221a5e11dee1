package nntp

import (
	"bytes"
	"context"
	"errors"
	"io"
)

// Overviews is a verb.Stream that can also be written as text, without taking
// each line apart. A nil yield asks it for texts instead of rows.
type Overviews func(yield func(Overview, error) bool)

// Text writes the overviews as lines with a TAB between the fields, as they
// are shown when they do not go to a terminal.
func (all Overviews) Text(w io.Writer) (err error) {
	all(nil)
	all(func(o Overview, e error) bool {
		if err = e; err == nil {
			_, err = w.Write(o.text)
		}
		return err == nil
	})
	return err
}

// texts gives the lines that follow the last reply as text, as many at a time
// as are at hand. It counts all, and those that make no sense, which are left
// out. It reports whether the end has come.
func (s *Session) texts(ctx context.Context, yield func(Overview, error) bool, odd, all *int) bool {
	l := s.link
	defer l.watch(ctx)()
	b := l.begin()
	out := make([]byte, 0, room+room/2)
	for {
		line, err := b.line()
		if err == nil {
			if *all++; isOverview(line) {
				out = append(append(out, line...), '\n')
			} else {
				*odd++
			}
			out = b.overviews(out, odd, all)
		}
		if len(out) > 0 && (err != nil || len(out) > room/2 || l.in.Buffered() == 0) {
			if !yield(Overview{text: out}, nil) {
				return false
			}
			out = out[:0]
		}
		switch {
		case errors.Is(err, io.EOF) && b.err == io.EOF:
			return true
		case err != nil:
			yield(Overview{}, l.because(ctx, err))
			return false
		}
	}
}

// overviews adds to out those of the lines that have come already which need
// no second look.
func (b *block) overviews(out []byte, odd, all *int) []byte {
	p, _ := b.l.in.Peek(b.l.in.Buffered())
	n := 0
	for {
		i := bytes.IndexByte(p[n:], '\n')
		if i < 1 || p[n] == '.' || p[n+i-1] != '\r' {
			break
		}
		line := p[n : n+i-1]
		if *all++; isOverview(line) {
			out = append(append(out, line...), '\n')
		} else {
			*odd++
		}
		n += i + 1
		b.lines++
	}
	b.bytes += int64(n)
	b.l.in.Discard(n)
	return out
}

// isOverview checks a line as parseOverview does, but for its numbers.
func isOverview(line []byte) bool {
	return len(line) > 0 && line[0] >= '0' && line[0] <= '9' && bytes.Count(line, tab) >= 6
}

var tab = []byte("\t")

// textOf is a line as a text.
func textOf(line []byte) (Overview, bool) {
	return Overview{text: append(line[:len(line):len(line)], '\n')}, isOverview(line)
}
