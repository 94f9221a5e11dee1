//go:build !unix

package lab

import (
	"os"
	"os/exec"
)

func group(*exec.Cmd) {}

func terminate(p *os.Process) error { return p.Kill() }

func kill(p *os.Process) error { return p.Kill() }
