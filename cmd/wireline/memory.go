package main

import (
	"os"
	"runtime"
	"runtime/debug"
)

// patience is how far the heap may grow before it is collected for the first
// time, in percent of the 4 MiB that Go would give it.
const patience = 200

// putOffCollection has the first collection wait until the heap has 8 MiB: most
// commands are done before, and to collect the few MiB that a start leaves costs
// as much as a start. From then on all is as usual. What GOGC says prevails.
func putOffCollection() {
	if os.Getenv("GOGC") != "" {
		return
	}
	usual := debug.SetGCPercent(patience)
	first := new([]byte)
	runtime.AddCleanup(first, func(percent int) { debug.SetGCPercent(percent) }, usual)
}
