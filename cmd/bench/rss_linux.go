package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"strconv"
	"syscall"
	"time"
)

// peak is the most memory that a process had resident, in bytes, as seen
// until it ended; 0 when it was too quick. What the kernel tells of a process
// that has ended counts its parent's memory too, from the moment between
// fork(2) and execve(2).
func peak(pid int, ended <-chan struct{}) (most int64) {
	name := fmt.Sprintf("/proc/%d/status", pid)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		if b, err := os.ReadFile(name); err == nil {
			most = max(most, highWater(b))
		}
		select {
		case <-ended:
			return most
		case <-tick.C:
		}
	}
}

// highWater is VmHWM of a status file, in bytes.
func highWater(status []byte) int64 {
	for s := bufio.NewScanner(bytes.NewReader(status)); s.Scan(); {
		if rest, ok := bytes.CutPrefix(s.Bytes(), []byte("VmHWM:")); ok {
			n, _ := strconv.ParseInt(string(bytes.TrimSpace(bytes.TrimSuffix(rest, []byte("kB")))), 10, 64)
			return n << 10
		}
	}
	return 0
}

// maxRSS is what the kernel tells of a process that has ended.
func maxRSS(s *os.ProcessState) int64 {
	u, ok := s.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	return int64(u.Maxrss) << 10
}
