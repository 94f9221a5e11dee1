package smtp

import (
	"bytes"
	"io"

	"wireline/protocols/fault"
)

// mostLine is how long a line may be without its end (RFC 5321, section
// 4.5.3.1.6).
const mostLine = 998

// A textWriter passes a message on as it must be on the wire: every end of a
// line is CR LF, whatever it was; there is one at the end; and with dots set a
// dot that begins a line is doubled (RFC 5321, section 4.5.2). So nothing in
// a message can look like its end. A NUL, and a line that is too long, are
// errors. All else stays byte for byte.
type textWriter struct {
	w     io.Writer
	dots  bool
	long  bool // lines may be longer
	in    bool // within a line
	cr    bool // a CR came last, and was not passed on
	col   int
	eight bool // a byte above 127 was seen
	line  int
	out   []byte
}

// Write passes p on.
func (t *textWriter) Write(p []byte) (int, error) {
	if i := bytes.IndexByte(p, 0); i >= 0 {
		return 0, fault.New(fault.BadArgument, "the message has a NUL in line %d", t.line+1+bytes.Count(p[:i], []byte("\n"))).
			WithHint("--binary sends it to a server that offers BINARYMIME")
	}
	t.out = t.out[:0]
	for rest := p; len(rest) > 0; {
		i := bytes.IndexByte(rest, '\n')
		text, ends := rest, false
		if i >= 0 {
			text, ends = rest[:i], true
			rest = rest[i+1:]
		} else {
			rest = nil
		}
		if err := t.piece(text, ends); err != nil {
			return 0, err
		}
	}
	if _, err := t.w.Write(t.out); err != nil {
		return 0, err
	}
	return len(p), nil
}

// piece passes on text that has no LF, and the end of the line if ends is set.
func (t *textWriter) piece(text []byte, ends bool) error {
	if t.cr && (len(text) > 0 || !ends) {
		t.end() // a CR by itself ends a line too
	}
	t.cr = false
	for len(text) > 0 {
		i := bytes.IndexByte(text, '\r')
		if i < 0 {
			if err := t.put(text); err != nil {
				return err
			}
			break
		}
		if err := t.put(text[:i]); err != nil {
			return err
		}
		if text = text[i+1:]; len(text) == 0 {
			if t.cr = true; ends {
				t.cr = false
			}
			break
		}
		t.end()
	}
	if ends {
		t.end()
	}
	return nil
}

// put passes on text without ends of lines.
func (t *textWriter) put(text []byte) error {
	if len(text) == 0 {
		return nil
	}
	if !t.in && t.dots && text[0] == '.' {
		t.out = append(t.out, '.')
	}
	t.in = true
	if t.col += len(text); t.col > mostLine && !t.long {
		return fault.New(fault.BadArgument, "line %d of the message is longer than %d bytes", t.line+1, mostLine).
			WithHint("--long-lines sends it all the same")
	}
	if !t.eight {
		for _, b := range text {
			if b >= 0x80 {
				t.eight = true
				break
			}
		}
	}
	t.out = append(t.out, text...)
	return nil
}

func (t *textWriter) end() {
	t.out = append(t.out, '\r', '\n')
	t.in, t.col = false, 0
	t.line++
}

// Close ends the last line.
func (t *textWriter) Close() error {
	if !t.in && !t.cr {
		return nil
	}
	t.out, t.cr = t.out[:0], false
	t.end()
	_, err := t.w.Write(t.out)
	return err
}

// stuffed is text, whose lines end in CR LF, with its dots doubled.
func stuffed(text []byte) []byte {
	n := bytes.Count(text, []byte("\r\n."))
	if n == 0 && !bytes.HasPrefix(text, []byte(".")) {
		return text
	}
	out := make([]byte, 0, len(text)+n+1)
	if text[0] == '.' {
		out = append(out, '.')
	}
	for {
		i := bytes.Index(text, []byte("\r\n."))
		if i < 0 {
			return append(out, text...)
		}
		out = append(append(out, text[:i+3]...), '.')
		text = text[i+3:]
	}
}

// A chunkWriter passes a message on as BDAT commands (RFC 3030), each of so
// many bytes at most. It calls before each, so that replies are read in time.
type chunkWriter struct {
	w      io.Writer
	before func(last bool) error
	buf    []byte
	room   int
}

// Write keeps p until a chunk is full.
func (c *chunkWriter) Write(p []byte) (int, error) {
	total := len(p)
	for len(p) > 0 {
		if len(c.buf) == c.room {
			if err := c.flush(false); err != nil {
				return 0, err
			}
		}
		n := min(len(p), c.room-len(c.buf))
		c.buf = append(c.buf, p[:n]...)
		p = p[n:]
	}
	return total, nil
}

// Close sends the last chunk.
func (c *chunkWriter) Close() error { return c.flush(true) }

func (c *chunkWriter) flush(last bool) error {
	if err := c.before(last); err != nil {
		return err
	}
	if err := bdat(c.w, c.buf, last); err != nil {
		return err
	}
	c.buf = c.buf[:0]
	return nil
}
