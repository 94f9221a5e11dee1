package socket

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

// whole is the largest amount that one recv gathers in memory because it was
// asked for by number.
const whole = 64 << 20

// Recv takes what came, and waits for more as a says. What it does not take
// stays for the next one, also when it fails.
func (s *Stream) Recv(ctx context.Context, a RecvArgs) (any, error) {
	if a.N < 0 || a.N > whole {
		return nil, fault.New(fault.BadArgument, "%d is not a number of bytes from 1 to %d", a.N, whole).
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
		return s.lines(ctx, a.Timeout), nil
	}
	ctx, cancel := within(ctx, a.Timeout, "-t")
	if (a.All || a.Close) && !a.Hex && !a.Peek && a.N == 0 {
		return &verb.Blob{Size: -1, ReadCloser: &rest{s: s, ctx: ctx, cancel: cancel}}, nil
	}
	defer cancel()
	n, err := s.await(ctx, a)
	if err != nil {
		return nil, err
	}
	p := bytes.Clone(s.buf[:n])
	if !a.Peek {
		s.drop(n)
	}
	r := received(p, a.Hex)
	r.room = a.N
	return r, nil
}

// drop takes n bytes off the front.
func (s *Stream) drop(n int) {
	s.buf = s.buf[n:]
	if len(s.buf) == 0 {
		s.buf = nil
	}
}

// await fills the buffer until a is content and returns how much of it a
// takes.
func (s *Stream) await(ctx context.Context, a RecvArgs) (int, error) {
	switch {
	case a.Until != "":
		return s.awaitText(ctx, a.Until)
	case a.Exact:
		return s.awaitExact(ctx, a.N)
	case a.Idle > 0:
		return s.awaitQuiet(ctx, a.Idle)
	case a.All || a.Close:
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

// more is fill with errors for people.
func (s *Stream) more(ctx context.Context) error {
	err := s.fill(ctx)
	if err != nil && s.end != nil {
		return s.gone()
	}
	return err
}

func (s *Stream) recvUrgent(ctx context.Context, a RecvArgs) (any, error) {
	ctx, cancel := within(ctx, a.Timeout, "-t")
	defer cancel()
	var p []byte
	err := politely(ctx, s.conn.SetReadDeadline, func() (err error) {
		p, err = s.conn.RecvOOB(max(a.N, 1))
		return err
	})
	if err != nil {
		return nil, err
	}
	return received(p, a.Hex), nil
}

func (s *Stream) awaitText(ctx context.Context, text string) (int, error) {
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

func (s *Stream) awaitExact(ctx context.Context, n int) (int, error) {
	for len(s.buf) < n {
		if err := s.more(ctx); err != nil {
			return 0, s.short(err, fmt.Sprintf("%d of %s came", len(s.buf), amount(int64(n))))
		}
	}
	return n, nil
}

// awaitQuiet waits until nothing came for d.
func (s *Stream) awaitQuiet(ctx context.Context, d time.Duration) (int, error) {
	for len(s.buf) < whole {
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

func (s *Stream) awaitEnd(ctx context.Context) (int, error) {
	for s.end == nil {
		if len(s.buf) >= whole {
			return 0, s.at(fault.New(fault.Limit, "more than %s came; they stay for the next recv", amount(whole)).
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
func (s *Stream) short(err error, had string) error {
	if len(s.buf) == 0 {
		return err
	}
	var l limit
	k := fault.Of(err)
	switch {
	case s.end == io.EOF:
		k, had = fault.Partial, had+", then the peer closed its side"
	case s.end != nil:
		had += ", then the connection broke"
	case errors.As(err, &l):
		had += " within " + l.Error()
	case k == fault.Interrupt:
		had += " before the interrupt"
	default:
		had += " in time"
	}
	e := &fault.Error{Kind: k, Text: had, Err: err, Hint: "recv takes what came"}
	return s.at(e)
}
