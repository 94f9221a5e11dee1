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
	rest  []byte // taken, and not read
	long  []byte // a line with a line feed in it
	err   error
}

// A place is where in a line the next byte is.
type place int

const (
	begins   place = iota // a line
	behindLF              // after an LF that ends no line
	within                // a line
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
		e := fault.New(fault.Partial, "the server closed the connection before the end of its reply to %s, %d bytes received", b.l.sent, b.bytes+int64(b.l.in.Buffered()))
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
		if p, err = b.beyond(p); err != nil {
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

// beyond is a line whose first line feed does not end it.
func (b *block) beyond(p []byte) ([]byte, error) {
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

// take adds to out what is at hand of the block, without the dots that were
// put before lines: whole lines, but for one that is longer than the buffer.
// For an mbox they get the ends that lines have here, and those that look like
// its "From " get a > before them (RFC 4155).
func (b *block) take(out []byte, mbox bool) ([]byte, error) {
	p, err := b.hand()
	if err != nil {
		return out, err
	}
	n, at := 0, b.at
	for n < len(p) {
		if at == begins {
			k, dots := 0, 0
			out, k, dots = plainLines(out, p[n:], mbox)
			b.marks += int64(dots)
			if n += k; n == len(p) {
				break
			}
		}
		end := n + bytes.IndexByte(p[n:], '\n') + 1
		if end == n {
			if n > 0 {
				break
			}
			if end = len(p); p[end-1] == '\r' && b.err == nil {
				end-- // may be half of the end of a line
			}
		}
		line := p[n:end]
		n = end
		if at == begins && line[0] == '.' {
			b.marks++
			if line = line[1:]; string(line) == "\r\n" {
				b.marks += 2
				err = b.done(io.EOF)
				break
			}
		}
		if mbox && at != within && isFrom(line) {
			out = append(out, '>')
		}
		at = within
		if k := len(line); k > 0 && line[k-1] == '\n' {
			at = behindLF
			if k > 1 && line[k-2] == '\r' {
				if at = begins; mbox {
					line[k-2] = '\n'
					line = line[:k-1]
				}
			}
		}
		out = append(out, line...)
	}
	b.at = at
	b.bytes += int64(n)
	b.l.in.Discard(n)
	return out, err
}

// plainLines adds whole lines to out, until one that takes a closer look, and
// tells how many bytes of p those are, and how many dots were put before them.
func plainLines(out, p []byte, mbox bool) (_ []byte, n, dots int) {
	for n < len(p) {
		line := p[n:]
		i := bytes.IndexByte(line, '\n')
		if i < 1 || line[i-1] != '\r' {
			break
		}
		switch c := line[0]; {
		case c == '.':
			if i == 2 {
				return out, n, dots // the end
			}
			if mbox && (line[1] == 'F' || line[1] == '>') {
				return out, n, dots
			}
			dots++
			n++
			i--
			line = line[1:]
		case mbox && (c == 'F' || c == '>'):
			return out, n, dots
		}
		n += i + 1
		if mbox {
			// The end of the line is not written into p, where the copy would wait
			// for it.
			out = append(append(out, line[:i-1]...), '\n')
		} else {
			out = append(out, line[:i+1]...)
		}
	}
	return out, n, dots
}

// hand is what is at hand and was not taken: a whole line at least, but for
// one that is longer than the buffer, and for what came before an error.
func (b *block) hand() ([]byte, error) {
	if b.err != nil {
		return nil, b.err
	}
	for want := 1; ; {
		p, err := b.l.in.Peek(max(want, b.l.in.Buffered()))
		switch {
		case err != nil:
			if err = b.broken(err); len(p) == 0 {
				return nil, err
			}
			return p, nil
		case len(p) == b.l.in.Size() || bytes.IndexByte(p[want-1:], '\n') >= 0:
			return p, nil
		}
		want = len(p) + 1
	}
}

// Read gives the block as bytes.
func (b *block) Read(p []byte) (int, error) {
	for len(b.rest) == 0 {
		text, err := b.take(b.l.text[:0], false)
		b.l.text, b.rest = text, text
		if err != nil && len(text) == 0 {
			return 0, err
		}
	}
	n := copy(p, b.rest)
	b.rest = b.rest[n:]
	return n, nil
}

// WriteTo writes the block to w.
func (b *block) WriteTo(w io.Writer) (total int64, err error) {
	for text := b.rest; ; text = b.l.text[:0] {
		for err == nil && len(text) < room/2 && (len(text) == 0 || b.l.in.Buffered() > 0) {
			text, err = b.take(text, false)
		}
		b.rest, b.l.text = nil, text
		if len(text) > 0 {
			n, werr := w.Write(text)
			if total += int64(n); werr != nil {
				return total, werr
			}
		}
		if err == io.EOF {
			return total, nil
		}
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
	b.rest = nil
	for from := b.bytes; b.bytes-from < rare; {
		text, err := b.take(b.l.text[:0], false)
		if b.l.text = text; err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
	}
	e := fault.New(fault.Recv, "the last reply was not read to its end")
	e.At = b.l.at
	return b.done(b.l.fail(e))
}
