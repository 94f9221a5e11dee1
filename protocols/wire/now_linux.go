package wire

import (
	"encoding/binary"
	"net/netip"
	"runtime"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// The calls of this file do not tell the runtime that they are made. One that
// copies much takes so long that the runtime would give our place to another
// thread, wake that, and have us wait for a place again, hundreds of times a
// second. None of them waits for a peer: they move what can be moved now, or
// wait for a moment that is given.

// writeNow is write(2) on a socket that does not block.
func writeNow(fd int, p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	return outcome(unix.RawSyscall(unix.SYS_WRITE, uintptr(fd), uintptr(unsafe.Pointer(&p[0])), uintptr(len(p))))
}

// readNow is read(2) on a socket that does not block.
func readNow(fd int, p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if detecting {
		return syscall.Read(fd, p)
	}
	return outcome(unix.RawSyscall(unix.SYS_READ, uintptr(fd), uintptr(unsafe.Pointer(&p[0])), uintptr(len(p))))
}

// connectNow is connect(2) of a socket that does not block.
func connectNow(fd int, to netip.AddrPort) error {
	var name [unix.SizeofSockaddrInet6]byte
	var size uintptr = unix.SizeofSockaddrInet4
	binary.BigEndian.PutUint16(name[2:], to.Port())
	if a := to.Addr(); a.Is4() {
		binary.NativeEndian.PutUint16(name[:], unix.AF_INET)
		*(*[4]byte)(name[4:]) = a.As4()
	} else {
		binary.NativeEndian.PutUint16(name[:], unix.AF_INET6)
		*(*[16]byte)(name[8:]) = a.As16()
		size = unix.SizeofSockaddrInet6
	}
	_, err := outcome(unix.RawSyscall(unix.SYS_CONNECT, uintptr(fd), uintptr(unsafe.Pointer(&name)), size))
	return err
}

// closeNow is close(2) of a socket, which leaves it to the kernel to send what
// is not sent yet.
func closeNow(fd int) error {
	_, err := outcome(unix.RawSyscall(unix.SYS_CLOSE, uintptr(fd), 0, 0))
	return err
}

// discardNow is recv(2) that keeps nothing; p says how much at the most.
func discardNow(fd int, p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	return outcome(unix.RawSyscall6(unix.SYS_RECVFROM, uintptr(fd), uintptr(unsafe.Pointer(&p[0])), uintptr(len(p)), unix.MSG_TRUNC|unix.MSG_DONTWAIT, 0, 0))
}

// spliceNow is splice(2) between a socket and a pipe, neither of which is
// waited for.
func spliceNow(from, to, n int) (int, error) {
	return outcome(unix.RawSyscall6(unix.SYS_SPLICE, uintptr(from), 0, uintptr(to), 0, uintptr(n), unix.SPLICE_F_MOVE|unix.SPLICE_F_NONBLOCK))
}

// pollNow waits at most ms milliseconds until fd is ready. Where there is but
// one processor, others may use it meanwhile.
func pollNow(fd int, events int16, ms int) {
	if runtime.GOMAXPROCS(0) == 1 {
		unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: events}}, ms)
		return
	}
	fds := unix.PollFd{Fd: int32(fd), Events: events}
	limit := unix.NsecToTimespec(int64(ms) * 1e6)
	unix.RawSyscall6(unix.SYS_PPOLL, uintptr(unsafe.Pointer(&fds)), 1, uintptr(unsafe.Pointer(&limit)), 0, 0, 0)
}

func outcome(n, _ uintptr, errno unix.Errno) (int, error) {
	if errno != 0 {
		return -1, errno
	}
	return int(n), nil
}
