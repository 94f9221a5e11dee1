package line

import (
	"os/exec"
	"time"
)

// Start starts a program that is to be a process group of its own. A ^Z while
// that goes on is the line's, as WatchStop has it, and does not reach the
// program: what it was before it became the program must not be stopped, since
// the start waits for it and nobody could let it go on.
func (e *Editor) Start(cmd *exec.Cmd) error {
	e.starts.Add(1)
	defer e.starts.Add(-1)
	return cmd.Start()
}

// letStart lets programs go on that ^Z has stopped while they are started.
func (e *Editor) letStart() {
	for e.starts.Load() > 0 {
		continueHalfway()
		time.Sleep(time.Millisecond)
	}
}
