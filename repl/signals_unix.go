//go:build unix

package repl

import (
	"os"
	"syscall"

	"wireline/protocols/fault"
)

var endSignals = []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP}

// errPipe is what writing to a program that stopped reading gives.
var errPipe error = syscall.EPIPE

func signalKind(s os.Signal) *fault.Kind {
	switch s {
	case syscall.SIGTERM:
		return fault.Terminate
	case syscall.SIGHUP:
		return fault.Hangup
	}
	return fault.Interrupt
}
