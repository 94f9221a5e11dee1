//go:build unix

package main

import (
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// lent waits until another program than the shell has the terminal.
func (p *person) lent() {
	p.t.Helper()
	for end := time.Now().Add(time.Minute); ; time.Sleep(time.Millisecond) {
		if group, err := unix.IoctlGetInt(int(p.tty.Fd()), unix.TIOCGPGRP); err != nil || group != p.cmd.Process.Pid {
			return
		}
		if time.Now().After(end) {
			p.t.Fatal("no program was given the terminal")
		}
	}
}

// One process at a time, since the shell knows of its child only: another one
// may still read what is typed right behind a ^Z.

// ^Z stops a program that was started with !, and not the shell; fg
// gives it the terminal again, kill ends it.
func TestStopProgram(t *testing.T) {
	p := sit(t)
	p.sees("wireline> ")
	p.types("!echo it reads; exec cat\r")
	p.sees("it reads\r\n")
	p.lent()
	p.types("one\r")
	p.sees("one\r\none\r\n")
	p.types("\x1a")
	p.sees("job 1: !echo it reads; exec cat is stopped; fg 1 goes on with it, kill 1 ends it")
	p.sees("wireline> ")
	p.types("jobs\r")
	p.sees("stopped")
	p.sees("wireline> ")
	p.types("fg\r")
	p.lent()
	p.types("two\r")
	p.sees("two\r\ntwo\r\n")
	p.types("\x1a")
	p.sees("is stopped")
	p.sees("wireline> ")
	p.types("fg 1\r")
	p.lent()
	p.types("\x04")
	p.sees("job 1 done")
	p.sees("wireline> ")

	p.types("!echo it waits; exec cat\r")
	p.sees("it waits\r\n")
	p.lent()
	p.types("\x1a")
	p.sees("job 2: !echo it waits; exec cat is stopped")
	p.sees("wireline> ")
	p.types("exit\r")
	p.sees("1 job runs; leave all the same? [y/N]")
	p.types("n\r")
	p.sees("wireline> ")
	p.types("kill 2\r")
	p.sees("job 2 killed")
	p.sees("wireline> ")
	p.leaves()
}

// T13: ^C reaches the program alone. One that dies of it ends the line, one
// that does not can go on.
func TestInterruptProgram(t *testing.T) {
	p := sit(t)
	p.sees("wireline> ")
	p.types("alias nap '!echo asleep; exec sleep 100'\r")
	p.sees("wireline> ")
	p.types("nap; echo \"$(echo aft)er\"\r")
	p.sees("asleep\r\n")
	p.lent()
	p.types("\x03")
	p.sees("interrupted (INT, exit 130)")
	if got := p.sees("wireline> "); strings.Contains(got, "after") {
		t.Errorf("the line went on: %q", got)
	}
	p.types("!trap 'echo caught' INT; until read x; do :; done; echo got $x; until read x; do :; done; echo got $x\r")
	p.lent()
	p.types("one\r")
	p.sees("got one\r\n")
	p.types("\x03")
	p.sees("caught\r\n")
	p.types("more\r")
	p.sees("got more\r\n")
	p.sees("wireline> ")
	p.leaves()
}

// What stands right of | is given the terminal when it asks for it, which a
// pager does; ^Z stops it then.
func TestPipeAndTerminal(t *testing.T) {
	p := sit(t)
	p.sees("wireline> ")
	p.types("echo text | read a </dev/tty; echo got $a; exec cat\r")
	p.lent()
	p.types("typed\r")
	p.sees("got typed\r\ntext\r\n")
	p.sees("wireline> ")
	p.types("echo text | echo up; read a </dev/tty; echo got $a; exec cat\r")
	p.sees("up\r\n")
	p.lent()
	p.types("half\x1a")
	p.sees("is stopped")
	p.sees("wireline> ")
	p.types("fg\r")
	p.lent()
	p.types("whole\r")
	p.sees("whole\r\ntext\r\n")
	p.sees("job 1 done")
	p.leaves()
}
