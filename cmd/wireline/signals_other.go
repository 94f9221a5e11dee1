//go:build !unix

package main

import "os"

// ending are the signals that end the playground.
var ending = []os.Signal{os.Interrupt}

// broken is the signal of an output that nobody reads; there is none here.
var broken []os.Signal
