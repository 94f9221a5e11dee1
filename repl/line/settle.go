package line

import (
	"bytes"
	"context"
	"time"
)

// settleTime is how long a terminal may take to answer.
const settleTime = 300 * time.Millisecond

// Settle drops what was typed so far, and what the terminal still types by
// itself: answers to questions that somebody else's text on the screen has
// asked it. They come in turn, so the terminal is asked whether it is well
// (ECMA-48, 8.3.35), and all up to that answer is dropped.
func (e *Editor) Settle(ctx context.Context) {
	if e.modes == nil || !e.out.ansi || e.take(ctx) != nil {
		return
	}
	defer e.give()
	if e.modes.quiet() != nil {
		return
	}
	defer cook(e.in, e.modes)
	e.out.print("\x1b\\\x1b[5n") // the text may have left a string open
	var tail []byte
	for late := time.Now().Add(settleTime); !bytes.HasSuffix(tail, []byte("\x1b[0n")); {
		var b [1]byte
		if _, err := e.in.read(ctx, b[:], max(time.Until(late), time.Nanosecond)); err != nil {
			e.in.flush() // it does not answer
			return
		}
		if tail = append(tail, b[0]); len(tail) > 8 {
			tail = tail[1:]
		}
	}
}
