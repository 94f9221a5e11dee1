package nntp

import (
	"bufio"
	"bytes"
	"errors"
	"io"

	"wireline/protocols/fault"
)

// A block is the lines that follow a reply, up to a line of one dot (RFC
// 3977, section 3.1.1). A line ends with CR LF and with nothing else, so what
// an article has in it cannot end it. The end of the block is io.EOF; any
// other end of the connection is an error.
type block struct {
	l     *link
	at    place
	lines int
	bytes int64
	marks int64  // of those, how many are dots before lines, and the end
	long  []byte // a line with a line feed in it
	err   error
}

// A place is where in a line the next byte is.
type place int

const (
	begins   place = iota // a line
	within                // a line
	behindCR              // after CR
)

// begin is the block that follows the reply that was read last.
func (l *link) begin() *block {
	l.block = &block{l: l}
	return l.block
}

func (b *block) done(err error) error {
	b.err = err
	if err == io.EOF && b.l.block == b {
		b.l.block = nil
	}
	return err
}

// broken is what becomes of an error of the connection.
func (b *block) broken(err error) error {
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		e := fault.New(fault.Partial, "the server closed the connection before the end of its reply to %s, %d bytes received", b.l.sent, b.bytes)
		e.Phase, e.At = "body", b.l.at
		err = e
	case errors.Is(err, bufio.ErrBufferFull):
		e := fault.New(fault.Limit, "a line is longer than %d bytes", room)
		e.Phase, e.At = "body", b.l.at
		err = e
	}
	return b.done(b.l.fail(b.l.spoilt(err)))
}

// line is the next line, without its end and without the dot that was put
// before one. It is valid until the next call.
func (b *block) line() ([]byte, error) {
	if b.err != nil {
		return nil, b.err
	}
	p, err := b.l.in.ReadSlice('\n')
	if err != nil {
		return nil, b.broken(err)
	}
	if n := len(p); n < 2 || p[n-2] != '\r' {
		if p, err = b.rest(p); err != nil {
			return nil, b.broken(err)
		}
	}
	b.bytes += int64(len(p))
	if p[0] == '.' {
		if len(p) == 3 {
			return nil, b.done(io.EOF)
		}
		p = p[1:]
	}
	b.lines++
	return p[:len(p)-2], nil
}

// rest is a line whose first line feed does not end it.
func (b *block) rest(p []byte) ([]byte, error) {
	b.long = append(b.long[:0], p...)
	for {
		p, err := b.l.in.ReadSlice('\n')
		if err != nil {
			return nil, err
		}
		if b.long = append(b.long, p...); len(b.long) > room {
			return nil, bufio.ErrBufferFull
		}
		if bytes.HasSuffix(b.long, []byte("\r\n")) {
			return b.long, nil
		}
	}
}

// chunk is as much of the block as is there, without the dots that were put
// before lines; at least a byte, unless it is at its end. It is valid until
// the next call.
func (b *block) chunk() ([]byte, error) {
	if b.err != nil {
		return nil, b.err
	}
	for {
		p, err := b.l.in.Peek(1)
		if err != nil {
			return nil, b.broken(err)
		}
		switch {
		case b.at == begins && p[0] == '.':
			if end, err := b.dot(); err != nil {
				return nil, b.broken(err)
			} else if end {
				return nil, b.done(io.EOF)
			}
			continue
		case b.at == behindCR && p[0] == '\n':
			b.at = begins
			p = p[:1]
		default:
			p, _ = b.l.in.Peek(b.l.in.Buffered())
			p = b.run(p)
		}
		b.bytes += int64(len(p))
		b.l.in.Discard(len(p))
		return p, nil
	}
}

// run is the beginning of p up to where a dot may have to be taken away.
func (b *block) run(p []byte) []byte {
	if i := bytes.Index(p, []byte("\r\n.")); i >= 0 {
		b.at = begins
		return p[:i+2]
	}
	switch {
	case bytes.HasSuffix(p, []byte("\r\n")):
		b.at = begins
	case p[len(p)-1] == '\r':
		b.at = behindCR
	default:
		b.at = within
	}
	return p
}

// dot takes away the dot that a line begins with, and reports whether it was
// the end mark.
func (b *block) dot() (end bool, err error) {
	p, err := b.l.in.Peek(3)
	if string(p) == ".\r\n" {
		b.bytes += 3
		b.marks += 3
		b.l.in.Discard(3)
		return true, nil
	}
	if len(p) < 3 && (len(p) < 2 || p[1] == '\r') {
		return false, err
	}
	b.bytes++
	b.marks++
	b.l.in.Discard(1)
	b.at = within
	return false, nil
}

// Read gives the block as bytes.
func (b *block) Read(p []byte) (int, error) {
	if len(p) == 0 || b.err != nil {
		return 0, b.err
	}
	if b.l.in.Size() > len(p) {
		return b.some(p)
	}
	q, err := b.chunk()
	return copy(p, q), err
}

// some reads into a buffer that a chunk may not fit into.
func (b *block) some(p []byte) (int, error) {
	if len(b.long) == 0 {
		q, err := b.chunk()
		if err != nil {
			return 0, err
		}
		b.long = append(b.long, q...)
	}
	n := copy(p, b.long)
	b.long = b.long[n:]
	return n, nil
}

// WriteTo writes the block to w.
func (b *block) WriteTo(w io.Writer) (total int64, err error) {
	for {
		q, err := b.chunk()
		if err == io.EOF {
			return total, nil
		}
		if err != nil {
			return total, err
		}
		n, err := w.Write(q)
		total += int64(n)
		if err != nil {
			return total, err
		}
	}
}

// rare is how much of a block is read only to get to its end.
const rare = 1 << 20

// drain reads the block to its end. One that is too long for that makes the
// connection of no use.
func (b *block) drain() error {
	for from := b.bytes; b.bytes-from < rare; {
		if _, err := b.chunk(); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
	}
	e := fault.New(fault.Recv, "the last reply was not read to its end")
	e.At = b.l.at
	return b.done(b.l.fail(e))
}
