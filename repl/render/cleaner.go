package render

import (
	"io"
	"strings"
	"unicode/utf8"
)

// A Cleaner does to a stream what CleanText does to text, wherever the stream
// is cut. What may go on in the next Write is kept until then, or until
// Close.
type Cleaner struct {
	w    io.Writer
	c    cleaner
	kept []byte // the start of a character, or a CR
	last byte   // written
	out  strings.Builder
}

// NewCleaner returns a Cleaner that writes to w.
func NewCleaner(w io.Writer) *Cleaner { return &Cleaner{w: w, c: cleaner{lines: true}} }

// Write cleans p. It keeps at most three bytes back.
func (c *Cleaner) Write(p []byte) (int, error) {
	if err := c.clean(append(c.kept, p...), false); err != nil {
		return 0, err
	}
	return len(p), nil
}

// Close writes what was kept. It does not close the writer below.
func (c *Cleaner) Close() error { return c.clean(c.kept, true) }

func (c *Cleaner) clean(p []byte, end bool) error {
	c.out.Reset()
	for len(p) > 0 {
		if !end && (len(p) == 1 && p[0] == '\r' || !utf8.FullRune(p)) {
			break
		}
		if len(p) > 1 && p[0] == '\r' && p[1] == '\n' {
			p = p[1:]
			continue
		}
		r, n := utf8.DecodeRune(p)
		c.c.rune(&c.out, r, n, p[0])
		p = p[n:]
	}
	c.kept = append([]byte(nil), p...)
	s := c.out.String()
	if s == "" {
		return nil
	}
	c.last = s[len(s)-1]
	_, err := io.WriteString(c.w, s)
	return err
}
