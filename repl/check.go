package repl

import (
	"fmt"
	"slices"
	"time"

	"wireline/repl/syntax"
)

// A Check is a command of a script that tells whether all is well: assert,
// expect, replay, and any other that failed.
type Check struct {
	Where string // file:line:col
	Text  string // the command, as it is written
	Err   error  // nil: it held
	Took  time.Duration
}

// check tells of a command, if it is one that counts. A failure that the
// script takes care of, by || or a dash in front, is none.
func (sh *Shell) check(name string, c syntax.Command, err error, handled bool, took time.Duration) {
	if sh.Check == nil || err != nil && (handled || c.Ignore) {
		return
	}
	first := ""
	if len(c.Words) > 0 {
		first = c.Words[0].Text
	}
	if err == nil && (c.Let != "" || !slices.Contains([]string{"assert", "expect", "replay"}, first)) {
		return
	}
	if inner, ok := err.(*reported); ok {
		if first == "source" {
			return // its lines have been told of
		}
		err = inner.error
	}
	text, _ := redactLine(c.Text)
	sh.Check(Check{Where: fmt.Sprintf("%s:%s", name, c.Pos), Text: text, Err: err, Took: took})
}
