package nntp

import (
	"bytes"
	"io"
	"time"
)

// An mboxWriter writes articles to a file of mailboxes (RFC 4155), in which
// each begins with a line "From ".
type mboxWriter struct {
	w     io.Writer
	from  string // that line
	out   []byte // not written yet
	bytes int64
}

func newMbox(w io.Writer) *mboxWriter {
	return &mboxWriter{w: w, from: "From - " + time.Now().UTC().Format(time.ANSIC) + "\n", out: make([]byte, 0, mboxRoom+2*room)}
}

// mboxRoom is how much is written at a time.
const mboxRoom = 256 << 10

// article writes one.
func (m *mboxWriter) article(b *block) (err error) {
	for m.out = append(m.out, m.from...); err == nil; {
		if m.out, err = b.take(m.out, true); len(m.out) > mboxRoom {
			if werr := m.flush(); werr != nil {
				return werr
			}
		}
	}
	if err != io.EOF {
		return err
	}
	m.out = append(m.out, '\n')
	return nil
}

func (m *mboxWriter) flush() error {
	n, err := m.w.Write(m.out)
	m.bytes += int64(n)
	m.out = m.out[:0]
	return err
}

// isFrom reports whether a line would begin an article in an mbox, or does so
// quoted.
func isFrom(line []byte) bool {
	return len(line) > 4 && (line[0] == 'F' || line[0] == '>') && isQuotedFrom(line)
}

func isQuotedFrom(line []byte) bool {
	return bytes.HasPrefix(bytes.TrimLeft(line, ">"), []byte("From "))
}
