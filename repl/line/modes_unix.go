//go:build unix

package line

import (
	"os"
	"sync"

	"golang.org/x/sys/unix"
)

const vtByDefault = false

// modes changes how the terminal treats keys, and puts it back.
type modes struct {
	fd int
	mu sync.Mutex
	// found is what the terminal was before; nil while it is so.
	found *unix.Termios
	now   unix.Termios // what it is, as far as we know, while found is not nil
}

func newModes(f *os.File) *modes { return &modes{fd: int(f.Fd())} }

// edit is for a prompt: every key comes at once and unseen, ^C included; what
// is written is still treated as text.
func (m *modes) edit() error { return m.set(0, unix.OPOST) }

// quiet is edit, with signals: the way between a prompt and a command.
func (m *modes) quiet() error { return m.set(unix.ISIG, unix.OPOST) }

// raw is for a verb that talks: nothing is changed in either direction.
func (m *modes) raw() error { return m.set(0, 0) }

func (m *modes) set(local, output uint32) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	t, err := unix.IoctlGetTermios(m.fd, getTermios)
	if err != nil {
		return err
	}
	if m.found == nil {
		was := *t
		m.found = &was
	}
	n := *m.found
	n.Iflag &^= unix.IGNBRK | unix.BRKINT | unix.PARMRK | unix.ISTRIP | unix.INLCR | unix.IGNCR | unix.ICRNL | unix.IXON
	n.Lflag &^= unix.ECHO | unix.ECHONL | unix.ICANON | unix.ISIG | unix.IEXTEN
	n.Cflag &^= unix.CSIZE | unix.PARENB
	n.Cflag |= unix.CS8
	n.Oflag &^= unix.OPOST
	n.Cc[unix.VMIN], n.Cc[unix.VTIME] = 1, 0
	n.Lflag |= flag(local)
	n.Oflag |= flag(output)
	m.now = n
	return unix.IoctlSetTermios(m.fd, setTermios, &n)
}

// restore puts the terminal back as it was found.
func (m *modes) restore() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.found == nil {
		return nil
	}
	err := unix.IoctlSetTermios(m.fd, setTermios, m.found)
	m.found = nil
	return err
}

// pause puts the terminal back while the process is stopped; again goes on
// from there.
func (m *modes) pause() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.found == nil {
		return nil
	}
	return unix.IoctlSetTermios(m.fd, setTermios, m.found)
}

func (m *modes) again() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.found == nil {
		return nil
	}
	return unix.IoctlSetTermios(m.fd, setTermios, &m.now)
}

// drawable reports whether the terminal understands escape sequences.
func drawable(*os.File) bool { return true }
