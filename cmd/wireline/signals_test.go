//go:build unix

package main

import "syscall"

const (
	sigTerm = syscall.SIGTERM
	sigHup  = syscall.SIGHUP
)
