package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

const proftpdConf = `ServerType standalone
ServerName bench
DefaultServer on
DefaultAddress 127.0.0.1
Port %[2]s
UseIPv6 off
MaxInstances 100
RootLogin on
RequireValidShell off
AuthOrder mod_auth_file.c
AuthFileOptions InsecurePerms
AuthUserFile %[1]s/passwd
AllowOverwrite on
PidFile %[1]s/pid
ScoreboardFile %[1]s/scoreboard
SystemLog %[1]s/log
TransferLog none
WtmpLog off
UseReverseDNS off
DelayEngine off
`

// ann's password is secret.
const proftpdUser = "ann:$6$wireline$e.SumKxwTQJ/eeTJrFyMvxnOYfj7XEgxOf8ZI/GTBnbCtiG9ehJfhoFTc2cdOxcWHsviuieC7NNY8N1XYbPWe1:%d:%d:Ann:%s:/bin/sh\n"

// errProFTPD is why a race cannot be run.
var errProFTPD = errors.New("proftpd is not installed")

// proftpd starts a server of a directory, which ends with the race. Its port
// is where ann is to log in.
func (c *course) proftpd(ctx context.Context) (root, port string, err error) {
	program, err := exec.LookPath("proftpd")
	if err != nil {
		if program, err = exec.LookPath("/usr/sbin/proftpd"); err != nil {
			return "", "", errProFTPD
		}
	}
	dir, err := os.MkdirTemp(c.dir, "proftpd")
	if err != nil {
		return "", "", err
	}
	ports, err := freePorts(1)
	if err != nil {
		return "", "", err
	}
	root, port = filepath.Join(dir, "root"), ports[0]
	if err := os.Mkdir(root, 0o755); err != nil {
		return "", "", err
	}
	conf := filepath.Join(dir, "conf")
	for name, text := range map[string]string{
		conf:                         fmt.Sprintf(proftpdConf, dir, port),
		filepath.Join(dir, "passwd"): fmt.Sprintf(proftpdUser, os.Getuid(), os.Getgid(), root),
	} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			return "", "", err
		}
	}
	cmd := exec.CommandContext(ctx, program, "-n", "-q", "-c", conf)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	if err := cmd.Start(); err != nil {
		return "", "", err
	}
	c.ends = append(c.ends, func() {
		cmd.Process.Signal(os.Interrupt)
		cmd.Wait()
		os.RemoveAll(dir)
	})
	return root, port, reached(ctx, "127.0.0.1:"+port)
}
