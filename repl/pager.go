package repl

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"sync"
	"time"

	"wireline/protocols/fault"
	"wireline/repl/line"
)

// pageHold is how long output is held to see whether it is longer than the
// screen. What takes longer to come is shown as it comes.
const pageHold = 300 * time.Millisecond

// A pager shows output on a terminal: by a program such as less if it fills
// more than the screen, else as it is. It gives up when ctx ends.
type pager struct {
	ctx     context.Context
	sh      *Shell
	io      streams
	w       io.Writer
	rows    int
	command string // of the program; "" for none

	mu    sync.Mutex
	held  []byte
	lines int
	timer *time.Timer
	flat  bool // it is decided: no program
	shown *program
	pipe  io.WriteCloser // to the program, once it runs
}

// Write passes on a little at a time, so that ^C is heeded soon.
func (p *pager) Write(b []byte) (int, error) {
	const piece = 8 << 10
	for n := 0; n < len(b); n += piece {
		if p.ctx.Err() != nil {
			return n, context.Cause(p.ctx)
		}
		if err := p.put(b[n:min(n+piece, len(b))]); err != nil {
			return n, err
		}
	}
	return len(b), nil
}

func (p *pager) put(b []byte) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.command == "" || p.flat || p.pipe != nil {
		return p.out(b)
	}
	p.held = append(p.held, b...)
	if p.lines += bytes.Count(b, []byte("\n")); p.lines >= p.rows {
		p.start()
		return p.flush()
	}
	if p.timer == nil {
		p.timer = time.AfterFunc(pageHold, func() {
			p.mu.Lock()
			defer p.mu.Unlock()
			if p.pipe == nil {
				p.flat = true
				p.flush()
			}
		})
	}
	return nil
}

func (p *pager) out(b []byte) error {
	w := p.w
	if p.pipe != nil {
		w = p.pipe
	}
	_, err := w.Write(b)
	return err
}

func (p *pager) flush() error {
	held := p.held
	p.held = nil
	if len(held) == 0 {
		return nil
	}
	return p.out(held)
}

// start starts the program; without it output is shown as it is.
func (p *pager) start() {
	cmd := localShell(p.command)
	cmd.Stdout, cmd.Stderr = direct(p.w), os.Stderr
	cmd.Env = append(os.Environ(), "LESSSECURE=1")
	if os.Getenv("LESS") == "" {
		cmd.Env = append(cmd.Env, "LESS=FRX")
	}
	pipe, err := cmd.StdinPipe()
	shown := p.sh.program(cmd, p.io, true)
	if err == nil {
		err = shown.start(context.WithoutCancel(p.ctx))
	}
	if err != nil {
		p.flat = true
		return
	}
	p.shown, p.pipe = shown, pipe
}

// close shows what is left and waits until the user has seen enough. It
// reports whether a program showed it.
func (p *pager) close() (paged bool, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.timer != nil {
		p.timer.Stop()
	}
	err = p.flush()
	if p.pipe == nil {
		return false, err
	}
	p.pipe.Close()
	p.shown.wait()
	return true, nil
}

// paged is where the result of a command is shown: at the prompt page by
// page. done gives the error of the command.
func (r *run) paged(ctx context.Context) (w io.Writer, done func(error) error) {
	out, ok := r.io.out.(front)
	if !ok || !r.io.seen() {
		return r.io.out, func(err error) error { return err }
	}
	p := &pager{ctx: ctx, sh: r.sh, io: r.io, w: out, command: r.sh.set.pager}
	_, rows := line.Size(out.f)
	p.rows = rows - 1
	if p.command == "" {
		p.command = defaultPager()
	}
	if p.command == "off" || rows < 3 {
		p.command = ""
	}
	return p, func(err error) error {
		paged, cerr := p.close()
		if paged && (fault.Of(err) == fault.Pipe || errors.Is(err, errPipe)) {
			return nil // the user has seen enough
		}
		if err == nil {
			err = cerr
		}
		return err
	}
}

// defaultPager is that of the environment, or less if there is one.
func defaultPager() string {
	if p := os.Getenv("PAGER"); p != "" {
		return p
	}
	if _, err := exec.LookPath("less"); err != nil {
		return "off"
	}
	return "less"
}
