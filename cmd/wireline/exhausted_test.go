//go:build unix

package main

import (
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// T12: with no descriptors left a connection fails with the system's own
// words, at once, and what is open goes on.
func TestNoDescriptorsLeft(t *testing.T) {
	addr, client := peer(t)
	host, port, _ := strings.Cut(addr, ":")
	line := "connect tcp " + host + " " + port + "\n- " + strings.Repeat("connect tcp "+host+" "+port+"; - ", 30) + "echo\nsend --hex 0a || use 1; send alive"
	cmd := exec.Command("sh", "-c", `ulimit -n 16; exec "$0" "$@"`, "wireline", "--no-config", "--keep-going", "-c", line)
	cmd.Env = append(os.Environ(), "HOME="+t.TempDir())
	done := make(chan struct{})
	var out []byte
	go func() {
		defer close(done)
		out, _ = cmd.CombinedOutput()
	}()
	c := client()
	defer c.Close()
	select {
	case <-done:
	case <-time.After(time.Minute):
		t.Fatal("it does not end")
	}
	if s := string(out); !strings.Contains(s, "too many open files (CONNECT, exit 7)") || !strings.Contains(s, "sent ") {
		t.Errorf("it said\n%s", s)
	}
}

// T16: limits go by a clock that a stop does not confuse. A command that was
// stopped goes on where it was, and no time is negative.
func TestStoppedAndContinued(t *testing.T) {
	addr, client := peer(t)
	cmd := exec.Command("wireline", "--no-config", "tcp", "recv", addr, "--until", `\n`, "-t", "60", "--json")
	var out, errs strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Process.Kill()
	c := client()
	defer c.Close()
	if err := cmd.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	time.Sleep(300 * time.Millisecond)
	if _, err := c.Write([]byte("meanwhile\n")); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Process.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Fatalf("%v: %s", err, errs.String())
	}
	if s := out.String(); !strings.Contains(s, "meanwhile") || strings.Contains(s, ":-") {
		t.Errorf("it gave %s", s)
	}
}
