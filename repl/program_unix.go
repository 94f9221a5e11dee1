//go:build unix

package repl

import (
	"errors"
	"fmt"
	"os/exec"
	"syscall"

	"golang.org/x/sys/unix"

	"wireline/protocols/fault"
)

func ownGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// follow waits for the program, through its stops.
func (p *program) follow() error {
	var ws unix.WaitStatus
	for {
		_, err := unix.Wait4(p.cmd.Process.Pid, &ws, unix.WUNTRACED, nil)
		switch {
		case errors.Is(err, unix.EINTR):
			continue
		case err != nil:
			p.loan.Take(false)
			return err
		case ws.Stopped() && p.ending.Load():
			p.kill() // it wants the terminal for its last words
			continue
		case ws.Stopped():
			p.halted(ws.StopSignal() == unix.SIGTTIN || ws.StopSignal() == unix.SIGTTOU)
			continue
		}
		break
	}
	p.gone.Store(true)
	p.loan.Take(ws.Exited() && p.first) // what began beside us may have seen modes of ours
	p.cmd.Wait()                        // for its output; what there was to wait for otherwise is over
	switch {
	case ws.Signaled() && ws.Signal() == unix.SIGINT:
		err := fault.New(fault.Interrupt, "interrupted")
		if p.front.watched() {
			p.front.cancel(err)
		}
		return err
	case ws.Exited() && ws.ExitStatus() == 0:
		return nil
	}
	return failed(ws)
}

// failed is how a program ended that did not end well.
type failed unix.WaitStatus

// ExitCode is -1 for one that a signal ended.
func (f failed) ExitCode() int { return unix.WaitStatus(f).ExitStatus() }

func (f failed) Error() string {
	ws := unix.WaitStatus(f)
	if ws.Signaled() {
		return "signal: " + ws.Signal().String()
	}
	return fmt.Sprintf("exit status %d", ws.ExitStatus())
}

// tell asks the program to end; one that is stopped must go on for that.
func (p *program) tell(why error) {
	if p.gone.Load() {
		return // the number may be another's by now
	}
	sig := unix.SIGTERM
	if fault.Of(why) == fault.Interrupt {
		sig = unix.SIGINT
	}
	unix.Kill(-p.cmd.Process.Pid, sig)
	unix.Kill(-p.cmd.Process.Pid, unix.SIGCONT)
}

func (p *program) kill() {
	if !p.gone.Load() {
		unix.Kill(-p.cmd.Process.Pid, unix.SIGKILL)
	}
}
