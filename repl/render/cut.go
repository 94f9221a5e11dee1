package render

import (
	"bytes"
	"fmt"
	"io"
)

// maxShown is how much of one line a terminal is shown (X05).
const maxShown = 64 << 10

// A cutter drops what a line has beyond maxShown, and says so.
type cutter struct {
	w       io.Writer
	column  int // bytes of this line so far
	dropped int
}

func (c *cutter) Write(p []byte) (int, error) {
	for n := 0; n < len(p); n += maxShown {
		if err := c.piece(p[n:min(n+maxShown, len(p))]); err != nil {
			return n, err
		}
	}
	return len(p), nil
}

// piece writes at most maxShown bytes.
func (c *cutter) piece(p []byte) error {
	first := bytes.IndexByte(p, '\n')
	if first < 0 {
		first = len(p)
	}
	if c.dropped == 0 && c.column+first <= maxShown { // none of its lines is too long
		if last := bytes.LastIndexByte(p, '\n'); last >= 0 {
			c.column = len(p) - last - 1
		} else {
			c.column += len(p)
		}
		_, err := c.w.Write(p)
		return err
	}
	for len(p) > 0 {
		line, ended := p, false
		if i := bytes.IndexByte(p, '\n'); i >= 0 {
			line, ended = p[:i], true
		}
		shown := line[:min(len(line), max(0, maxShown-c.column))]
		c.column += len(line)
		c.dropped += len(line) - len(shown)
		p = p[len(line):]
		if !ended {
			if _, err := c.w.Write(shown); err != nil {
				return err
			}
			continue
		}
		p = p[1:]
		if c.dropped == 0 {
			// Whole lines go on together.
			if _, err := c.w.Write(append(shown[:len(shown):len(shown)], '\n')); err != nil {
				return err
			}
		} else if err := c.end(shown); err != nil {
			return err
		}
		c.column = 0
	}
	return nil
}

// end says what was dropped of a line that ends.
func (c *cutter) end(shown []byte) error {
	n := c.dropped
	c.dropped = 0
	if n == 0 {
		return nil
	}
	_, err := fmt.Fprintf(c.w, "%s\n(%d more bytes of this line are not shown; -o FILE or | has them all)\n", shown, n)
	return err
}
