package imap

import (
	"bufio"
	"io"
)

// A crlf makes every end of a line CR LF.
type crlf struct {
	in    *bufio.Reader
	last  byte // that was given
	owing bool // a CR was given, whose LF was read and is still to be given
}

func (c *crlf) Read(p []byte) (n int, err error) {
	for n < len(p) {
		if c.owing {
			p[n], c.last, c.owing = '\n', '\n', false
			n++
			continue
		}
		if n > 0 && c.in.Buffered() == 0 {
			return n, nil
		}
		b, err := c.in.ReadByte()
		if err != nil {
			if n > 0 && err == io.EOF {
				return n, nil
			}
			return n, err
		}
		if b == '\n' && c.last != '\r' {
			b, c.owing = '\r', true
		}
		p[n], c.last = b, b
		n++
	}
	return n, nil
}
