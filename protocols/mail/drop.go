package mail

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"wireline/protocols/fault"
)

// A Drop is a place on this machine where messages are kept.
type Drop interface {
	// Keep writes a message, whose lines end in CR LF, up to its end. After an
	// error nothing of it is left.
	Keep(m io.WriterTo) error
	// Sync returns when all that was kept will survive a loss of power.
	Sync() error
	Close() error
}

// lf writes lines that end in CR LF with LF alone, as files have them here.
type lf struct {
	out    []byte
	cr     bool // a CR came last, and was not written
	begins bool // a line begins
	quote  bool // as an mbox wants it: ">From " for "From "
}

// add converts p. It comes in whole lines, but for lines that are very long.
func (l *lf) add(p []byte) {
	for len(p) > 0 {
		i := bytes.IndexByte(p, '\n') + 1
		line := p
		if i > 0 {
			line = p[:i]
		}
		p = p[len(line):]
		if l.cr && line[0] != '\n' {
			l.out = append(l.out, '\r')
		}
		l.cr = false
		if l.begins && l.quote && fromLine(line) {
			l.out = append(l.out, '>')
		}
		l.begins = i > 0
		switch {
		case i == 0 && line[len(line)-1] == '\r':
			l.cr = true
			l.out = append(l.out, line[:len(line)-1]...)
		case i > 1 && line[i-2] == '\r':
			l.out = append(append(l.out, line[:i-2]...), '\n')
		default:
			l.out = append(l.out, line...)
		}
	}
}

// fromLine reports whether a line would begin a message in an mbox, or does
// so quoted.
func fromLine(line []byte) bool {
	return len(line) > 4 && (line[0] == 'F' || line[0] == '>') && bytes.HasPrefix(bytes.TrimLeft(line, ">"), []byte("From "))
}

// unwritten is the error for a file that could not be written.
func unwritten(path string, err error) error {
	if f := (*fault.Error)(nil); errors.As(err, &f) {
		return err
	}
	if p := (*fs.PathError)(nil); errors.As(err, &p) {
		err = p.Err
	}
	return fault.New(fault.WriteLocal, "cannot write %s: %w", path, err)
}

// folder opens the directory that a path is in.
func folder(path string) (*os.Root, string, error) {
	dir, name := filepath.Split(filepath.Clean(path))
	if dir == "" {
		dir = "."
	}
	if name == "" || name == "." || name == ".." {
		return nil, "", fault.New(fault.WriteLocal, "%q is not the name of a file", path)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, "", unwritten(path, err)
	}
	return root, name, nil
}

// syncNames brings the names in a directory to the disk. Not every file system
// can be asked to.
func syncNames(root *os.Root) {
	if d, err := root.Open("."); err == nil {
		_ = d.Sync()
		_ = d.Close()
	}
}
