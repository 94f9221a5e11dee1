package mail

import (
	"io/fs"
	"iter"
	"maps"
	"os"
	"strings"

	"wireline/protocols/fault"
)

// A Seen remembers which messages were fetched, in a file beside what they
// were fetched into: the server, the user and the UID of one on each line.
type Seen struct {
	path string
	who  string
	uids map[string]bool
	all  []string // the lines of other servers and users
	more []string // that Save has to add
}

const mostSeen = 64 << 20

// OpenSeen reads what is known of the messages of who, a user at a server.
func OpenSeen(path, who string) (*Seen, error) {
	s := &Seen{path: path, who: who, uids: map[string]bool{}}
	root, name, err := folder(path)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	fi, err := root.Stat(name)
	switch {
	case os.IsNotExist(err):
		return s, nil
	case err == nil && fi.Size() > mostSeen:
		return nil, fault.New(fault.ReadLocal, "%s is larger than 64 MiB", path)
	}
	text, err := fs.ReadFile(root.FS(), name)
	if err != nil {
		return nil, fault.New(fault.ReadLocal, "cannot read %s: %w", path, err)
	}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSuffix(line, "\n")
		if uid, ok := strings.CutPrefix(line, who+" "); ok {
			s.uids[uid] = true
		} else if line != "" {
			s.all = append(s.all, line)
		}
	}
	return s, nil
}

// Has reports whether the message was fetched before.
func (s *Seen) Has(uid string) bool { return s.uids[uid] }

// All are the UIDs of those that were fetched before, in any order.
func (s *Seen) All() iter.Seq[string] { return maps.Keys(s.uids) }

// Alone reports whether nothing else was fetched there.
func (s *Seen) Alone() bool { return len(s.all) == 0 }

// Add notes that a message was fetched. Save makes it last.
func (s *Seen) Add(uid string) { s.more = append(s.more, uid) }

// Save writes down what was added, and forgets what keep does not want.
func (s *Seen) Save(keep func(uid string) bool) error {
	for _, uid := range s.more {
		s.uids[uid] = true
	}
	s.more = nil
	root, name, err := folder(s.path)
	if err != nil {
		return err
	}
	defer root.Close()
	var b strings.Builder
	for _, line := range s.all {
		b.WriteString(line + "\n")
	}
	for uid := range s.uids {
		if keep(uid) {
			b.WriteString(s.who + " " + uid + "\n")
		}
	}
	part := name + ".part"
	f, err := root.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return unwritten(s.path, err)
	}
	_, err = f.WriteString(b.String())
	if err == nil {
		err = f.Sync()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = root.Rename(part, name)
	}
	if err != nil {
		_ = root.Remove(part)
		return unwritten(s.path, err)
	}
	syncNames(root)
	return nil
}
