//go:build unix

package main

import (
	"os"
	"syscall"
)

// ending are the signals that end the playground.
var ending = []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP}

// broken is the signal of an output that nobody reads.
var broken = []os.Signal{syscall.SIGPIPE}
