package imap_test

import (
	"context"
	"testing"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/imap"
)

// IMAP-17, IMAP-20: while watch waits, other commands have the same login and
// the same connection; what they do themselves is not told of.
func TestWatchMakesWay(t *testing.T) {
	x := play(t, hello+`C: X2 IDLE
S: + idling
C: DONE
S: X2 OK done
C: X3 UID SEARCH UID 5
S: * SEARCH 5
S: X3 OK done
C: X4 UID STORE 5 +FLAGS.SILENT (work)
S: X4 OK done
C: X5 IDLE
S: + idling
S: * 10 EXISTS
C: DONE
S: X5 OK done
C: X6 FETCH 10 (UID FLAGS RFC822.SIZE ENVELOPE)
S: * 10 FETCH (UID 12 FLAGS (\seen) RFC822.SIZE 4 ENVELOPE (NIL "hi" NIL NIL NIL NIL NIL NIL NIL NIL))
S: X6 OK done
C: X7 LOGOUT
S: X7 OK
`)
	x.mustConnect()
	type result struct {
		all []any
		err error
	}
	done := make(chan result)
	_, before := x.wire.Counts()
	go func() {
		all, err := x.run(t.Context(), "watch", "--count", "1")
		done <- result{all, err}
	}()
	awaitLog(t, func() bool { _, out := x.wire.Counts(); return out > before })
	var resume func()
	awaitLog(t, func() (ok bool) { resume, ok = x.sess.Pause(t.Context()); return ok })
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, ok := x.sess.Pause(ctx); ok {
		t.Error("two have the session at once")
	}
	x.fails(fault.Usage, "watch")
	x.must("flag", "5", "+work")
	resume()
	r := <-done
	if r.err != nil || len(r.all) != 1 {
		t.Fatalf("%+v, %v", r.all, r.err)
	}
	if e := r.all[0].(imap.Event); e.UID != 12 || e.Flags.String() != "" {
		t.Errorf("%+v", e)
	}
	if _, ok := x.sess.Pause(t.Context()); ok {
		t.Error("there is nothing to pause any more")
	}
}
