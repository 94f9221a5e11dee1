package mail

import (
	"bytes"
	"errors"
	"io"
	"os"
	"strings"
	"time"
)

// An mbox is a file of messages, each after a line that begins with "From "
// (RFC 4155). A line of a message that looks like one gets a > in front, which
// any reader may take off again ("mboxrd").
type mbox struct {
	path string
	root *os.Root
	f    *os.File
	made bool   // its name may not be on the disk yet
	size int64  // of what is whole
	gap  string // what is missing of the empty line before the next message
	lf   lf
	now  func() time.Time
}

const mboxRoom = 256 << 10

// OpenMbox opens an mbox to add messages to it, and makes it if need be.
func OpenMbox(path string) (Drop, error) {
	root, name, err := folder(path)
	if err != nil {
		return nil, err
	}
	f, err := root.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		root.Close()
		return nil, unwritten(path, err)
	}
	m := &mbox{path: path, root: root, f: f, now: time.Now}
	if claimed(f) {
		err = errors.New("another program writes to it")
	} else {
		err = m.end()
	}
	if err != nil {
		f.Close()
		root.Close()
		return nil, unwritten(path, err)
	}
	return m, nil
}

// end goes to the end of the file, and looks what it ends in.
func (m *mbox) end() (err error) {
	if m.size, err = m.f.Seek(0, io.SeekEnd); err != nil || m.size == 0 {
		m.made = true
		return err
	}
	last := make([]byte, min(m.size, 3))
	if _, err = m.f.ReadAt(last, m.size-int64(len(last))); err != nil {
		return err
	}
	switch text := "\n" + string(last); {
	case !strings.HasSuffix(text, "\n"):
		m.gap = "\n\n"
	case !strings.HasSuffix(text, "\n\n") && !strings.HasSuffix(text, "\n\r\n"):
		m.gap = "\n"
	}
	return nil
}

// Keep adds a message.
func (m *mbox) Keep(message io.WriterTo) error {
	m.lf = lf{out: m.lf.out[:0], quote: true, begins: true}
	w := &mboxWriter{m: m}
	_, err := message.WriteTo(w)
	if err == nil {
		err = w.end()
	}
	if err != nil {
		// What was written of it goes; the messages before it stay.
		if terr := m.f.Truncate(m.size); terr == nil {
			_, _ = m.f.Seek(m.size, io.SeekStart)
		}
		return unwritten(m.path, err)
	}
	m.size += w.written
	m.gap = ""
	return nil
}

// Sync makes safe what was added.
func (m *mbox) Sync() error {
	if err := m.f.Sync(); err != nil {
		return unwritten(m.path, err)
	}
	if m.made {
		syncNames(m.root)
		m.made = false
	}
	return nil
}

// Close closes the file.
func (m *mbox) Close() error {
	defer m.root.Close()
	if err := m.f.Close(); err != nil {
		return unwritten(m.path, err)
	}
	return nil
}

// A mboxWriter writes one message.
type mboxWriter struct {
	m       *mbox
	begun   bool
	written int64
}

func (w *mboxWriter) Write(p []byte) (int, error) {
	l := &w.m.lf
	if !w.begun {
		w.begun = true
		l.out = append(l.out, w.m.gap+"From "+sender(p)+" "+w.m.now().UTC().Format(time.ANSIC)+"\n"...)
	}
	l.add(p)
	if len(l.out) < mboxRoom {
		return len(p), nil
	}
	return len(p), w.flush()
}

func (w *mboxWriter) flush() error {
	n, err := w.m.f.Write(w.m.lf.out)
	w.written += int64(n)
	w.m.lf.out = w.m.lf.out[:0]
	return err
}

// end writes the empty line that is between two messages.
func (w *mboxWriter) end() error {
	if !w.begun {
		w.Write(nil)
	}
	if !w.m.lf.begins {
		w.m.lf.out = append(w.m.lf.out, '\n')
	}
	w.m.lf.out = append(w.m.lf.out, '\n')
	return w.flush()
}

// sender is who sent the message, as its first line may tell.
func sender(head []byte) string {
	line, _, _ := bytes.Cut(head, []byte("\r\n"))
	name, value, ok := strings.Cut(string(line), ":")
	value = strings.Trim(strings.TrimSpace(value), "<>")
	if !ok || !strings.EqualFold(name, "Return-Path") || value == "" || strings.ContainsAny(value, " \t\"") || Mailbox("", value) != nil {
		return "MAILER-DAEMON"
	}
	return value
}
