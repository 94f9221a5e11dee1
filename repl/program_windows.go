package repl

import "os/exec"

// There is no job control here, and CanLend says so: a program is always one
// with the shell.

func ownGroup(*exec.Cmd) {}

func (p *program) follow() error { return p.cmd.Wait() }

func (p *program) tell(error) { p.kill() }

func (p *program) kill() { p.cmd.Process.Kill() }
