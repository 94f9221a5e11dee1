package line

import (
	"errors"
	"io"
	"sync"

	"github.com/chzyer/readline"
)

// screenEditor edits a line on a terminal. The library holds the line and
// knows the keys that change it; this package reads the keys for it and draws
// the line, because the library's own reading and drawing lose keys, hang at
// the end and count the columns of wide characters wrongly.
type screenEditor struct {
	e    *Editor
	keys *keys

	mu     sync.Mutex // guards what follows; held while a key is handled
	lib    *readline.Instance
	prompt string
	line   []rune // as of the last key
	pos    int
	killed []rune // for ^Y
	past   recall
	search search
	listed bool // TAB was the last key, and was of no help
	busy   bool // a completion that took too long is still running
}

func newScreenEditor(e *Editor) *screenEditor { return &screenEditor{e: e, keys: newKeys(e.in)} }

// start makes the library's instance, which costs goroutines, when the first
// line is to be read.
func (s *screenEditor) start() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closing() {
		return s.e.in.over()
	}
	if s.lib != nil {
		return nil
	}
	lib, err := readline.NewEx(&readline.Config{
		Stdin: s.keys, Stdout: io.Discard, Stderr: io.Discard,
		HistoryLimit: -1, DisableAutoSaveHistory: true,
		InterruptPrompt: "\n", EOFPrompt: "\n",
		Listener:           readline.FuncListener(s.onKey),
		FuncIsTerminal:     func() bool { return false }, // so that it does not draw
		FuncGetWidth:       func() int { return 80 },
		FuncOnWidthChanged: func(func()) {},
		FuncMakeRaw:        func() error { return nil },
		FuncExitRaw:        func() error { return nil },
	})
	s.lib = lib
	return err
}

func (s *screenEditor) ReadLine(prompt string) (string, error) {
	if err := s.start(); err != nil {
		return "", err
	}
	if err := s.e.modes.edit(); err != nil {
		return "", io.EOF // the terminal is gone
	}
	s.mu.Lock()
	s.prompt, s.line, s.pos, s.listed = prompt, nil, 0, false
	s.past, s.search = recall{from: s.e.history}, search{last: s.search.last}
	s.mu.Unlock()
	s.e.out.open(prompt)
	text, err := s.read()
	s.e.out.shut(map[bool][]string{true: {"^C"}}[errors.Is(err, ErrInterrupt)]...)
	if cerr := cook(s.e.in, s.e.modes); cerr != nil && err == nil {
		err = io.EOF
	}
	return text, err
}

func (s *screenEditor) read() (string, error) {
	for {
		text, err := s.lib.Readline()
		s.mu.Lock()
		over := s.closing()
		if err != nil && s.search.on && !over {
			s.line, s.pos = s.search.leave()
			s.lib.Operation.SetBuffer(string(s.line))
			s.draw()
			s.mu.Unlock()
			continue
		}
		line := []rune(text)
		if s.search.on && err == nil {
			line, _ = s.search.found()
			s.search.on = false
		}
		if over {
			err = s.e.in.over()
		}
		switch {
		case errors.Is(err, readline.ErrInterrupt):
			err = ErrInterrupt
			s.draw()
		case err != nil:
			s.line, s.pos = nil, 0
		default:
			s.line, s.pos = line, len(line)
			s.draw()
		}
		s.mu.Unlock()
		return outside.Replace(string(line)), err
	}
}

// closing reports whether the library can read no more.
func (s *screenEditor) closing() bool {
	select {
	case <-s.e.in.done:
		return true
	case <-s.keys.over:
		return true
	default:
		return false
	}
}

// draw shows the line as it stands; the caller holds mu.
func (s *screenEditor) draw() {
	if s.search.on {
		line, pos := s.search.found()
		s.e.out.draw(s.search.prompt(), line, pos)
		return
	}
	s.e.out.draw(s.prompt, s.line, s.pos)
}

// close ends the library's goroutines; the input has been closed before.
func (s *screenEditor) close() {
	s.mu.Lock()
	lib := s.lib
	s.mu.Unlock()
	if lib == nil {
		return
	}
	<-s.keys.began // or else the library would end before it began
	lib.Terminal.Close()
}
