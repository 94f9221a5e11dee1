package telnet

import "golang.org/x/sys/windows"

const soOOBInline = 0x100 // winsock2.h

func oobInline(fd uintptr) {
	windows.SetsockoptInt(windows.Handle(fd), windows.SOL_SOCKET, soOOBInline, 1)
}
