package telnet

import (
	"context"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/talk"
	"wireline/protocols/verb"
)

// RecvArgs say how much to wait for.
type RecvArgs struct {
	N       int            `arg:"n?" help:"at most this many bytes"`
	Until   string         `flag:"until" help:"wait for this text, and take all up to its end" escapes:"yes"`
	Idle    time.Duration  `flag:"idle" help:"go on until nothing came for this long"`
	All     bool           `flag:"all" help:"go on until the server closes"`
	Lines   bool           `flag:"lines" help:"a record for each line, until the server closes"`
	Peek    bool           `flag:"peek" help:"leave it for the next recv"`
	NoWait  bool           `flag:"nowait" help:"take what is there already, be it nothing"`
	Hex     bool           `flag:"hex" help:"show it in hexadecimal"`
	Timeout *time.Duration `flag:"t,timeout" help:"limit for waiting; 0 does not wait"`
}

// Recv takes what came, and waits for more as a says. What it does not take
// stays for the next one, also when it fails.
func (s *Session) Recv(ctx context.Context, a RecvArgs) (any, error) {
	if a.N < 0 || a.N > talk.Most {
		return nil, fault.New(fault.BadArgument, "%d is not a number of bytes from 1 to %d", a.N, talk.Most).
			WithHint("recv --all has no limit")
	}
	if len(s.Buf) == 0 {
		if err := s.revive(ctx); err != nil {
			return nil, err
		}
	}
	if a.Lines {
		return s.Lines(ctx, a.Timeout), nil
	}
	if a.NoWait {
		return s.eager(ctx, a)
	}
	ctx, cancel := talk.Within(ctx, a.Timeout, "-t")
	if a.All && !a.Hex && !a.Peek && a.N == 0 {
		return &verb.Blob{Size: -1, ReadCloser: &rest{s: s, ctx: ctx, cancel: cancel}}, nil
	}
	defer cancel()
	n, err := s.Await(ctx, talk.Wish{N: a.N, Until: a.Until, Idle: a.Idle, All: a.All}, talk.Most)
	if err != nil {
		return nil, err
	}
	return s.taken(n, a), nil
}

// eager takes what is there, as read_very_eager of Python's telnetlib does.
func (s *Session) eager(ctx context.Context, a RecvArgs) (any, error) {
	now, cancel := context.WithTimeout(ctx, talk.Moment)
	defer cancel()
	for s.End == nil && len(s.Buf) < talk.Most && now.Err() == nil {
		s.read(now)
	}
	switch {
	case ctx.Err() != nil:
		return nil, talk.Ended(ctx)
	case len(s.Buf) == 0 && s.End != nil:
		return nil, s.gone()
	}
	n := len(s.Buf)
	if a.N > 0 {
		n = min(n, a.N)
	}
	return s.taken(n, a), nil
}

func (s *Session) taken(n int, a RecvArgs) *Received {
	p := s.Cut(n, a.Peek)
	return received(p, a.Hex)
}

// more is fill under the user's limit for silence, with errors for people.
func (s *Session) more(ctx context.Context) error {
	if d := s.dialer.Options.IdleTime; d > 0 {
		var cancel context.CancelFunc
		ctx, cancel = talk.Within(ctx, &d, "--idle-timeout")
		defer cancel()
	}
	err := s.fill(ctx)
	if err != nil && s.End != nil {
		return s.gone()
	}
	return err
}
