package repl

import (
	"context"
	"os/exec"
	"sync/atomic"
	"time"

	"wireline/repl/line"
)

// A program of this machine runs for a command. At a prompt it is a process
// group of its own, as in any shell, and has the terminal only while its line
// is in the foreground. So ^Z stops the program and not the shell.
type program struct {
	cmd   *exec.Cmd
	front *foreground // nil: there is no prompt, and it is one with the shell
	first bool        // the terminal is its from the start, and not when it asks
	loan  *line.Loan
	uncut func() bool

	over    atomic.Bool // the command has ended, and waits for the program only
	stopped atomic.Bool
	ending  atomic.Bool // it was told to end
	gone    atomic.Bool // it has ended
	done    chan struct{}
	err     error // once it is done
}

// program makes a program of cmd.
func (sh *Shell) program(cmd *exec.Cmd, s streams, first bool) *program {
	p := &program{cmd: cmd, first: first, done: make(chan struct{})}
	if s.front != nil && sh.prompts && sh.editor.CanLend() {
		p.front = s.front
	}
	return p
}

// start starts the program, and ends it when ctx ends.
func (p *program) start(ctx context.Context) error {
	start := p.cmd.Start
	if p.front != nil {
		ownGroup(p.cmd)
		start = func() error { return p.front.sh.editor.Start(p.cmd) }
	}
	if err := start(); err != nil {
		return err
	}
	if p.front != nil {
		p.loan = p.front.sh.editor.Lend(p.cmd.Process.Pid)
		p.front.add(p)
		if p.first && p.front.watched() {
			p.loan.Give(true, p.front.watched)
		}
	}
	p.uncut = context.AfterFunc(ctx, func() { p.end(context.Cause(ctx)) })
	go func() {
		defer close(p.done)
		if p.front == nil {
			p.err = p.cmd.Wait()
			return
		}
		p.err = p.follow()
		p.front.remove(p)
	}()
	return nil
}

// wait waits until the program has ended.
func (p *program) wait() error {
	p.over.Store(true)
	if p.front != nil && p.stopped.Load() && p.front.watched() {
		p.resume()
	}
	<-p.done
	p.uncut()
	return p.err
}

// resume lets a program that was stopped go on, with the terminal.
func (p *program) resume() {
	p.stopped.Store(false)
	if !p.loan.Give(true, p.front.watched) {
		p.loan.Continue()
	}
}

// halted is called when the program was stopped: because it wants the
// terminal, or because the person wants it out of the way.
func (p *program) halted(wants bool) {
	p.loan.Take(false)
	p.stopped.Store(true)
	if wants && p.front.watched() && p.loan.Give(p.over.Load(), p.front.watched) {
		p.stopped.Store(false)
	} else if !wants || !p.front.watched() {
		p.front.halted()
	}
}

// lastWords is how long a program may take to end once it is told to.
const lastWords = 2 * time.Second

// end has the program end.
func (p *program) end(why error) {
	if p.front == nil {
		p.cmd.Process.Kill()
		return
	}
	p.ending.Store(true)
	p.tell(why)
	select {
	case <-p.done:
	case <-time.After(lastWords):
		p.kill()
	}
}
