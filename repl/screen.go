package repl

import (
	"bytes"
	"io"

	"wireline/protocols/verb"
	"wireline/repl/render"
)

// A screen is a terminal on which what a peer says can do no harm.
type screen struct {
	verb.Terminal
	peer io.Writer
}

func newScreen(t verb.Terminal, raw bool) verb.Terminal {
	if raw || !t.IsTerminal() {
		return t
	}
	return &screen{t, render.NewCleaner(returns{t})}
}

func (s *screen) Out() io.Writer { return s.peer }

// returns gives every line feed the return that it needs in raw mode.
type returns struct{ w io.Writer }

func (r returns) Write(p []byte) (int, error) {
	_, err := r.w.Write(bytes.ReplaceAll(p, []byte("\n"), []byte("\r\n")))
	return len(p), err
}
