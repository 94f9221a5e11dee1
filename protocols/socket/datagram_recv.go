package socket

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/talk"
	"wireline/protocols/verb"
	"wireline/protocols/wire"
)

// Recv takes one datagram, or with --idle or --all all that come.
func (s *Datagram) Recv(ctx context.Context, a RecvArgs) (any, error) {
	switch {
	case a.Until != "", a.Exact, a.Lines:
		return nil, fault.New(fault.Unsupported, "datagrams have bounds of their own; --until, --exact and --lines are for streams")
	case a.OOB:
		return nil, fault.New(fault.Unsupported, "datagrams know no urgent data")
	case a.N < 0:
		return nil, fault.New(fault.BadArgument, "%d is not a number of bytes", a.N)
	case a.NoWait:
		a.Timeout = new(time.Duration)
	}
	ctx, cancel := talk.Within(ctx, a.Timeout, "-t")
	defer cancel()
	if a.Idle > 0 || a.All || a.Close {
		return s.several(ctx, 0, a.Idle, a.Hex)
	}
	m, err := s.take(ctx, a.Peek)
	if err != nil {
		return nil, err
	}
	r := m.result(a.N, a.Hex)
	r.room = a.N
	if s.bound != nil {
		r.From = m.from
	}
	return r, nil
}

// RecvFromArgs are those of recvfrom.
type RecvFromArgs struct {
	N       int            `arg:"n?" help:"at most this many bytes; the rest of the datagram is dropped"`
	Anc     bool           `flag:"anc" help:"show also where it was sent to, by which interface it came and its TTL, as recvmsg does"`
	Hex     bool           `flag:"hex" help:"show it in hexadecimal"`
	Timeout *time.Duration `flag:"t,timeout" help:"limit for waiting; 0 does not wait"`
}

// A Letter is a datagram with the address of its sender. It is a record, as
// recvfrom gives a pair and not just bytes.
type Letter Received

func (l *Letter) step(fd int) {
	l.Call = fmt.Sprintf("recvfrom(%d) = %d, %s", fd, l.Bytes, pair(l.From))
}

// RecvFrom takes one datagram and tells who sent it.
func (s *Datagram) RecvFrom(ctx context.Context, a RecvFromArgs) (*Letter, error) {
	here := s.local()
	if at, err := netip.ParseAddrPort(here); a.Anc && err == nil && at.Addr().IsUnspecified() {
		if !wire.TellsAncillary {
			return nil, fault.New(fault.Unsupported, "only linux tells where a datagram was sent to").WithHint("bind to one address")
		}
		here = ""
	}
	ctx, cancel := talk.Within(ctx, a.Timeout, "-t")
	defer cancel()
	m, err := s.take(ctx, false)
	if err != nil {
		return nil, err
	}
	r := m.result(a.N, a.Hex)
	r.From = m.from
	if a.Anc {
		if r.To = here; m.anc.To.IsValid() {
			r.To = m.anc.To.String()
		}
		r.Interface, r.TTL = m.anc.Interface(), m.anc.TTL
	}
	return (*Letter)(r), nil
}

func (s *Datagram) local() string {
	if s.conn != nil {
		return s.conn.LocalAddr().String()
	}
	return s.bound.LocalAddr().String()
}

// take waits for a message and takes it off the queue unless it is only
// looked at.
func (s *Datagram) take(ctx context.Context, peek bool) (message, error) {
	if len(s.queue) == 0 {
		if err := s.more(ctx); err != nil {
			return message{}, err
		}
	}
	m := s.queue[0]
	if !peek {
		s.queue = s.queue[1:]
		s.held -= len(m.data)
	}
	return m, nil
}

func (s *Datagram) more(ctx context.Context) error {
	if d := s.dialer.Options.IdleTime; d > 0 && s.bound != nil {
		var cancel context.CancelFunc
		ctx, cancel = talk.Within(ctx, &d, "--idle-timeout")
		defer cancel()
	}
	err := s.fill(ctx)
	if err != nil && s.end != nil {
		return s.gone()
	}
	return err
}

// several takes n messages, or with n 0 those that come until it is quiet for
// idle or the peer closes. When it fails, those that came stay.
func (s *Datagram) several(ctx context.Context, n int, idle time.Duration, asHex bool) (*Received, error) {
	for n == 0 || len(s.queue) < n {
		if s.held > talk.Whole {
			return nil, fault.New(fault.Limit, "more than %s came", talk.Amount(talk.Whole)).WithHint("watch shows datagrams one by one")
		}
		one, cancel := ctx, context.CancelFunc(func() {})
		if idle > 0 {
			one, cancel = talk.Within(ctx, &idle, "--idle")
		}
		err := s.more(one)
		cancel()
		if err != nil && n == 0 && len(s.queue) > 0 && ctx.Err() == nil && (s.end == io.EOF || fault.Of(err) == fault.Timeout) {
			break
		}
		if err != nil {
			return nil, s.short(err, n)
		}
	}
	if n == 0 {
		n = len(s.queue)
	}
	var all []byte
	for _, m := range s.queue[:n] {
		all = append(all, m.data...)
	}
	s.queue, s.held = s.queue[n:], s.held-len(all)
	r := received(all, asHex)
	r.Datagrams = n
	return r, nil
}

// short is err for a recv that got only some of the n datagrams it wanted.
func (s *Datagram) short(err error, n int) error {
	if len(s.queue) == 0 || n == 0 {
		return err
	}
	had := fmt.Sprintf("%d of %d datagrams came", len(s.queue), n)
	var l talk.Limit
	if errors.As(err, &l) {
		had += " within " + l.Error()
	}
	return &fault.Error{Kind: fault.Of(err), At: s.peer(), Text: had, Err: err, Hint: "recv takes them one by one"}
}

// result is m, cut to n bytes if n is not 0.
func (m message) result(n int, asHex bool) *Received {
	if n == 0 || n >= len(m.data) {
		return received(m.data, asHex)
	}
	r := received(m.data[:n], asHex)
	r.Truncated = true
	return r
}

// after receives as many datagrams as a says.
func (s *Datagram) after(ctx context.Context, a After) (any, error) {
	if a.RecvUntil != "" {
		return s.Recv(ctx, a.args())
	}
	ctx, cancel := talk.Within(ctx, a.Timeout, "-t")
	defer cancel()
	return s.several(ctx, a.Recv, a.RecvIdle, a.HexOut)
}

// Watch yields each datagram as it comes.
func (s *Datagram) Watch(ctx context.Context, a WatchArgs) (verb.Stream[*Arrival], error) {
	return func(yield func(*Arrival, error) bool) {
		for n := 0; a.Count == 0 || n < a.Count; n++ {
			one, cancel := talk.Within(ctx, a.Timeout, "-t")
			m, err := s.take(one, false)
			cancel()
			if err != nil {
				if s.end != io.EOF && (a.Timeout == nil || fault.Of(err) != fault.Timeout) {
					yield(nil, err)
				}
				return
			}
			r := m.result(0, a.Hex)
			r.From = m.from
			if !yield(&Arrival{time.Now(), *r}, nil) {
				return
			}
		}
	}, nil
}

// Idle reads the datagrams that come, keeps them for the next recv and tells
// of them.
func (s *Datagram) Idle(ctx context.Context) verb.Stream[verb.Notice] {
	return func(yield func(verb.Notice, error) bool) {
		for refused := 0; s.end == nil && s.held < talk.Most && len(s.queue) < 1024; {
			err := s.fill(ctx)
			if ctx.Err() != nil && err != nil {
				return
			}
			if err != nil {
				if refused++; s.end == nil && !yield(talk.Notice("%v", err), nil) || refused > 3 {
					return
				}
				continue
			}
			m := s.queue[len(s.queue)-1]
			from := ""
			if s.bound != nil {
				from = " from " + m.from
			}
			if !yield(talk.Notice("%s%s: %s; recv takes them", talk.Amount(int64(len(m.data))), from, talk.Quote(m.data, 60)), nil) {
				return
			}
		}
		switch {
		case s.told || s.end == nil && ctx.Err() != nil:
		case s.end == nil:
			yield(talk.Notice("%d datagrams wait; recv takes them", len(s.queue)), nil)
		default:
			s.told = true
			yield(talk.Notice("the peer has closed; nothing more comes"), nil)
		}
	}
}
