package telnet

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"wireline/protocols/fault"
)

// A moment is how long a call that must not block may take.
const moment = 5 * time.Millisecond

// politely runs op, which blocks on the connection, and ends it by a deadline
// when ctx ends, so that the connection lives on.
func politely(ctx context.Context, deadline func(time.Time) error, op func() error) error {
	if ctx.Err() != nil {
		return ended(ctx)
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
	if errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, fault.Timeout) {
		return ended(ctx)
	}
	return err
}

// ended is why ctx is over, as the user is to read it.
func ended(ctx context.Context) error {
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

// over reports whether err only says that ctx ended.
func over(err error, ctx context.Context) bool {
	k := fault.Of(err)
	return k == fault.Timeout || k == fault.Interrupt && ctx.Err() != nil
}

// A limit is a time limit that ran out, and the option that set it.
type limit string

func (l limit) Error() string { return string(l) }

// within limits ctx to d, the value of the option named. A zero d leaves time
// for what is there already and no more; nil is no limit.
func within(ctx context.Context, d *time.Duration, option string) (context.Context, context.CancelFunc) {
	if d == nil {
		return context.WithCancel(ctx)
	}
	why := fault.New(fault.Timeout, "nothing came within %w", limit(fmt.Sprintf("%s (%s)", seconds(*d), option)))
	if *d == 0 {
		why = fault.New(fault.Timeout, "nothing is there yet")
	}
	return context.WithTimeoutCause(ctx, max(*d, moment), why)
}

// seconds is d as people say it: 2s, 0.5s, 1m30s.
func seconds(d time.Duration) string {
	if d < time.Minute {
		return strconv.FormatFloat(d.Seconds(), 'g', 3, 64) + "s"
	}
	return d.Round(time.Second).String()
}

// amount is a number of bytes with its noun.
func amount(n int64) string {
	if n == 1 {
		return "1 byte"
	}
	return strconv.FormatInt(n, 10) + " bytes"
}

// quoted is the beginning of p on one line, with escapes as send takes them.
func quoted(p []byte, most int) string {
	more := ""
	if len(p) > most {
		p, more = p[:most], "..."
	}
	q := strconv.Quote(string(p))
	return strings.ReplaceAll(q[1:len(q)-1], `\"`, `"`) + more
}
