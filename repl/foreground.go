package repl

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"sync"
	"sync/atomic"

	"wireline/protocols/fault"
	"wireline/repl/syntax"
)

// A foreground is a command line that a person waits for, until ^Z puts it
// into the background.
type foreground struct {
	sh     *Shell
	behind atomic.Bool // it runs in the background
	end    func()      // ends the watch for ^Z
	cancel context.CancelCauseFunc

	begun   chan struct{} // a job has come to its first verb; nil: nobody wants to know
	first   sync.Once
	stopped chan struct{}              // ^Z was typed while the line was watched
	awaited atomic.Bool                // fg waits for it
	waits   atomic.Pointer[foreground] // the job that fg waits for in this line

	mu       sync.Mutex
	programs []*program // of this machine, that run for it
}

// A front writes to the terminal, and as notices while its line is in the
// background.
type front struct {
	*foreground
	f *os.File
}

func (f front) Write(p []byte) (int, error) {
	if !f.watched() {
		return above{f.sh}.Write(p)
	}
	return f.f.Write(p)
}

// fileOf is the file that a stream of a command leads to, if it is one.
func fileOf(w io.Writer) (*os.File, bool) {
	if f, ok := w.(front); ok {
		return f.f, true
	}
	f, ok := w.(*os.File)
	return f, ok
}

// A progress writes what is only of use while somebody waits.
type progress struct{ w io.Writer }

func (p progress) Write(b []byte) (int, error) {
	if f, ok := p.w.(front); ok && !f.watched() && !bytes.HasSuffix(b, []byte("\n")) {
		return len(b), nil
	}
	return p.w.Write(b)
}

// streams are those of the terminal as long as the line is in the foreground.
func (f *foreground) streams(s streams) streams {
	if out, ok := fileOf(s.out); ok && s.terminal {
		s.out = front{f, out}
	}
	if errs, ok := fileOf(s.err); ok && f.sh.set.terminal(errs) {
		s.err = front{f, errs}
	}
	s.front = f
	return s
}

// foreground runs a text as the person's line. It returns when the line has ended,
// or when ^Z has made a job of it; what it has set counts in the first case
// only.
func (sh *Shell) foreground(name string, text string) error {
	script, err := syntax.Parse(name, text)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	f := &foreground{sh: sh, cancel: cancel, stopped: make(chan struct{}, 1)}
	own := sh.fork()
	j := &job{text: text, began: sh.now(), cancel: cancel, done: make(chan struct{}), front: f}
	unwatch := sh.editor.Watch(func() { cancel(fault.New(fault.Interrupt, "interrupted")) })
	f.end = sh.editor.WatchStop(f.stop)
	go func() {
		defer close(j.done)
		j.err = own.script(ctx, name, script, f.streams(own.streams()))
		if f.behind.Load() {
			sh.ended(j)
		}
	}()
	select {
	case <-j.done:
	case <-f.stopped:
		if j.over() {
			break
		}
		f.behind.Store(true)
		f.unlend()
		sh.addJob(j)
		sh.editor.FreshRow()
		sh.tellJob(j)
		f.end()
		unwatch()
		return nil
	}
	f.end()
	unwatch()
	cancel(nil)
	sh.scope = own.scope
	return j.err
}

// typed runs what was entered at the prompt; ^C ends it.
func (sh *Shell) typed(text string, n int) error {
	name := ""
	if !sh.editor.IsTerminal() {
		name = "-"
	}
	err := sh.foreground(name, text)
	var bad *syntax.Error
	if errors.As(err, &bad) {
		bad.Line += n - 1
		sh.report("", syntax.Pos{}, err, sh.streams(), false)
	}
	return err
}
