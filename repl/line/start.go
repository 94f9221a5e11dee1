package line

import (
	"os/exec"
	"runtime"
	"runtime/debug"
	"sync"
	"time"
)

// starting is held while a program is started, since the garbage collector is
// everybody's.
var starting sync.Mutex

// Start starts a program that is to be a process group of its own. A ^Z while
// that goes on is the line's, as WatchStop has it, and does not reach the
// program: what it was before it became the program must not be stopped, since
// the start waits for it. It waits without a word to the scheduler, so whoever
// lets it go on needs another processor, and a collection that stops the world
// would wait for it for ever.
func (e *Editor) Start(cmd *exec.Cmd) error {
	starting.Lock()
	defer starting.Unlock()
	if runtime.GOMAXPROCS(0) < 2 {
		runtime.GOMAXPROCS(2)
	}
	defer debug.SetGCPercent(debug.SetGCPercent(-1)) // which waits for the one under way
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
