package nntp

import (
	"context"
	"io"
	"slices"
	"strings"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

// capabilities are what a server says it can (RFC 3977, section 5.2), in its
// order; nil when it does not tell.
type capabilities []Capability

// A Capability is a line of what a server can.
type Capability struct {
	Name string   `json:"name"`
	Args []string `json:"args"`
}

func parseCapability(line string) (Capability, bool) {
	f := strings.Fields(line)
	if len(f) == 0 {
		return Capability{}, false
	}
	return Capability{Name: strings.ToUpper(f[0]), Args: append([]string{}, f[1:]...)}, true
}

// args are those of a capability, and whether the server has it.
func (c capabilities) args(name string) ([]string, bool) {
	for _, x := range c {
		if x.Name == name {
			return x.Args, true
		}
	}
	return nil, false
}

// has reports whether the server has a capability, with an argument unless
// that is "".
func (c capabilities) has(name, arg string) bool {
	args, ok := c.args(name)
	return ok && (arg == "" || slices.ContainsFunc(args, func(a string) bool { return strings.EqualFold(a, arg) }))
}

// may reports whether it is worth trying what a capability stands for: the
// server has it, or does not tell what it has.
func (c capabilities) may(name, arg string) bool { return len(c) == 0 || c.has(name, arg) }

// posting reports whether the server says that it takes articles, which the
// greeting says only of those who have not logged in.
func (l *link) posting() bool {
	if l.caps == nil {
		return l.greeting.code == postingAllowed
	}
	return l.caps.has("POST", "")
}

// learn asks what the server can. An old server that does not know the
// question is no error.
func (s *Session) learn(ctx context.Context) error {
	l := s.link
	l.caps = nil
	_, err := s.command(ctx, "CAPABILITIES", capsFollow)
	if f, ok := err.(*fault.Error); ok && f.Code != "" && l.broken == nil {
		return nil
	}
	if err != nil {
		return err
	}
	for line, err := range s.text(ctx) {
		if err != nil {
			return err
		}
		if c, ok := parseCapability(line); ok {
			l.caps = append(l.caps, c)
		}
	}
	return nil
}

// Limits of a reply that is kept as a whole (L02).
const (
	mostLines = 1000
	mostBytes = 256 << 10
)

// text are the lines that follow the last reply, which must be few.
func (s *Session) text(ctx context.Context) verb.Stream[string] {
	return func(yield func(string, error) bool) {
		lines, size := 0, 0
		for line, err := range s.lines(ctx) {
			if err != nil {
				yield("", err)
				return
			}
			lines, size = lines+1, size+len(line)
			if lines > mostLines || size > mostBytes {
				e := fault.New(fault.Limit, "the reply to %s has more than %d lines or %d bytes", s.link.sent, mostLines, mostBytes)
				e.At, e.Phase = s.link.at, "command"
				yield("", s.link.fail(e))
				return
			}
			if !yield(string(line), nil) {
				return
			}
		}
	}
}

// lines are those that follow the last reply. Each is valid until the next.
func (s *Session) lines(ctx context.Context) verb.Stream[[]byte] {
	l := s.link
	b := l.begin()
	return func(yield func([]byte, error) bool) {
		defer l.watch(ctx)()
		for {
			line, err := b.line()
			if err == io.EOF {
				return
			}
			if err != nil {
				yield(nil, l.because(ctx, err))
				return
			}
			if !yield(line, nil) {
				return
			}
		}
	}
}

// None is for verbs without arguments.
type None struct{}

// Caps asks what the server can.
func (s *Session) Caps(ctx context.Context, _ None) (verb.Stream[Capability], error) {
	if err := s.ready(ctx); err != nil {
		return nil, err
	}
	if err := s.learn(ctx); err != nil {
		return nil, err
	}
	caps := s.link.caps
	if caps == nil {
		e := fault.New(fault.Unsupported, "the server does not tell what it can")
		e.At = s.link.at
		return nil, e.WithHint("srvhelp may tell")
	}
	return func(yield func(Capability, error) bool) {
		for _, c := range caps {
			if !yield(c, nil) {
				return
			}
		}
	}, nil
}
