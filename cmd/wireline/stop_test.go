//go:build unix

package main

import (
	"strings"
	"testing"
)

// ^Z puts a command into the background, where it goes on; fg waits for
// it, and ^C there ends it.
func TestStop(t *testing.T) {
	p := sit(t)
	p.sees("wireline> ")
	p.types("echo going; sleep 3; echo \"$(echo late)r\"\r")
	p.sees("going\r\n")
	p.types("\x1a")
	p.sees("job 1: echo going")
	p.sees("wireline> ")
	p.types("let x = here; echo typed $x\r")
	p.sees("typed here\r\n")
	p.sees("later")
	p.sees("job 1 done")

	p.types("echo going; sleep 100 | cat\r")
	p.sees("going\r\n")
	p.types("\x1a")
	p.sees("job 2: echo going")
	p.types("jobs\r")
	p.sees("running")
	p.sees("wireline> ")
	p.types("fg\r")
	p.sees("job 2: echo going")
	p.types("\x03")
	p.sees("interrupted")
	p.sees("wireline> ")
	p.types("jobs\r")
	p.sees("exit 130")
	p.sees("wireline> ")
	p.leaves()
}

// A program that begins while its line goes into the background does not take
// the terminal along.
func TestStopAtOnce(t *testing.T) {
	p := sit(t)
	p.sees("wireline> ")
	for range 10 {
		p.types("echo going; sleep 100 | cat\r")
		p.sees("going\r\n")
		p.types("\x1a")
		p.sees("job 1: echo going")
		p.sees("wireline> ")
		p.types("kill %1\r")
		p.sees("job 1 killed")
		p.types("jobs\r")
		p.sees("exit 143")
		p.sees("wireline> ")
	}
}

// ^Z while fg waits for a job sends that into the background again.
func TestStopForeground(t *testing.T) {
	p := sit(t)
	p.sees("wireline> ")
	p.types("sleep 100 &\r")
	p.sees("job 1: sleep 100")
	p.sees("wireline> ")
	for range 3 {
		p.types("fg\r")
		p.sees("fg\r")
		p.sees("job 1: sleep 100")
		p.types("\x1a")
		p.sees("^Z")
		p.sees("job 1: sleep 100")
		p.sees("wireline> ")
	}
	p.types("kill 1\r")
	p.sees("job 1 killed")
	p.types("jobs\r")
	if got := p.sees("exit 143"); strings.Contains(got, "2  ") {
		t.Errorf("%q", got)
	}
}

// GRAMMAR §2: leaving asks while jobs run.
func TestLeaving(t *testing.T) {
	p := sit(t)
	p.sees("wireline> ")
	p.types("sleep 100 &\r")
	p.sees("job 1")
	p.sees("wireline> ")
	p.types("\x04")
	p.sees("1 job runs; leave all the same? [y/N]")
	p.types("n\r")
	p.sees("wireline> ")
	p.types("exit\r")
	p.sees("[y/N]")
	p.types("y\r")
	if err := <-p.gone; err != nil {
		t.Error(err)
	}
}
