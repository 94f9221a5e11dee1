package repl

import (
	"fmt"
	"os"
	"runtime/debug"
	"time"

	"wireline/protocols/fault"
)

// caught turns a panic inside a command into an error: the session it
// happened in is closed, the shell goes on.
func (sh *Shell) caught(err *error) {
	p := recover()
	if p == nil {
		return
	}
	where := "no report was written"
	if f, ferr := os.CreateTemp("", "wireline-crash-*.txt"); ferr == nil {
		fmt.Fprintf(f, "%s\npanic: %T\n\n%s", time.Now().Format(time.RFC3339), p, debug.Stack())
		f.Close()
		where = "see " + f.Name()
	}
	if s := sh.here(); s != nil {
		s.wire.Cut(fault.New(fault.Internal, "the session was closed after a fault"))
		sh.drop(s)
	}
	*err = &fault.Error{Kind: fault.Internal, Text: "a fault of wireline itself; the session was closed, " + where, Hint: "please report it with that file"}
}
