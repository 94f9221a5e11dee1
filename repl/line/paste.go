package line

import (
	"bytes"
	"errors"
	"io"
	"strings"
)

// maxPaste is how much of a paste is taken, in bytes.
const maxPaste = 256 << 10

// reply reads to the end of a string that a terminal sent by itself.
func (k *keys) reply() error {
	defer k.emit(string(keyNone))
	var last byte
	for range 4096 {
		b, err := k.next(replyWait)
		if errors.Is(err, errNoInput) {
			return nil
		}
		if err != nil {
			return err
		}
		if b == 7 || b == 0x18 || b == '\\' && last == 0x1B {
			return nil
		}
		last = b
	}
	return nil
}

// paste reads to the end of a bracketed paste, which goes into the line as
// one piece. A ^C at its end gives up waiting for that.
func (k *keys) paste() error {
	var got []byte
	mark := []byte("\x1b[201~")
	for over := false; ; {
		c, err := k.next(0)
		if errors.Is(err, ErrInterrupt) || c == 3 && k.in.pending() == 0 {
			k.emit("\x03")
			return nil
		}
		if err != nil {
			return io.EOF
		}
		got = append(got, c)
		if c == '~' && bytes.HasSuffix(got, mark) {
			if over {
				got = nil
			}
			break
		}
		if len(got) > maxPaste { // too much: none of it rather than a part
			over = true
			got = append(got[:0], got[len(got)-len(mark):]...)
		}
	}
	k.mu.Lock()
	k.pastes = append(k.pastes, pasteText(string(bytes.TrimSuffix(got, mark))))
	k.mu.Unlock()
	k.emit(string(keyPaste))
	return nil
}

// pasteText is s with line ends as they are in a file, and without other
// control characters.
func pasteText(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\r':
			return '\n'
		case r == '\n' || r == '\t':
			return r
		case r < 0x20 || r >= 0x7F && r < 0xA0 || r >= firstInside && r <= lastInside:
			return -1
		}
		return r
	}, s)
}

// pasted is the oldest paste that was not put into the line yet.
func (k *keys) pasted() string {
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.pastes) == 0 {
		return ""
	}
	s := k.pastes[0]
	k.pastes = k.pastes[1:]
	return s
}
