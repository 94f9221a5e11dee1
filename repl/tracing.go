package repl

import (
	"context"
	"io"
	"os"
	"strings"
	"sync"

	"wireline/protocols/wire"
	"wireline/repl/render"
	"wireline/repl/transfer"
)

// A tracer shows what goes over every wire of the shell.
type tracer struct {
	sh   *Shell
	mu   sync.Mutex
	mode string // off, line, talk, hex or jsonl
	file *os.File
	show func(wire.Event)

	recording *os.File // what record writes to
	record    func(wire.Event)
}

// attach makes d tell the tracer, if anything is traced or recorded.
func (t *tracer) attach(d *wire.Dialer) {
	t.mu.Lock()
	listens := t.show != nil || t.record != nil
	t.mu.Unlock()
	if listens {
		d.SetTrace(t.event)
	} else {
		d.SetTrace(nil)
	}
}

func (t *tracer) on() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.mode != "" && t.mode != "off"
}

func (t *tracer) event(e wire.Event) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.show != nil {
		t.show(e)
	}
	if t.record != nil {
		t.record(e)
	}
}

// turn sets mode and file, and tells every open wire.
func (t *tracer) turn(mode, file string) error {
	var f *os.File
	if file != "" && mode != "off" {
		var err error
		if f, err = transfer.Create(t.sh.localPath(file), true, 0o600); err != nil {
			return err
		}
	}
	t.close()
	t.mu.Lock()
	t.mode, t.file, t.show = mode, f, nil
	if mode != "off" {
		var w io.Writer = f
		o := render.Options{}
		if f == nil {
			w = above{t.sh}
			o = t.sh.set.colored(t.sh.Err)
		}
		t.show = render.Trace(w, mode, o)
	}
	t.mu.Unlock()
	t.attachAll()
	return nil
}

func (t *tracer) attachAll() {
	for _, s := range t.sh.list() {
		t.attach(s.wire)
	}
}

func (t *tracer) close() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.file != nil {
		t.file.Close()
		t.file = nil
	}
	t.show = nil
}

// above writes what comes at any time: above the prompt while there is one,
// and as lines of their own while a verb talks with the user.
type above struct{ sh *Shell }

func (a above) Write(p []byte) (int, error) {
	e := a.sh.screen.Load()
	if e == nil || !a.sh.prompts && !a.sh.set.terminal(a.sh.Err) {
		return a.sh.Err.Write(p)
	}
	e.Notice(strings.TrimRight(string(p), "\n"))
	return len(p), nil
}

// traced turns tracing on for one command, if its flags ask for that. What
// opens the session of a command line is traced up to its end.
func (r *run) traced() (restore func()) {
	mode := r.flags.Trace
	if mode == "" && r.flags.Verbose {
		mode = "line"
	}
	t := r.sh.trace
	if mode == "" || t.on() {
		return func() {}
	}
	if err := t.turn(mode, ""); err != nil {
		return func() {}
	}
	if r.argv && r.opens {
		return func() {}
	}
	return func() { t.turn("off", "") }
}

type TraceArgs struct {
	Mode string `arg:"mode?" enum:"on,off,line,talk,hex,jsonl" help:"on is line; talk has arrows, and the time between lines; with none it is told what holds"`
	File string `arg:"file?" help:"append to this file instead of showing" complete:"local"`
}

// TraceVerb turns the trace on and off.
func (sh *Shell) TraceVerb(_ context.Context, a TraceArgs) (any, error) {
	switch a.Mode {
	case "":
		if !sh.trace.on() {
			return note("trace is off"), nil
		}
		return note("trace is " + sh.trace.mode), nil
	case "on":
		a.Mode = "line"
	}
	return nil, sh.trace.turn(a.Mode, a.File)
}
