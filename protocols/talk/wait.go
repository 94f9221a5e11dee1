// Package talk is what the protocols share that carry a talk of bytes without
// bounds between them: waiting that ends politely, and what came and was not
// taken.
package talk

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"wireline/protocols/fault"
)

// Moment is how long a call that must not block may take: long enough for
// the kernel to hand over what it has.
const Moment = 5 * time.Millisecond

// Politely runs op, which blocks on a connection, and ends it by a deadline
// when ctx ends, so that the connection lives on. What op did until then
// counts: its error becomes that of ctx only if it is the deadline's.
func Politely(ctx context.Context, deadline func(time.Time) error, op func() error) error {
	if ctx.Err() != nil {
		return Ended(ctx)
	}
	struck := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		deadline(time.Unix(1, 0))
		close(struck)
	})
	err := op()
	if stop() {
		return err
	}
	<-struck
	deadline(time.Time{})
	if Late(err) {
		return Ended(ctx)
	}
	return err
}

// Late reports whether err is that of a deadline.
func Late(err error) bool {
	return errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, fault.Timeout)
}

// Ended is why ctx is over, as the user is to read it.
func Ended(ctx context.Context) error {
	cause := context.Cause(ctx)
	var told *fault.Error
	switch {
	case errors.As(cause, &told):
		return cause
	case fault.Of(cause) == fault.Timeout:
		return &fault.Error{Kind: fault.Timeout, Text: "the time limit ran out", Err: cause}
	default:
		return &fault.Error{Kind: fault.Interrupt, Text: "interrupted", Err: cause}
	}
}

// Over reports whether err only says that ctx ended or a limit ran out.
func Over(err error, ctx context.Context) bool {
	k := fault.Of(err)
	return k == fault.Timeout || k == fault.Interrupt && ctx.Err() != nil
}

// A Limit is a time limit that ran out, and the option that set it.
type Limit string

// Error is the limit and its option, such as "2s (-t)".
func (l Limit) Error() string { return string(l) }

// Within limits ctx to d, the value of the option named. A zero d leaves
// time for what is there already and no more; nil is no limit.
func Within(ctx context.Context, d *time.Duration, option string) (context.Context, context.CancelFunc) {
	if d == nil {
		return context.WithCancel(ctx)
	}
	why := fault.New(fault.Timeout, "nothing came within %w", Limit(fmt.Sprintf("%s (%s)", Seconds(*d), option)))
	if *d == 0 {
		why = fault.New(fault.Timeout, "nothing is there yet")
	}
	return context.WithTimeoutCause(ctx, max(*d, Moment), why)
}
