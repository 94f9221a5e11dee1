//go:build unix

package mail

import (
	"syscall"
	"time"
)

// worked is how long the process has worked so far: what others do on the
// machine does not count.
func worked() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
