//go:build unix && !linux

package line

import (
	"os"
	"os/signal"
	"sync"

	"golang.org/x/sys/unix"
)

var fronting sync.Mutex

// front makes a process group the foreground one. Who is in the background
// may do so only while it does not hear SIGTTOU. Programs must not inherit
// that, and Notify is what ends it.
func front(fd, group int) {
	fronting.Lock()
	defer fronting.Unlock()
	signal.Ignore(unix.SIGTTOU)
	unix.IoctlSetPointerInt(fd, unix.TIOCSPGRP, group)
	c := make(chan os.Signal, 1)
	signal.Notify(c, unix.SIGTTOU)
	signal.Stop(c)
}
