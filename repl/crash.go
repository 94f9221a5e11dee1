package repl

import (
	"errors"
	"fmt"
	"os"
	"time"

	"wireline/protocols/fault"
)

// caught turns a panic inside a command into an error: the session it
// happened in is closed, the shell goes on.
func (sh *Shell) caught(err *error) {
	if p := recover(); p != nil {
		*err = sh.crashed(fault.Panicked(p), sh.here())
	}
}

// crashed is err, unless that tells of a panic. Then a report is written, and
// the session in which it happened, if there was one, is closed.
func (sh *Shell) crashed(err error, s *session) error {
	told := crash(err, s)
	if told != err && s != nil {
		sh.drop(s)
	}
	return told
}

// crash is crashed for those who do not list the sessions.
func crash(err error, s *session) error {
	var p *fault.Panic
	if !errors.As(err, &p) {
		return err
	}
	text := "a fault of wireline itself"
	if s != nil {
		s.wire.Cut(fault.New(fault.Internal, "the session was closed after a fault"))
		text += "; the session was closed"
	}
	if name, err := report(p); err == nil {
		text += ", see " + name
	} else {
		text += ", no report was written"
	}
	return &fault.Error{Kind: fault.Internal, Text: text, Hint: "please report it with that file"}
}

// report writes what a Panic tells into a file of its own.
func report(p *fault.Panic) (name string, err error) {
	f, err := os.CreateTemp("", "wireline-crash-*.txt")
	if err != nil {
		return "", err
	}
	_, err = fmt.Fprintf(f, "%s\npanic: %s\n\n%s", time.Now().Format(time.RFC3339), p.What, p.Stack)
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	return f.Name(), err
}
