package talk

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

// A Wish is how much a verb wants: up to the end of a text, until it is quiet
// for a time, until the end, or without any of these what comes next. N is
// the most that is taken of that; 0 is all.
type Wish struct {
	N     int
	Until string
	Idle  time.Duration
	All   bool
}

// Await waits until w is met and returns how much of Buf meets it. Of what
// ends by itself it gathers most bytes at the most.
func (b *Inbox) Await(ctx context.Context, w Wish, most int) (int, error) {
	switch {
	case w.Until != "":
		return b.AwaitText(ctx, w.Until)
	case w.Idle > 0:
		return b.AwaitQuiet(ctx, w.Idle, most)
	case w.All:
		return b.AwaitEnd(ctx, most)
	}
	if len(b.Buf) == 0 {
		if err := b.More(ctx); err != nil {
			return 0, err
		}
	}
	if w.N > 0 {
		return min(w.N, len(b.Buf)), nil
	}
	return len(b.Buf), nil
}

// AwaitText waits until text came and returns where in Buf it ends.
func (b *Inbox) AwaitText(ctx context.Context, text string) (int, error) {
	for seen := 0; ; {
		if i := bytes.Index(b.Buf[seen:], []byte(text)); i >= 0 {
			return seen + i + len(text), nil
		}
		seen = max(0, len(b.Buf)-len(text)+1)
		if len(b.Buf) >= Most {
			return 0, b.At(fault.New(fault.Limit, "%s came without %q", b.amount(), text))
		}
		if err := b.More(ctx); err != nil {
			return 0, b.Short(err, fmt.Sprintf("%s came without %q", b.amount(), text))
		}
	}
}

// AwaitQuiet waits until nothing came for d, or the other side closed after
// it sent something, and returns how much is there.
func (b *Inbox) AwaitQuiet(ctx context.Context, d time.Duration, most int) (int, error) {
	for len(b.Buf) < most {
		quiet, cancel := Within(ctx, &d, "--idle")
		err := b.More(quiet)
		cancel()
		if err != nil && len(b.Buf) > 0 && ctx.Err() == nil {
			break
		} else if err != nil {
			return 0, err
		}
	}
	return len(b.Buf), nil
}

// AwaitEnd waits until the other side closed and returns how much is there.
func (b *Inbox) AwaitEnd(ctx context.Context, most int) (int, error) {
	for b.End == nil {
		if len(b.Buf) >= most {
			return 0, b.At(fault.New(fault.Limit, "more than %s came; they stay for the next recv", Amount(int64(most))).
				WithHint("recv --all without other options has no limit"))
		}
		if err := b.More(ctx); err != nil && b.End == nil {
			return 0, err
		}
	}
	if b.End != io.EOF {
		return 0, b.End
	}
	return len(b.Buf), nil
}

// Lines yields each line that comes until the other side closes. The limit is
// for each of them.
func (b *Inbox) Lines(ctx context.Context, limit *time.Duration) verb.Stream[Line] {
	return func(yield func(Line, error) bool) {
		for {
			one, cancel := Within(ctx, limit, "-t")
			n, err := b.AwaitText(one, "\n")
			cancel()
			if err != nil && b.End == io.EOF {
				if len(b.Buf) == 0 {
					return
				}
				n = len(b.Buf)
			} else if err != nil {
				yield(Line{}, err)
				return
			}
			line := string(bytes.TrimRight(b.Buf[:n], "\r\n"))
			b.Drop(n)
			if !yield(Line{line}, nil) {
				return
			}
		}
	}
}

// Short is err for a recv that got only some of what it wanted, which stays
// for the next one.
func (b *Inbox) Short(err error, had string) error {
	if len(b.Buf) == 0 {
		return err
	}
	var l Limit
	k := fault.Of(err)
	switch {
	case b.End == io.EOF:
		k, had = fault.Partial, had+", then "+b.Peer+" "+b.Gone
	case b.End != nil:
		had += ", then " + b.End.Error()
	case errors.As(err, &l):
		had += " within " + l.Error()
	case k == fault.Interrupt:
		had += " before the interrupt"
	default:
		had += " in time"
	}
	return b.At(&fault.Error{Kind: k, Text: had, Err: err, Hint: "recv takes what came"})
}

func (b *Inbox) amount() string { return Amount(int64(len(b.Buf))) }
