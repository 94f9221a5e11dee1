package main

import (
	"context"
	"os"
	"os/exec"
)

// started starts a server that ends with the race, and waits until somebody
// listens at the port.
func (c *course) started(ctx context.Context, port, program string, words ...string) error {
	path, err := installed(program)
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, path, words...)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	if err := cmd.Start(); err != nil {
		return err
	}
	c.ends = append(c.ends, func() {
		cmd.Process.Signal(os.Interrupt)
		cmd.Wait()
	})
	return reached(ctx, "127.0.0.1:"+port)
}

// installed is where a program is, which may be one for administrators.
func installed(program string) (string, error) {
	path, err := exec.LookPath(program)
	if err != nil {
		path, err = exec.LookPath("/usr/sbin/" + program)
	}
	return path, err
}

// far is a port as near as another continent to one of this machine.
func (c *course) far(port string) (string, error) {
	far, stop, err := delayed(port)
	if err == nil {
		c.ends = append(c.ends, stop)
	}
	return far, err
}
