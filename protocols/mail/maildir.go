package mail

import (
	"fmt"
	"io"
	"os"
	"path"
	"strings"
	"time"
)

// A maildir is a directory with a file for each message. A message is in new
// only when it is safe: until then it is in tmp.
type maildir struct {
	path string
	root *os.Root
	tmp  *os.Root // root's tmp, which need not be looked up for each message
	host string
	n    int
	made []kept
	lf   lf
}

// A kept is a message in tmp, and where it will be.
type kept struct{ name, to string }

// OpenMaildir opens a Maildir to add messages to it, and makes it if need be.
func OpenMaildir(path string) (Drop, error) {
	if err := os.Mkdir(path, 0o700); err != nil && !os.IsExist(err) {
		return nil, unwritten(path, err)
	}
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, unwritten(path, err)
	}
	for _, dir := range []string{"tmp", "new", "cur"} {
		if err := root.Mkdir(dir, 0o700); err != nil && !os.IsExist(err) {
			root.Close()
			return nil, unwritten(path, err)
		}
	}
	tmp, err := root.OpenRoot("tmp")
	if err != nil {
		root.Close()
		return nil, unwritten(path, err)
	}
	host, _ := os.Hostname()
	host = strings.NewReplacer("/", `\057`, ":", `\072`).Replace(host)
	return &maildir{path: path, root: root, tmp: tmp, host: host}, nil
}

// Keep adds a message.
func (m *maildir) Keep(message io.WriterTo) error {
	now := time.Now()
	m.n++
	name := fmt.Sprintf("%d.M%dP%dQ%d.%s", now.Unix(), now.Nanosecond()/1000, os.Getpid(), m.n, m.host)
	f, err := m.tmp.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return unwritten(m.path, err)
	}
	m.lf = lf{out: m.lf.out[:0]}
	w := fileWriter{&m.lf, f}
	_, err = message.WriteTo(w)
	if err == nil {
		_, err = f.Write(m.lf.out)
	}
	if err == nil {
		err = dated(f, message)
	}
	if err == nil && !canSyncAll {
		err = f.Sync()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		_ = m.tmp.Remove(name)
		return unwritten(m.path, err)
	}
	m.made = append(m.made, kept{name, about(message, name)})
	return nil
}

// Sync makes safe what was added, and shows it.
func (m *maildir) Sync() error {
	if len(m.made) == 0 {
		return nil
	}
	if err := m.syncAll(); err != nil {
		return err
	}
	dirs := map[string]*os.File{} // each is looked up once
	defer func() {
		for _, d := range dirs {
			d.Close()
		}
	}()
	dir := func(name string) (*os.File, error) {
		if d, ok := dirs[name]; ok {
			return d, nil
		}
		d, err := m.root.Open(name)
		if err == nil {
			dirs[name] = d
		}
		return d, err
	}
	for len(m.made) > 0 {
		x := m.made[0]
		from, err := dir("tmp")
		if err != nil {
			return unwritten(m.path, err)
		}
		to, err := dir(path.Dir(x.to))
		if err == nil {
			err = rename(m.root, from, x.name, to, path.Base(x.to))
		}
		if err != nil {
			return unwritten(m.path, err)
		}
		m.made = m.made[1:]
	}
	for name, d := range dirs {
		if name == "tmp" {
			continue
		}
		if err := d.Sync(); err != nil {
			return unwritten(m.path, err)
		}
	}
	return nil
}

// syncAll writes out the messages in tmp, of which there may be many.
func (m *maildir) syncAll() error {
	d, err := m.root.Open("tmp")
	if err == nil {
		err = syncAll(d)
		d.Close()
	}
	if err != nil {
		return unwritten(m.path, err)
	}
	return nil
}

// Close removes what was not made safe.
func (m *maildir) Close() error {
	for _, x := range m.made {
		_ = m.tmp.Remove(x.name)
	}
	m.tmp.Close()
	return m.root.Close()
}

// A fileWriter writes one message to a file of its own.
type fileWriter struct {
	lf *lf
	f  *os.File
}

func (w fileWriter) Write(p []byte) (int, error) {
	w.lf.add(p)
	if len(w.lf.out) < mboxRoom {
		return len(p), nil
	}
	_, err := w.f.Write(w.lf.out)
	w.lf.out = w.lf.out[:0]
	return len(p), err
}
