package line

import (
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// front makes a process group the foreground one. Who is in the background
// may do so only while it does not hear SIGTTOU.
func front(fd, group int) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var deaf, before unix.Sigset_t
	const bits = int(unsafe.Sizeof(deaf.Val[0])) * 8
	n := int(unix.SIGTTOU) - 1
	deaf.Val[n/bits] |= 1 << (n % bits)
	if unix.PthreadSigmask(unix.SIG_BLOCK, &deaf, &before) != nil {
		return
	}
	unix.IoctlSetPointerInt(fd, unix.TIOCSPGRP, group)
	unix.PthreadSigmask(unix.SIG_SETMASK, &before, nil)
}
