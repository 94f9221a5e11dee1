package line

import (
	"os"

	"wireline/protocols/fault"
)

// A console tells of a new size by events that only its reader sees; the size
// is asked for at each drawing instead.
func notifyTerminal(chan<- os.Signal) {}

func notifyEnd(chan<- os.Signal) {}

func ending(os.Signal) *fault.Kind { return nil }

func resumed(os.Signal) bool { return false }

func stopSelf() {}

const canStop = false

func notifyStop(chan<- os.Signal) {}

func continueAll() {}
