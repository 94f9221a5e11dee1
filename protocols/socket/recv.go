package socket

import (
	"context"
	"fmt"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/talk"
	"wireline/protocols/verb"
)

// RecvArgs say how much to wait for.
type RecvArgs struct {
	N       int            `arg:"n?" help:"at most this many bytes; of a datagram the rest is dropped"`
	Until   string         `flag:"until" help:"wait for this text, and take all up to its end" escapes:"yes"`
	Exact   bool           `flag:"exact" help:"wait for all of the N bytes, as MSG_WAITALL does"`
	Idle    time.Duration  `flag:"idle" help:"go on until nothing came for this long"`
	All     bool           `flag:"all" help:"go on until the peer closes"`
	Close   bool           `flag:"close" help:"the same as --all"`
	Lines   bool           `flag:"lines" help:"a record for each line, until the peer closes"`
	Peek    bool           `flag:"peek" help:"leave it for the next recv, as MSG_PEEK does"`
	OOB     bool           `flag:"oob" help:"take urgent data, as MSG_OOB does"`
	NoWait  bool           `flag:"nowait" help:"take what is there already, as MSG_DONTWAIT does"`
	Hex     bool           `flag:"hex" help:"show it in hexadecimal"`
	Timeout *time.Duration `flag:"t,timeout" help:"limit for waiting; 0 does not wait"`
}

// Recv takes what came, and waits for more as a says. What it does not take
// stays for the next one, also when it fails.
func (s *Stream) Recv(ctx context.Context, a RecvArgs) (any, error) {
	if a.N < 0 || a.N > talk.Whole {
		return nil, fault.New(fault.BadArgument, "%d is not a number of bytes from 1 to %d", a.N, talk.Whole).
			WithHint("recv --all has no limit")
	}
	if a.Exact && a.N == 0 {
		return nil, fault.New(fault.Usage, "--exact needs a number of bytes")
	}
	if a.NoWait {
		a.Timeout = new(time.Duration)
	}
	if a.OOB {
		return s.recvUrgent(ctx, a)
	}
	if a.Lines {
		return s.Lines(ctx, a.Timeout), nil
	}
	ctx, cancel := talk.Within(ctx, a.Timeout, "-t")
	if (a.All || a.Close) && !a.Hex && !a.Peek && a.N == 0 {
		return &verb.Blob{Size: -1, ReadCloser: &rest{s: s, ctx: ctx, cancel: cancel}}, nil
	}
	defer cancel()
	var n int
	var err error
	if a.Exact && a.Until == "" {
		n, err = s.awaitExact(ctx, a.N)
	} else {
		n, err = s.Await(ctx, talk.Wish{N: a.N, Until: a.Until, Idle: a.Idle, All: a.All || a.Close}, talk.Whole)
	}
	if err != nil {
		return nil, err
	}
	p := s.Cut(n, a.Peek)
	r := received(p, a.Hex)
	r.room = a.N
	return r, nil
}

// more is fill with errors for people.
func (s *Stream) more(ctx context.Context) error {
	err := s.fill(ctx)
	if err != nil && s.End != nil {
		return s.gone()
	}
	return err
}

func (s *Stream) recvUrgent(ctx context.Context, a RecvArgs) (any, error) {
	ctx, cancel := talk.Within(ctx, a.Timeout, "-t")
	defer cancel()
	var p []byte
	err := talk.Politely(ctx, s.conn.SetReadDeadline, func() (err error) {
		p, err = s.conn.RecvOOB(max(a.N, 1))
		return err
	})
	if err != nil {
		return nil, err
	}
	return received(p, a.Hex), nil
}

func (s *Stream) awaitExact(ctx context.Context, n int) (int, error) {
	for len(s.Buf) < n {
		if err := s.more(ctx); err != nil {
			return 0, s.Short(err, fmt.Sprintf("%d of %s came", len(s.Buf), talk.Amount(int64(n))))
		}
	}
	return n, nil
}
