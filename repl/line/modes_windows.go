package line

import (
	"os"
	"sync"

	"golang.org/x/sys/windows"
	"golang.org/x/term"
)

const vtByDefault = true

// modes changes how the console treats keys, and puts it back.
type modes struct {
	fd    int
	mu    sync.Mutex
	found *term.State
}

func newModes(f *os.File) *modes { return &modes{fd: int(f.Fd())} }

func (m *modes) edit() error  { return m.raw() }
func (m *modes) quiet() error { return nil }

func (m *modes) raw() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.found != nil {
		return nil
	}
	var err error
	m.found, err = term.MakeRaw(m.fd)
	return err
}

func (m *modes) restore() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.found == nil {
		return nil
	}
	err := term.Restore(m.fd, m.found)
	m.found = nil
	return err
}

func (m *modes) pause() error { return nil }
func (m *modes) again() error { return nil }

// drawable lets the console understand escape sequences; false for one that
// cannot.
func drawable(f *os.File) bool {
	var mode uint32
	h := windows.Handle(f.Fd())
	if windows.GetConsoleMode(h, &mode) != nil {
		return false
	}
	return windows.SetConsoleMode(h, mode|windows.ENABLE_PROCESSED_OUTPUT|windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING) == nil
}
