package gopher

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"

	"wireline/protocols/fault"
	"wireline/protocols/wire"
)

// A listing is a menu on its way.
type listing struct {
	s      *Session
	from   io.Closer  // the connection, or a file
	conn   *wire.Conn // nil for a file
	in     *bufio.Reader
	first  []byte // the first line, which was looked at already
	place  Item
	rows   reader
	strict bool
	menu   *menu
	sound  int    // lines that are items or info
	left   func() // goes back to where the session was before
}

// open asks for a menu and reads its first line, which tells whether the
// server has it.
func (s *Session) open(ctx context.Context, it Item, look Look, long bool) (*listing, error) {
	l := &listing{
		s: s, place: it, menu: &menu{place: it},
		rows: reader{place: it, encoding: s.encodingFor(look), long: long}, strict: s.strict || look.Strict,
	}
	if err := l.begin(ctx); err != nil {
		return nil, err
	}
	line, err := l.line()
	if err == nil && len(line) > 0 && line[0] == '3' {
		text, _, _ := bytes.Cut(line[1:], []byte("\t"))
		err = refused(string(text), it)
	}
	if err != nil {
		l.from.Close()
		return nil, err
	}
	l.first = append(make([]byte, 0, len(line)+1), line...)
	return l, nil
}

// begin asks for the menu, or opens the file that it is.
func (l *listing) begin(ctx context.Context) error {
	if l.place.Local {
		b, err := l.place.read(ctx)
		if err == nil {
			l.from, l.in = b, bufio.NewReaderSize(b, block)
		}
		return err
	}
	c, err := l.s.ask(ctx, l.place, "")
	if err == nil {
		l.from, l.conn, l.in = c, c, bufio.NewReaderSize(c, block)
		if c.Info().Proxy == "" {
			l.place.via = c.RemoteAddr().String()
			l.rows.place, l.menu.place = l.place, l.place
		}
	}
	return err
}

// stream gives the rows as they come, and keeps what is needed to find items
// by their numbers.
func (l *listing) stream() Rows {
	texts := false
	return func(yield func(Row, error) bool) {
		switch {
		case yield == nil:
			texts = true
			return
		case texts:
			l.texts(yield)
			return
		}
		defer l.from.Close()
		for {
			line, err := l.next()
			if err != nil || string(line) == "." {
				if err = l.over(err); err != nil {
					yield(Row{}, err)
				}
				return
			}
			if !yield(l.row(line), nil) {
				return
			}
		}
	}
}

func (l *listing) row(line []byte) Row {
	next, before := l.rows.number+1, l.rows.before
	row := l.rows.row(line)
	if row.Broken == "" {
		l.sound++
	}
	l.menu.items = l.rows.number
	l.menu.add(line, next, before)
	return row
}

// over judges the end of the menu: at its mark when err is nil.
func (l *listing) over(err error) error {
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if l.sound == 0 && l.menu.size > 0 {
		if l.left != nil {
			l.left()
		}
		return (&fault.Error{Kind: fault.Protocol, At: l.place.URL(), Text: "the reply is not a menu"}).
			WithHint("cat --type 0 shows it as text")
	}
	if l.conn != nil {
		if err := l.s.end(l.conn, l.place, err == nil, l.strict); err != nil {
			return err
		}
	}
	l.menu.whole = !l.menu.full
	return nil
}

func (l *listing) next() ([]byte, error) {
	if line := l.first; line != nil {
		l.first = nil
		return line, nil
	}
	return l.line()
}

// What becomes of a line that is longer than a block.
const (
	shown   = 200      // bytes of it that are shown
	endless = 16 << 20 // bytes that no line has
)

// line reads a line without its end. The server's close ends a line, too.
func (l *listing) line() ([]byte, error) {
	line, err := l.in.ReadSlice('\n')
	switch {
	case err == nil && len(line) > block:
		return tooLong(line), nil
	case err == nil:
		line = line[:len(line)-1]
	case errors.Is(err, bufio.ErrBufferFull):
		return l.cut(line)
	case !errors.Is(err, io.EOF) || len(line) == 0:
		return nil, err
	}
	if n := len(line); n > 0 && line[n-1] == '\r' {
		line = line[:n-1]
	}
	return line, nil
}

// cut makes a line that cannot be an item of the beginning of one that is too
// long, and passes over the rest.
func (l *listing) cut(line []byte) ([]byte, error) {
	kept := tooLong(line)
	for n := len(line); n < endless; n += len(line) {
		var err error
		line, err = l.in.ReadSlice('\n')
		if err == nil || errors.Is(err, io.EOF) {
			return kept, nil
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return nil, err
		}
	}
	return nil, &fault.Error{Kind: fault.Limit, At: l.place.URL(), Text: "a line of the menu is longer than 16 MiB"}
}

// tooLong is what is shown of a line that is.
func tooLong(line []byte) []byte {
	kept := bytes.ReplaceAll(bytes.Clone(line[:shown]), []byte("\t"), []byte(" "))
	return append(kept, " ... (the line is too long)"...)
}

// Limits of a menu that is read without being shown.
const (
	mostLines = 1_000_000
	mostBytes = 64 << 20
)

// drain reads a menu to its end without showing it.
func drain(rows Rows, place Item) error {
	lines, size := 0, 0
	for row, err := range rows {
		if err != nil {
			return err
		}
		lines++
		size += len(row.Name) + len(row.Selector) + len(row.Host)
		if lines > mostLines || size > mostBytes {
			return (&fault.Error{Kind: fault.Limit, At: place.URL(), Text: "the menu is longer than 1,000,000 lines or 64 MiB"}).
				WithHint("ls shows it without keeping it")
		}
	}
	return nil
}
