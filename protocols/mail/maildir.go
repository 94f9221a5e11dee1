package mail

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

// A maildir is a directory with a file for each message. A message is in new
// only when it is safe: until then it is in tmp.
type maildir struct {
	path string
	root *os.Root
	dirs map[string]*dir // tmp, new and cur
	host string
	pid  int
	n    int
	made []kept
	lf   lf
}

// A kept is a message in tmp, and where it will be and as what.
type kept struct{ name, dir, to string }

// OpenMaildir opens a Maildir to add messages to it, and makes it if need be.
func OpenMaildir(path string) (Drop, error) {
	if err := os.Mkdir(path, 0o700); err != nil && !os.IsExist(err) {
		return nil, unwritten(path, err)
	}
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, unwritten(path, err)
	}
	m := &maildir{path: path, root: root, dirs: map[string]*dir{}, pid: os.Getpid()}
	for _, name := range []string{"tmp", "new", "cur"} {
		if err = root.Mkdir(name, 0o700); err == nil || os.IsExist(err) {
			m.dirs[name], err = openDir(root, name)
		}
		if err != nil {
			delete(m.dirs, name)
			m.Close()
			return nil, unwritten(path, err)
		}
	}
	host, _ := os.Hostname()
	m.host = strings.NewReplacer("/", `\057`, ":", `\072`).Replace(host)
	return m, nil
}

// Keep adds a message.
func (m *maildir) Keep(message io.WriterTo) error {
	now := time.Now()
	m.n++
	name := fmt.Sprintf("%d.M%dP%dQ%d.%s", now.Unix(), now.Nanosecond()/1000, m.pid, m.n, m.host)
	tmp := m.dirs["tmp"]
	f, err := tmp.create(name)
	if err != nil {
		return unwritten(m.path, err)
	}
	m.lf = lf{out: m.lf.out[:0]}
	_, err = message.WriteTo(fileWriter{&m.lf, f})
	if err == nil {
		_, err = f.Write(m.lf.out)
	}
	if err == nil && !canSyncAll {
		err = f.Sync()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if at, ok := received(message); ok && err == nil {
		err = tmp.date(name, at)
	}
	if err != nil {
		tmp.remove(name)
		return unwritten(m.path, err)
	}
	where, as := about(message, name)
	m.made = append(m.made, kept{name, where, as})
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
	used := map[string]bool{}
	for len(m.made) > 0 {
		x := m.made[0]
		if err := m.dirs["tmp"].move(x.name, m.dirs[x.dir], x.to); err != nil {
			return unwritten(m.path, err)
		}
		m.made = m.made[1:]
		used[x.dir] = true
	}
	for name := range used {
		if err := m.dirs[name].sync(); err != nil {
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
		m.dirs["tmp"].remove(x.name)
	}
	for _, d := range m.dirs {
		_ = d.close() // nothing is written to it
	}
	return m.root.Close()
}

// A fileWriter writes one message to a file of its own.
type fileWriter struct {
	lf *lf
	f  file
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
