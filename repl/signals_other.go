//go:build !unix

package repl

import (
	"os"
	"syscall"

	"wireline/protocols/fault"
)

var endSignals = []os.Signal{os.Interrupt}

// errPipe is what writing to a program that stopped reading gives: Windows'
// ERROR_NO_DATA.
var errPipe error = syscall.Errno(232)

func signalKind(os.Signal) *fault.Kind { return fault.Interrupt }
