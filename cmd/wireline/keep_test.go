//go:build unix

package main

import (
	"fmt"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// X-42, FTP-28: at the prompt a session that is idle is kept, and every
// session ends politely, whether the user leaves, the terminal is gone or a
// signal ends the program.
func TestKept(t *testing.T) {
	for _, end := range []string{"exit", "^D", "terminate", "hang up"} {
		t.Run(end, func(t *testing.T) {
			p := sit(t, "demo")
			p.sees("wireline> ")
			for i, at := range []string{"ftp", "mail-pop3", "mail-imap", "mail", "news"} {
				p.types("connect @" + at + "\r")
				p.sees(fmt.Sprintf("[%d] connected to ", i+1))
				p.sees("> ")
			}
			p.types("trace line\r")
			p.sees("> ")
			p.types("set keep 100ms\r")
			deadline := time.Now().Add(time.Minute)
			for p.kept() < 5 && time.Now().Before(deadline) {
				time.Sleep(10 * time.Millisecond)
			}
			if n := p.kept(); n != 5 {
				t.Fatalf("%d sessions were kept: %q", n, p.all())
			}
			p.types("set keep off\r")
			p.types("echo \"$(echo rea)dy\"\r")
			p.sees("ready\r\n")
			p.sees("> ")
			switch end {
			case "exit":
				p.types("exit\r")
			case "^D":
				p.types("\x04")
			case "terminate":
				p.cmd.Process.Signal(syscall.SIGTERM)
			case "hang up":
				p.cmd.Process.Signal(syscall.SIGHUP)
			}
			select {
			case <-p.gone:
			case <-time.After(time.Minute):
				t.Fatal("wireline did not leave")
			}
			if all := p.all(); strings.Count(all, "QUIT") != 4 || strings.Count(all, "LOGOUT") < 1 {
				t.Errorf("no goodbye: %q", all)
			}
		})
	}
}

// all is what the person has seen.
func (p *person) all() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return escapes.ReplaceAllString(p.screen.String(), "")
}

var keeps = regexp.MustCompile(`\[(\d)\] (?:tls )?> (?:\w+ )?(?:NOOP|DATE)\r`)

// kept is how many sessions have been kept, as the trace tells.
func (p *person) kept() int {
	which := map[string]bool{}
	for _, m := range keeps.FindAllStringSubmatch(p.all(), -1) {
		which[m[1]] = true
	}
	return len(which)
}
