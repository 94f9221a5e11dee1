//go:build unix

package lab

import (
	"os"
	"os/exec"
	"syscall"
)

// group has cmd lead a process group, so that all it starts ends with it, also
// when the test itself comes to a sudden end.
func group(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	w, err := watchdog()
	if err != nil {
		return
	}
	const announced = `echo "+ $$" >&3; exec "$0" "$@" 3>&-`
	cmd.Args = append([]string{"sh", "-c", announced, cmd.Path}, cmd.Args[1:]...)
	cmd.Path = "/bin/sh"
	cmd.ExtraFiles = []*os.File{w}
}

func terminate(p *os.Process) error { return syscall.Kill(-p.Pid, syscall.SIGTERM) }

func kill(p *os.Process) error {
	err := syscall.Kill(-p.Pid, syscall.SIGKILL)
	forget(p.Pid)
	return err
}
