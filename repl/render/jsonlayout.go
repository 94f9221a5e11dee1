package render

import (
	"io"
	"strings"
)

// A jsonLayout lays out JSON with a line for each member and element, as it
// comes, in memory that does not grow with it. It is given clean text. What
// turns out not to be JSON passes as it is from there on.
type jsonLayout struct {
	w       io.Writer
	o       Options
	buf     []byte
	open    []byte // the brackets that are open
	fresh   bool   // the last one has just been opened
	key     bool   // a string that begins now is a name
	text    bool   // within a string
	escaped bool   // after a backslash
	word    bool   // within a number, true, false or null
	plain   bool   // it is no JSON
	painted bool   // a colour is on
}

// maxIndented bounds the indentation, which a server could make as deep as it
// likes.
const maxIndented = 32

func (j *jsonLayout) Write(p []byte) (int, error) {
	j.buf = j.buf[:0]
	for _, c := range p {
		switch {
		case j.plain:
			j.buf = append(j.buf, c)
		case j.text:
			j.inText(c)
		default:
			j.between(c)
		}
	}
	if _, err := j.w.Write(j.buf); err != nil {
		return 0, err
	}
	return len(p), nil
}

// end leaves the terminal without a colour, wherever the text broke off.
func (j *jsonLayout) end() error {
	if !j.text && !j.word && len(j.open) == 0 {
		return nil
	}
	j.buf = j.buf[:0]
	if j.text || j.word {
		j.colorEnd()
	}
	_, err := j.w.Write(append(j.buf, '\n'))
	return err
}

func (j *jsonLayout) inText(c byte) {
	j.buf = append(j.buf, c)
	switch {
	case j.escaped:
		j.escaped = false
	case c == '\\':
		j.escaped = true
	case c == '"':
		j.text = false
		j.colorEnd()
		j.valueEnd()
	}
}

// between takes a character outside of strings.
func (j *jsonLayout) between(c byte) {
	if j.word && strings.IndexByte(" \t\r\n,:]}[{\"", c) >= 0 {
		j.word = false
		j.colorEnd()
		j.valueEnd()
	}
	top := byte(0)
	if n := len(j.open); n > 0 {
		top = j.open[n-1]
	}
	switch c {
	case ' ', '\t', '\r', '\n':
	case '{', '[':
		j.begin()
		j.buf = append(j.buf, c)
		j.open = append(j.open, c)
		j.fresh, j.key = true, c == '{'
	case '}', ']':
		if top == 0 || top+2 != c { // of both pairs the second is the second after the first
			j.give(c)
			return
		}
		j.open = j.open[:len(j.open)-1]
		if !j.fresh {
			j.newline()
		}
		j.fresh = false
		j.buf = append(j.buf, c)
		j.valueEnd()
	case ',':
		if top == 0 {
			j.give(c)
			return
		}
		j.buf = append(j.buf, c)
		j.newline()
		j.key = top == '{'
	case ':':
		j.buf = append(j.buf, ':', ' ')
		j.key = false
	case '"':
		j.begin()
		if j.key {
			j.color(key)
		} else {
			j.color(str)
		}
		j.buf = append(j.buf, c)
		j.text = true
	default:
		if top == 0 && !j.word && strings.IndexByte("-0123456789tfn", c) < 0 {
			j.give(c)
			return
		}
		if !j.word {
			j.begin()
			j.color(number)
			j.word = true
		}
		j.buf = append(j.buf, c)
	}
}

// begin comes before a value or a name.
func (j *jsonLayout) begin() {
	if j.fresh {
		j.newline()
	}
	j.fresh = false
}

// valueEnd ends the line behind a value that is within no other.
func (j *jsonLayout) valueEnd() {
	if len(j.open) == 0 {
		j.buf = append(j.buf, '\n')
	}
}

// give takes all that follows for no JSON.
func (j *jsonLayout) give(c byte) {
	j.plain = true
	j.buf = append(j.buf, c)
}

func (j *jsonLayout) newline() {
	j.buf = append(j.buf, '\n')
	for range min(len(j.open), maxIndented) {
		j.buf = append(j.buf, ' ', ' ')
	}
}

func (j *jsonLayout) color(r role) {
	begin := j.o.begin(r)
	j.painted = begin != ""
	j.buf = append(j.buf, begin...)
}

func (j *jsonLayout) colorEnd() {
	if j.painted {
		j.buf = append(j.buf, endColor...)
	}
	j.painted = false
}
