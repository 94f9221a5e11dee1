package pop3

import (
	"context"
	"errors"
	"strings"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

// errNo is a reply that is no.
var errNo = errors.New("the server said no")

// A Cap is a capability of the server (RFC 2449).
type Cap struct {
	Name   string   `json:"name"`
	Params []string `json:"params,omitempty"`
}

// None is no arguments.
type None struct{}

// capa asks what the server can. One that does not know the question can
// nothing but what RFC 1939 demands.
func (s *Session) capa(ctx context.Context) error {
	s.caps = []Cap{}
	return s.call(ctx, "greeting", func() error {
		if err := s.lib.Send("CAPA"); err != nil {
			return err
		}
		if err := s.ctl.readStatus(); err != nil || !s.ctl.reply.OK {
			return err
		}
		defer s.ctl.Conn.Reply()()
		return s.ctl.list(func(line []byte) error {
			if words := strings.Fields(string(line)); len(words) > 0 {
				c := Cap{Name: strings.ToUpper(words[0])}
				if len(words) > 1 {
					c.Params = words[1:]
				}
				s.caps = append(s.caps, c)
			}
			return nil
		})
	})
}

// params are those of a capability.
func (s *Session) params(name string) (all []string) {
	for _, c := range s.caps {
		if c.Name == name {
			all = append(all, c.Params...)
		}
	}
	return all
}

// Caps asks again what the server can.
func (s *Session) Caps(ctx context.Context, _ None) (verb.Stream[Cap], error) {
	if err := s.capa(ctx); err != nil {
		return nil, err
	}
	if !s.ctl.reply.OK {
		return nil, s.refusal("command", s.ctl.reply)
	}
	return rows(s.caps), nil
}

// Stls changes to TLS (RFC 2595). What the server could before counts no more.
func (s *Session) Stls(ctx context.Context, _ None) (Reply, error) {
	switch {
	case s.ctl.Broken != nil:
		return Reply{}, s.gone()
	case s.ctl.TLS() != nil:
		return Reply{}, fault.New(fault.Unsupported, "the connection is under TLS already")
	}
	r, err := s.step(ctx, "STLS")
	if err != nil || !r.OK {
		return r, err
	}
	err = s.call(ctx, "tls", func() error {
		if err := s.ctl.StartTLS(ctx, ""); err != nil {
			return s.ctl.Fail(err)
		}
		return nil
	})
	if err == nil {
		err = s.capa(ctx)
	}
	return r, err
}

// rows is a list as a stream.
func rows[T any](list []T) verb.Stream[T] {
	return func(yield func(T, error) bool) {
		for _, x := range list {
			if !yield(x, nil) {
				return
			}
		}
	}
}
