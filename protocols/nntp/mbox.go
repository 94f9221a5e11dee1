package nntp

import (
	"bufio"
	"bytes"
	"io"
	"time"
)

// An mboxWriter writes articles to a file of mailboxes (RFC 4155): each
// begins with a line "From ", so that lines of a text that begin so get a >
// before them, and those that have one get another.
type mboxWriter struct {
	out   *bufio.Writer
	line  []byte // the beginning of one that has not come whole
	bytes int64
}

// article writes one.
func (m *mboxWriter) article(b *block) error {
	m.put([]byte("From - " + time.Now().UTC().Format(time.ANSIC) + "\n"))
	for {
		p, err := b.chunk()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		if err := m.lines(p); err != nil {
			return err
		}
	}
	if len(m.line) > 0 {
		m.text(append(m.line, '\n'))
		m.line = m.line[:0]
	}
	return m.put([]byte("\n"))
}

// lines writes the lines in p, and keeps the one that has no end yet.
func (m *mboxWriter) lines(p []byte) error {
	for len(p) > 0 {
		n := bytes.IndexByte(p, '\n') + 1
		if n == 0 {
			m.line = append(m.line, p...)
			if len(m.line) > room {
				// No line of a text is that long, and none that is begins with From.
				err := m.put(m.line)
				m.line = m.line[:0]
				return err
			}
			return nil
		}
		line := p[:n]
		if p = p[n:]; len(m.line) > 0 {
			m.line = append(m.line, line...)
			line = m.line
		}
		if err := m.text(line); err != nil {
			return err
		}
		m.line = m.line[:0]
	}
	return nil
}

// text writes one line.
func (m *mboxWriter) text(line []byte) error {
	if line[0] == 'F' || line[0] == '>' {
		if bytes.HasPrefix(bytes.TrimLeft(line, ">"), []byte("From ")) {
			if err := m.put([]byte(">")); err != nil {
				return err
			}
		}
	}
	if n := len(line); n > 1 && line[n-2] == '\r' {
		if err := m.put(line[:n-2]); err != nil {
			return err
		}
		return m.put([]byte("\n"))
	}
	return m.put(line)
}

func (m *mboxWriter) put(p []byte) error {
	n, err := m.out.Write(p)
	m.bytes += int64(n)
	return err
}
