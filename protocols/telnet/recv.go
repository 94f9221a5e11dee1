package telnet

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
	if a.N < 0 || a.N > most {
		return nil, fault.New(fault.BadArgument, "%d is not a number of bytes from 1 to %d", a.N, most).
			WithHint("recv --all has no limit")
	}
	if a.Lines {
		return s.lines(ctx, a.Timeout), nil
	}
	if a.NoWait {
		return s.eager(ctx, a)
	}
	ctx, cancel := within(ctx, a.Timeout, "-t")
	if a.All && !a.Hex && !a.Peek && a.N == 0 {
		return &verb.Blob{Size: -1, ReadCloser: &rest{s: s, ctx: ctx, cancel: cancel}}, nil
	}
	defer cancel()
	n, err := s.await(ctx, a)
	if err != nil {
		return nil, err
	}
	return s.taken(n, a), nil
}

// eager takes what is there, as read_very_eager of Python's telnetlib does.
func (s *Session) eager(ctx context.Context, a RecvArgs) (any, error) {
	now, cancel := context.WithTimeout(ctx, moment)
	defer cancel()
	for s.end == nil && len(s.buf) < most && now.Err() == nil {
		s.read(now)
	}
	switch {
	case ctx.Err() != nil:
		return nil, ended(ctx)
	case len(s.buf) == 0 && s.end != nil:
		return nil, s.gone()
	}
	n := len(s.buf)
	if a.N > 0 {
		n = min(n, a.N)
	}
	return s.taken(n, a), nil
}

func (s *Session) taken(n int, a RecvArgs) *Received {
	p := bytes.Clone(s.buf[:n])
	if !a.Peek {
		s.drop(n)
	}
	return received(p, a.Hex)
}

// await fills the buffer until a is content and returns how much of it a
// takes.
func (s *Session) await(ctx context.Context, a RecvArgs) (int, error) {
	switch {
	case a.Until != "":
		return s.awaitText(ctx, a.Until)
	case a.Idle > 0:
		return s.awaitQuiet(ctx, a.Idle)
	case a.All:
		return s.awaitEnd(ctx)
	}
	if len(s.buf) == 0 {
		if err := s.more(ctx); err != nil {
			return 0, err
		}
	}
	if a.N > 0 {
		return min(a.N, len(s.buf)), nil
	}
	return len(s.buf), nil
}

// more is fill under the user's limit for silence, with errors for people.
func (s *Session) more(ctx context.Context) error {
	if d := s.dialer.Options.IdleTime; d > 0 {
		var cancel context.CancelFunc
		ctx, cancel = within(ctx, &d, "--idle-timeout")
		defer cancel()
	}
	err := s.fill(ctx)
	if err != nil && s.end != nil {
		return s.gone()
	}
	return err
}

func (s *Session) awaitText(ctx context.Context, text string) (int, error) {
	for seen := 0; ; {
		if i := bytes.Index(s.buf[seen:], []byte(text)); i >= 0 {
			return seen + i + len(text), nil
		}
		seen = max(0, len(s.buf)-len(text)+1)
		if len(s.buf) >= most {
			return 0, s.at(fault.New(fault.Limit, "%s came without %q", amount(int64(len(s.buf))), text))
		}
		if err := s.more(ctx); err != nil {
			return 0, s.short(err, fmt.Sprintf("%s came without %q", amount(int64(len(s.buf))), text))
		}
	}
}

// awaitQuiet waits until nothing came for d.
func (s *Session) awaitQuiet(ctx context.Context, d time.Duration) (int, error) {
	for len(s.buf) < most {
		quiet, cancel := within(ctx, &d, "--idle")
		err := s.more(quiet)
		cancel()
		if err != nil && len(s.buf) > 0 && ctx.Err() == nil {
			break
		} else if err != nil {
			return 0, err
		}
	}
	return len(s.buf), nil
}

func (s *Session) awaitEnd(ctx context.Context) (int, error) {
	for s.end == nil {
		if len(s.buf) >= most {
			return 0, s.at(fault.New(fault.Limit, "more than %s came; they stay for the next recv", amount(most)).
				WithHint("recv --all without other options has no limit"))
		}
		if err := s.more(ctx); err != nil && s.end == nil {
			return 0, err
		}
	}
	if s.end != io.EOF {
		return 0, s.end
	}
	return len(s.buf), nil
}

// short is err for a recv that got only some of what it wanted, which stays
// for the next one.
func (s *Session) short(err error, had string) error {
	if len(s.buf) == 0 {
		return err
	}
	var l limit
	k := fault.Of(err)
	switch {
	case s.end == io.EOF:
		k, had = fault.Partial, had+", then the server closed the connection"
	case s.end != nil:
		had += ", then " + s.end.Error()
	case errors.As(err, &l):
		had += " within " + l.Error()
	case k == fault.Interrupt:
		had += " before the interrupt"
	default:
		had += " in time"
	}
	return s.at(&fault.Error{Kind: k, Text: had, Err: err, Hint: "recv takes what came"})
}
