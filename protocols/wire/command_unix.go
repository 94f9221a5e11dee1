//go:build unix

package wire

import (
	"os"
	"os/exec"
	"syscall"
)

// pipesCanWait says that a wait for a pipe can have a limit.
const pipesCanWait = true

// apart has ^C at the terminal not reach the program.
func apart(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// killGroup ends a program with all that it started.
func killGroup(p *os.Process) { _ = syscall.Kill(-p.Pid, syscall.SIGKILL) }
