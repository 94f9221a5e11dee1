//go:build unix

package lab

import (
	"fmt"
	"os"
	"os/exec"
	"sync"
	"syscall"
)

// vigil reads of process groups that begin and end. When nobody can tell of
// any more, the test is gone, and those that it has left are ended.
const vigil = `
trap "" INT TERM HUP
left=
while read -r what pid; do
	case $what in
	+) left="$left $pid" ;;
	-) rest=; for p in $left; do [ "$p" = "$pid" ] || rest="$rest $p"; done; left=$rest ;;
	esac
done
[ -n "$left" ] || exit 0
for p in $left; do kill -s TERM -- "-$p"; done
sleep 1
for p in $left; do kill -s KILL -- "-$p"; done
`

// watchdog is where a process that keeps watch hears of process groups. There
// is one for all the tests of a process: after a panic, a ^C and a test that
// takes too long no cleanup runs, and the servers of a test hear of none.
var watchdog = sync.OnceValues(func() (*os.File, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	cmd := exec.Command("/bin/sh", "-c", vigil)
	cmd.Stdin, cmd.SysProcAttr = r, &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		w.Close()
		return nil, err
	}
	return w, cmd.Process.Release()
})

// forget says that a group has ended.
func forget(pid int) {
	if w, err := watchdog(); err == nil {
		fmt.Fprintln(w, "-", pid)
	}
}
