package line

import (
	"bytes"
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// continueHalfway lets our children go on that have not become the program yet
// that they are to be: a ^Z that came before they had a group of their own
// stops them after they have it, where a SIGCONT for our group does not reach.
func continueHalfway() {
	ours, err := os.Readlink("/proc/self/exe")
	if err != nil {
		return
	}
	all, err := os.ReadDir("/proc")
	if err != nil {
		return
	}
	for _, entry := range all {
		pid, err := strconv.Atoi(entry.Name())
		if err != nil || parent(pid) != os.Getpid() {
			continue
		}
		if exe, err := os.Readlink("/proc/" + entry.Name() + "/exe"); err == nil && exe == ours {
			unix.Kill(pid, unix.SIGCONT)
		}
	}
}

// parent is the process that has started another; 0 if that cannot be told.
func parent(pid int) int {
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return 0
	}
	// pid (name, with any bytes) state parent ...
	if f := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:]); len(f) > 1 {
		ppid, _ := strconv.Atoi(string(f[1]))
		return ppid
	}
	return 0
}
