package line

import (
	"bytes"
	"context"
	"io"
	"sync"

	"golang.org/x/term"
)

// talk is the terminal in the hands of a verb.
type talk struct {
	e       *Editor
	ctx     context.Context
	end     context.CancelCauseFunc
	resized chan struct{}
	reading sync.Mutex // held while input is read

	mu     sync.Mutex
	raw    bool
	over   bool               // the terminal was taken back
	hold   chan struct{}      // not nil while a question is asked; closed after it
	cancel context.CancelFunc // of the Read under way
}

// tidy undoes what a remote program may have done to the screen: colours, a
// hidden cursor, mouse reports, bracketed paste, application keys, the
// alternate screen.
const tidy = "\x1b[0m\x1b[?25h\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?2004l\x1b[?1l\x1b>\x1b[?1047l"

func (t *talk) close() {
	t.end(errTaken)
	t.reading.Lock() // a Read that was under way has returned
	defer t.reading.Unlock()
	t.setRaw(false)
	t.mu.Lock()
	t.over = true
	t.mu.Unlock()
}

// pause keeps a Read waiting, and the keys out of it, until resume.
func (t *talk) pause() (resume func()) {
	t.mu.Lock()
	hold := make(chan struct{})
	t.hold = hold
	if t.cancel != nil {
		t.cancel()
	}
	raw := t.raw
	t.mu.Unlock()
	t.reading.Lock() // a Read that was under way has returned
	t.e.out.setRaw(false)
	t.reading.Unlock()
	return func() {
		if raw {
			t.e.out.setRaw(true)
			t.e.modes.raw()
		}
		t.mu.Lock()
		t.hold = nil
		t.mu.Unlock()
		close(hold)
	}
}

func (t *talk) IsTerminal() bool {
	return t.e.modes != nil && t.e.screen == t.e.cfg.Out && t.e.IsTerminal()
}

func (t *talk) Read(p []byte) (int, error) {
	for len(p) > 0 {
		n, again, err := t.read(p)
		if !again {
			return n, err
		}
	}
	return 0, nil
}

// read is Read until a question comes between.
func (t *talk) read(p []byte) (n int, again bool, err error) {
	if t.ctx.Err() != nil {
		return 0, false, context.Cause(t.ctx)
	}
	ctx, cancel := context.WithCancel(t.ctx)
	defer cancel()
	t.mu.Lock()
	if hold := t.hold; hold != nil {
		t.mu.Unlock()
		select {
		case <-hold:
		case <-t.ctx.Done():
		}
		return 0, true, nil
	}
	t.cancel = cancel
	cooked := t.e.modes != nil && !t.raw
	t.mu.Unlock()

	t.reading.Lock()
	defer t.reading.Unlock()
	held := t.e.in.typed()
	if cooked && held > 0 {
		p = p[:min(held, len(p))]
	}
	n, err = t.e.in.read(ctx, p, 0)
	if n > 0 && cooked && held > 0 {
		// These keys were read before the kernel could treat them as text.
		copy(p, bytes.ReplaceAll(p[:n], []byte("\r"), []byte("\n")))
		t.e.out.print(visible(string(p[:n])))
	}
	return n, n == 0 && ctx.Err() != nil && t.ctx.Err() == nil, err
}

func (t *talk) Write(p []byte) (int, error) {
	n, err := t.e.cfg.Out.Write(p)
	t.e.out.wrote(p[:n])
	return n, err
}

func (t *talk) Raw(on bool) error {
	if !t.IsTerminal() {
		return nil
	}
	if on && t.ctx.Err() != nil {
		return context.Cause(t.ctx)
	}
	return t.setRaw(on)
}

func (t *talk) setRaw(on bool) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.over || t.raw == on {
		return nil
	}
	t.raw = on
	t.e.out.setRaw(on)
	if on {
		return t.e.modes.raw()
	}
	if t.e.out.ansi {
		t.e.out.print(tidy)
	}
	return cook(t.e.in, t.e.modes)
}

func (t *talk) Size() (columns, rows int) {
	if !t.IsTerminal() {
		return 0, 0
	}
	columns, rows, err := term.GetSize(int(t.e.screen.Fd()))
	if err != nil {
		return 80, 24
	}
	return columns, rows
}

func (t *talk) Resized() <-chan struct{} { return t.resized }

func (t *talk) In() io.Reader {
	if t.IsTerminal() {
		return t
	}
	if n := t.e.in.pending(); n > 0 {
		return io.MultiReader(io.LimitReader(t, int64(n)), t.e.cfg.In)
	}
	return t.e.cfg.In
}

func (t *talk) Out() io.Writer {
	if t.IsTerminal() {
		return t
	}
	return t.e.cfg.Out
}

// cook puts the terminal back as it was found. Keys that were typed before
// that are taken in first, and a ^C from then on is a signal, so that none is
// misread.
func cook(in *input, m *modes) error {
	in.filling.Lock()
	defer in.filling.Unlock()
	if err := m.quiet(); err == nil {
		in.gather()
	}
	return m.restore()
}
