//go:build unix

package line

import (
	"os"
	"os/signal"

	"golang.org/x/sys/unix"

	"wireline/protocols/fault"
)

func notifyTerminal(c chan<- os.Signal) {
	signal.Notify(c, unix.SIGWINCH, unix.SIGCONT)
	notifyEnd(c)
}

func notifyEnd(c chan<- os.Signal) { signal.Notify(c, unix.SIGTERM, unix.SIGHUP) }

// ending is what a signal that ends the program means; nil for others.
func ending(s os.Signal) *fault.Kind {
	switch s {
	case unix.SIGTERM:
		return fault.Terminate
	case unix.SIGHUP:
		return fault.Hangup
	}
	return nil
}

func resumed(s os.Signal) bool { return s == unix.SIGCONT }

// stopSelf stops the process and the others of its job, as the kernel does on
// ^Z. It has no effect without a shell to continue it.
func stopSelf() { unix.Kill(0, unix.SIGTSTP) }

const canStop = true

func notifyStop(c chan<- os.Signal) { signal.Notify(c, unix.SIGTSTP) }

// continueAll lets the programs go on that a ^Z has stopped along with us.
func continueAll() { unix.Kill(0, unix.SIGCONT) }
