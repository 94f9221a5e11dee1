package gopher

import (
	"bufio"
	"bytes"
	"errors"
	"io"

	"wireline/protocols/fault"
)

// A text is a file that ends with a line of one dot (RFC 1436, section 3.8,
// type 0), which is not part of it. Many servers leave that line out, and do
// not double the dot at the beginning of a line. So a dot ends the text only
// if the server then says no more, and two dots become one only as long as
// nothing shows that the server does not double them.
type text struct {
	in      *bufio.Reader
	soon    func(bool)              // whether the next byte must come soon
	end     func(marked bool) error // whether an end is good
	close   func() error
	inside  bool // of a line
	single  bool // the server does not double dots
	stopped error
}

func (t *text) Close() error { return t.close() }

// Read gives as much as is there, without the end mark.
func (t *text) Read(p []byte) (int, error) {
	if t.stopped != nil {
		return 0, t.stopped
	}
	if len(p) == 0 {
		return 0, nil
	}
	if _, err := t.in.Peek(1); err != nil {
		return 0, t.stop(false, err)
	}
	if !t.inside {
		if err := t.begin(); err != nil {
			return 0, err
		}
	}
	b, _ := t.in.Peek(t.in.Buffered())
	if i := bytes.Index(b, []byte("\n.")); i >= 0 {
		b = b[:i+1]
	}
	n := copy(p, b)
	t.inside = p[n-1] != '\n'
	t.in.Discard(n)
	return n, nil
}

// begin looks at the dots that a line begins with. If the line is the end
// mark, that is an error.
func (t *text) begin() error {
	line, _ := t.in.Peek(1)
	if line[0] != '.' {
		return nil
	}
	n := 2
	line, err := t.in.Peek(n)
	if err == nil && line[1] == '\r' {
		n = 3
		line, err = t.in.Peek(n)
	}
	switch {
	case err != nil: // a dot, and then neither a line's end nor more of a line
		return t.stop(false, err)
	case line[n-1] == '\n':
		t.soon(true)
		_, err := t.in.Peek(n + 1)
		t.soon(false)
		if err != nil {
			return t.stop(true, err)
		}
		t.single = true
	case n == 2 && line[1] == '.' && !t.single:
		t.in.Discard(1)
	default:
		t.single = true
	}
	t.inside = true
	return nil
}

// stop notes how the text ended. After a mark it has, whether or not the
// server closes the connection.
func (t *text) stop(marked bool, err error) error {
	if errors.Is(err, io.EOF) || marked && fault.Of(err) == fault.Timeout {
		if err = t.end(marked); err == nil {
			err = io.EOF
		}
	}
	t.stopped = err
	return err
}
