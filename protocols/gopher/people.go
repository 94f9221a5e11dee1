package gopher

import (
	"bufio"
	"context"
	"errors"
	"io"
	"strconv"
	"strings"

	"wireline/protocols/fault"
	"wireline/protocols/wire"
)

// people asks a CSO name server for the people that the words of it mean (RFC
// 2378). What it says of them are rows without numbers, and the menu stays
// what it was.
func (s *Session) people(ctx context.Context, it Item, look Look) (Rows, error) {
	c, err := s.send(ctx, it, "query "+it.Search)
	if err != nil {
		return nil, err
	}
	in := bufio.NewReaderSize(c, block)
	first, err := personLine(in, it)
	if err == nil && !first.more && first.code >= 400 {
		kind := fault.Refused
		if first.code == 501 {
			kind = fault.NotFound
		}
		err = &fault.Error{Kind: kind, At: it.URL(), Code: strconv.Itoa(first.code), Text: decode(auto, first.text)}
	}
	if err != nil {
		c.Close()
		return nil, err
	}
	return s.persons(c, in, it, first, s.encodingFor(look)), nil
}

// persons gives a row for each field of each person, and an empty one between
// two of them.
func (s *Session) persons(c *wire.Conn, in *bufio.Reader, it Item, line said, encoding string) Rows {
	return func(yield func(Row, error) bool) {
		if yield == nil {
			return
		}
		defer c.Close()
		defer io.WriteString(c, "quit\r\n") // it is polite, and nothing depends on it
		person := 0
		for {
			if line.more && line.person != person && person > 0 && !yield(Row{Type: "i", Kind: "info"}, nil) {
				return
			}
			if line.more && line.person > 0 {
				person = line.person
			}
			if (line.more || line.code < 200) && !yield(Row{Type: "i", Kind: "info", Name: decode(encoding, line.text)}, nil) {
				return
			}
			if !line.more && line.code >= 200 {
				return
			}
			var err error
			if line, err = personLine(in, it); err != nil {
				yield(Row{}, err)
				return
			}
		}
	}
}

// What a name server said in one line: -200:1: name: Ann, for the first
// person, or 200:Ok. at the end.
type said struct {
	more   bool // a part of an answer
	code   int
	person int // 0 if it is about none
	text   string
}

func personLine(in *bufio.Reader, it Item) (said, error) {
	text, err := in.ReadSlice('\n')
	switch {
	case errors.Is(err, bufio.ErrBufferFull):
		return said{}, &fault.Error{Kind: fault.Limit, At: it.URL(), Text: "a line is longer than 64 KiB"}
	case errors.Is(err, io.EOF):
		return said{}, &fault.Error{Kind: fault.Partial, At: it.URL(), Text: "the name server closed the connection in the middle of its answer"}
	case err != nil:
		return said{}, err
	}
	line := strings.TrimRight(string(text), "\r\n")
	rest, more := strings.CutPrefix(line, "-")
	number, rest, ok := strings.Cut(rest, ":")
	code, err := strconv.ParseUint(number, 10, 10)
	if !ok || err != nil || code < 100 {
		return said{}, &fault.Error{Kind: fault.Protocol, At: it.URL(), Text: "this is not what a name server says: " + strconv.Quote(decode(auto, line[:min(len(line), shown)]))}
	}
	x := said{more: more, code: int(code), text: strings.TrimSpace(rest)}
	if index, field, ok := strings.Cut(rest, ":"); ok && more {
		if n, err := strconv.ParseUint(index, 10, 31); err == nil {
			x.person, x.text = int(n), strings.TrimSpace(field)
		}
	}
	return x, nil
}
