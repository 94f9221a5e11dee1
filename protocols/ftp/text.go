package ftp

import (
	"bufio"
	"bytes"
	"io"
)

// A textReader makes the CR LF that end lines on the wire (RFC 959, section
// 3.1.1.1) LF. It warns once when what comes is hardly a text.
type textReader struct {
	io.Closer
	r    *bufio.Reader
	warn func(string)
}

const noText = "there is a NUL in the file: it is no text, and ASCII mode may spoil it"

func newTextReader(r io.ReadCloser, warn func(string)) *textReader {
	return &textReader{r, bufio.NewReaderSize(r, 64<<10), warn}
}

func (t *textReader) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if _, err := t.r.Peek(1); err != nil {
		return 0, err
	}
	chunk, _ := t.r.Peek(min(len(p), t.r.Buffered()))
	if t.warn != nil && bytes.IndexByte(chunk, 0) >= 0 {
		t.warn(noText)
		t.warn = nil
	}
	cr := bytes.IndexByte(chunk, '\r')
	switch {
	case cr < 0:
		n := copy(p, chunk)
		t.r.Discard(n)
		return n, nil
	case cr > 0:
		n := copy(p, chunk[:cr])
		t.r.Discard(n)
		return n, nil
	}
	p[0] = '\r'
	if two, err := t.r.Peek(2); err == nil && two[1] == '\n' {
		t.r.Discard(1)
		p[0] = '\n'
	}
	t.r.Discard(1)
	return 1, nil
}

// A textWriter is the other way round: a reader whose lines end in CR LF,
// however they end in r.
type textWriter struct {
	r     *bufio.Reader
	warn  func(string)
	after byte // the last byte of r
	lf    bool // a LF is due
}

func newTextWriter(r io.Reader, warn func(string)) *textWriter {
	return &textWriter{r: bufio.NewReaderSize(r, 64<<10), warn: warn}
}

func (t *textWriter) Read(p []byte) (n int, err error) {
	for n < len(p) {
		if t.lf {
			p[n], t.lf = '\n', false
			n++
			continue
		}
		if n > 0 && t.r.Buffered() == 0 {
			return n, nil
		}
		b, err := t.r.ReadByte()
		if err != nil {
			if n > 0 {
				return n, nil
			}
			return 0, err
		}
		if b == 0 && t.warn != nil {
			t.warn(noText)
			t.warn = nil
		}
		if b == '\n' && t.after != '\r' {
			p[n], t.lf = '\r', true
		} else {
			p[n] = b
		}
		t.after = b
		n++
	}
	return n, nil
}
