package fault

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// A Panic is a fault of the program itself, caught where it would have ended
// the program. What it tells is fit for a report: no value that a server or
// the user may have had a part in.
type Panic struct {
	What  string
	Stack []byte
}

func (p *Panic) Error() string { return "a fault of wireline itself" }

// Unwrap is its kind.
func (p *Panic) Unwrap() error { return Internal }

// Panicked makes a Panic of what recover gave.
func Panicked(value any) *Panic {
	what := fmt.Sprintf("%T", value)
	if e, ok := value.(runtime.Error); ok {
		what += ": " + e.Error()
	}
	return &Panic{what, debug.Stack()}
}

// Catch is deferred, and makes an error of a panic, a *Panic.
func Catch(err *error) {
	if p := recover(); p != nil {
		*err = Panicked(p)
	}
}

// Safely is f with a panic as an error. A goroutine that reads what another
// host has sent does that in it: nobody else can keep a panic there from ending
// the program, and with it all sessions.
func Safely(f func() error) (err error) {
	defer Catch(&err)
	return f()
}
