package telnet

import (
	"context"
	"errors"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/talk"
	"wireline/protocols/verb"
)

// OptionsArgs are those of options.
type OptionsArgs struct {
	All bool `flag:"all" help:"also those that nobody spoke of"`
	Sub bool `flag:"sb" help:"what the server said about options: the content of its subnegotiations"`
}

// An Option is the state of one option.
type Option struct {
	Name   string `json:"name"`
	Code   int    `json:"code"`
	Server string `json:"server"` // off, on, asked or ending
	Client string `json:"client"`
}

// Options lists the options that were spoken of, and who does them.
func (s *Session) Options(ctx context.Context, a OptionsArgs) (any, error) {
	s.settle(ctx)
	if ctx.Err() != nil {
		return nil, talk.Ended(ctx)
	}
	if a.Sub {
		return verb.Stream[Sub](func(yield func(Sub, error) bool) {
			for _, u := range s.subs {
				if !yield(u, nil) {
					return
				}
			}
		}), nil
	}
	return s.options(a.All), nil
}

func (s *Session) options(all bool) verb.Stream[Option] {
	return func(yield func(Option, error) bool) {
		for i := range 256 {
			o := byte(i)
			_, named := optionNames[o]
			s.mu.Lock()
			row := Option{optionName(o), i, s.eng.him[o].String(), s.eng.us[o].String()}
			show := s.eng.seen[o] || all && named
			s.mu.Unlock()
			if show && !yield(row, nil) {
				return
			}
		}
	}
}

// CapsArgs are those of caps.
type CapsArgs struct{}

// Caps lists the options that are in force.
func (s *Session) Caps(ctx context.Context, _ CapsArgs) (verb.Stream[Option], error) {
	s.settle(ctx)
	if ctx.Err() != nil {
		return nil, talk.Ended(ctx)
	}
	return func(yield func(Option, error) bool) {
		for o := range s.options(false) {
			if (o.Server == "on" || o.Client == "on") && !yield(o, nil) {
				return
			}
		}
	}, nil
}

// How long a question about options may stay open.
const (
	settling = time.Second
	quiet    = 60 * time.Millisecond
	settled  = 64 << 10 // bytes that came mean that options have been settled
)

// settle reads until no answer is awaited and the server is quiet, for a
// second at most.
func (s *Session) settle(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, settling)
	defer cancel()
	for s.End == nil && ctx.Err() == nil && len(s.Buf) < settled {
		s.mu.Lock()
		open := s.eng.pending()
		s.mu.Unlock()
		turn, stop := ctx, context.CancelFunc(func() {})
		if !open {
			turn, stop = context.WithTimeout(ctx, quiet)
		}
		err := s.read(turn)
		stop()
		if err != nil {
			return
		}
	}
}

// NegotiateArgs are those of do, dont, will and wont.
type NegotiateArgs struct {
	Option  string         `arg:"option" help:"its name, such as naws, or its number"`
	Timeout *time.Duration `flag:"t,timeout" help:"limit for the answer; 2 seconds unless said"`
}

// Do asks the server to do what an option says.
func (s *Session) Do(ctx context.Context, a NegotiateArgs) (*Option, error) {
	return s.negotiate(ctx, a, false, true)
}

// Dont asks the server not to.
func (s *Session) Dont(ctx context.Context, a NegotiateArgs) (*Option, error) {
	return s.negotiate(ctx, a, false, false)
}

// Will offers to do what an option says.
func (s *Session) Will(ctx context.Context, a NegotiateArgs) (*Option, error) {
	return s.negotiate(ctx, a, true, true)
}

// Wont tells that we do not.
func (s *Session) Wont(ctx context.Context, a NegotiateArgs) (*Option, error) {
	return s.negotiate(ctx, a, true, false)
}

func (s *Session) negotiate(ctx context.Context, a NegotiateArgs, us, on bool) (*Option, error) {
	if err := s.revive(ctx); err != nil {
		return nil, err
	}
	opt, err := option(a.Option)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	s.eng.choose(us, opt, on)
	if us && opt == optStartTLS {
		s.eng.tls = on
	}
	s.eng.ask(us, opt, on)
	s.mu.Unlock()
	if _, err := s.flushed(ctx); err != nil {
		return nil, err
	}
	wait := 2 * time.Second
	if a.Timeout != nil {
		wait = *a.Timeout
	}
	late, cancel := talk.Within(ctx, &wait, "-t")
	defer cancel()
	for {
		s.mu.Lock()
		side := s.eng.him[opt]
		if us {
			side = s.eng.us[opt]
		}
		row := &Option{optionName(opt), int(opt), s.eng.him[opt].String(), s.eng.us[opt].String()}
		s.mu.Unlock()
		if !side.pending() {
			return row, nil
		}
		switch err := s.read(late); {
		case err == nil:
		case ctx.Err() != nil:
			return nil, talk.Ended(ctx)
		case s.End != nil:
			return nil, s.gone()
		case fault.Of(err) == fault.Limit:
			return nil, err
		default:
			var l talk.Limit
			if errors.As(err, &l) {
				err = fault.New(fault.Timeout, "the server did not answer %s within %w", words(asks(us, on), opt, nil), l)
			}
			return nil, err
		}
	}
}

// flushed sends what the engine has to say, and waits until it was sent.
func (s *Session) flushed(ctx context.Context) (*Sent, error) {
	before := s.out.waiting()
	s.flush()
	n := s.out.waiting() - before
	if err := s.pump(ctx, s.out.empty); err != nil && !s.holding {
		return nil, err
	}
	return &Sent{Bytes: int64(max(n, 0))}, nil
}

// StartTLSArgs are those of starttls.
type StartTLSArgs struct {
	Timeout *time.Duration `flag:"t,timeout" help:"limit for all of it"`
}

// StartTLS asks for TLS on the open connection, and for all options anew.
func (s *Session) StartTLS(ctx context.Context, a StartTLSArgs) (*Done, error) {
	if err := s.revive(ctx); err != nil {
		return nil, err
	}
	ctx, cancel := talk.Within(ctx, a.Timeout, "-t")
	defer cancel()
	if s.conn.TLS() != nil {
		return nil, s.at(fault.New(fault.Usage, "TLS has begun already"))
	}
	if err := s.demandTLS(ctx); err != nil {
		return nil, err
	}
	i := s.conn.Info().TLS
	if i == nil {
		return &Done{Text: "TLS has begun"}, nil
	}
	return &Done{Text: "TLS has begun: " + i.Version + " " + i.Cipher}, nil
}

// demandTLS asks for START_TLS and waits until TLS has begun.
func (s *Session) demandTLS(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, s.handshake())
	defer cancel()
	s.mu.Lock()
	s.eng.tls = true
	s.eng.ask(true, optStartTLS, true)
	s.mu.Unlock()
	s.flush()
	for s.conn.TLS() == nil {
		s.mu.Lock()
		refused := s.eng.us[optStartTLS].is == no
		s.mu.Unlock()
		if refused {
			return s.noTLS("the server refuses START_TLS")
		}
		if err := s.read(ctx); err != nil {
			if s.End == nil && fault.Of(err) == fault.Timeout {
				return s.noTLS("the server did not answer START_TLS within " + talk.Seconds(s.handshake()))
			}
			if fault.Of(err) == fault.Recv {
				return s.noTLS("the server closed the connection instead of beginning TLS")
			}
			return err
		}
	}
	s.Buf = nil // what came in the clear is not to be mistaken for the server's
	return nil
}

func (s *Session) noTLS(why string) error {
	return s.at(fault.New(fault.TLSRequired, "%s", why).WithHint("telnets://%s, or ssh", s.target.Hostname()))
}
