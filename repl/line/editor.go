// Package line reads lines from a person at a terminal, or from a pipe. It is
// the only reader of standard input in the program: the prompt, passwords and
// verbs that talk take turns on one [Editor], so that no key is lost between
// them.
//
// Between prompts the terminal is in the mode it was found in, so that the
// kernel turns ^C into a signal, a child process gets an ordinary terminal,
// and a crash leaves nothing behind. Bracketed paste is on while a prompt is
// shown and only then. What is typed while a command runs is kept for the
// next reader; a question (a password, yes or no) discards it instead, so
// that nothing typed earlier answers it.
package line

import (
	"context"
	"io"
	"os"
	"sync"
	"sync/atomic"

	"golang.org/x/term"

	"wireline/protocols/fault"
)

// ErrInterrupt is what ReadLine returns when the user drops the line with ^C.
var ErrInterrupt error = fault.New(fault.Interrupt, "interrupted")

// A LineEditor reads lines.
type LineEditor interface {
	// ReadLine shows prompt and returns what the user entered, without the
	// line end. It is io.EOF at the end of the input (^D on an empty line),
	// ErrInterrupt when the line was dropped with ^C, of kind Hangup or
	// Terminate when a signal ends the program.
	ReadLine(prompt string) (string, error)
}

// Config is what an Editor needs to know. All functions may be nil.
type Config struct {
	In, Out, Err *os.File
	History      string // a file; "" keeps history in memory only
	HistoryLimit int    // entries kept; 0 means 10000

	// Complete proposes what may stand at byte pos of line. It has 150 ms;
	// when it takes longer, what it returns is dropped.
	Complete func(ctx context.Context, line string, pos int) Completion
	// Redact gives what of a line may be remembered; false: nothing.
	Redact func(line string) (string, bool)
	// Continue reports whether text goes on on the next line: an open quote,
	// a heredoc.
	Continue func(text string) bool
}

// A Completion proposes words to stand in place of line[Start:pos].
type Completion struct {
	Start int
	Words []Candidate
}

// A Candidate is one proposal.
type Candidate struct {
	Text  string // what is inserted
	Label string // what is listed; Text when empty
	Help  string // one line, listed beside the label
}

// An Editor owns the terminal. Its methods may be called from any goroutine;
// ReadLine, ReadSecret and Confirm wait for each other.
type Editor struct {
	cfg     Config
	in      *input
	modes   *modes // nil when In is not a terminal
	screen  *os.File
	out     *display   // draws on screen
	lines   LineEditor // a screenEditor, or plain
	history *history
	intr    *interrupts
	turn    chan struct{} // held by whoever asks the user for something

	starts atomic.Int32 // programs that are being started

	queueMu sync.Mutex
	queue   []string // lines of a paste that wait to be run

	talkMu sync.Mutex
	talk   *talk // the Terminal lent to a verb
	loan   *Loan // to another program
	closed sync.Once

	continued chan struct{} // the process was stopped, and goes on
	life      context.Context
	die       context.CancelFunc
}

// Open makes an Editor. It reads nothing and changes no mode of the terminal
// before the first prompt.
func Open(c Config) (*Editor, error) {
	if c.HistoryLimit == 0 {
		c.HistoryLimit = 10000
	}
	in, err := newInput(c.In)
	if err != nil {
		return nil, fault.New(fault.Internal, "the keyboard cannot be watched: %w", err)
	}
	e := &Editor{cfg: c, in: in, turn: make(chan struct{}, 1), screen: c.Err, continued: make(chan struct{}, 1)}
	e.life, e.die = context.WithCancel(context.Background())
	e.history = &history{path: c.History, limit: c.HistoryLimit}
	if term.IsTerminal(int(c.In.Fd())) {
		e.modes = newModes(c.In)
	}
	seen := true
	switch {
	case term.IsTerminal(int(c.Out.Fd())):
		e.screen = c.Out
	case !term.IsTerminal(int(c.Err.Fd())):
		seen = false
	}
	e.out = newDisplay(e.screen, e.modes != nil && seen && !dumb() && drawable(e.screen))
	switch {
	case e.out.ansi:
		e.lines = newScreenEditor(e)
	case e.modes != nil && seen:
		e.lines = &plain{in: e.in, out: e.out, prompt: true}
	default:
		e.lines = &plain{in: e.in}
	}
	e.intr = newInterrupts(e.modes != nil)
	e.intr.onResize, e.intr.onResume = e.resized, e.resumed
	e.intr.onEnd = func(k *fault.Kind) { e.in.stop(fault.New(k, "%s", k.Short)) }
	e.intr.start()
	return e, nil
}

func dumb() bool {
	t := os.Getenv("TERM")
	return t == "dumb" || t == "" && !vtByDefault
}

// IsTerminal reports whether a person is asked: standard input is a terminal
// and there is one to show a prompt on.
func (e *Editor) IsTerminal() bool {
	p, ok := e.lines.(*plain)
	return !ok || p.prompt
}

// take waits until nobody else asks the user for something.
func (e *Editor) take(ctx context.Context) error {
	select {
	case e.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-e.in.done:
		return io.EOF
	}
}

func (e *Editor) give() { <-e.turn }

// History lists what is remembered, oldest first.
func (e *Editor) History() []string { return e.history.all() }

// Close puts the terminal back as it was found and ends a ReadLine that is
// going on with io.EOF. It does not wait for the user.
func (e *Editor) Close() error {
	var err error
	e.closed.Do(func() {
		e.die()
		e.intr.close()
		e.in.close()
		if s, ok := e.lines.(*screenEditor); ok {
			s.close()
		}
		e.turn <- struct{}{} // whoever read has noticed, and tidied up
		e.endTalk()
		if e.modes != nil {
			err = e.modes.restore()
		}
		e.in.release()
	})
	return err
}
