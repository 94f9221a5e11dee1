package nntp

import (
	"context"
	"slices"

	"wireline/protocols/fault"
)

// ready makes sure, before each verb, that a connection is at hand.
func (s *Session) ready(ctx context.Context) error {
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	if s.isClosed() {
		return fault.New(fault.Usage, "the session is closed")
	}
	if s.link.alive() {
		return nil
	}
	if err := s.open(ctx); err != nil {
		return err
	}
	if s.wire.Warn != nil {
		s.wire.Warn("connected to " + s.target.String() + " again")
	}
	return nil
}

// ask sends a command and reads its reply, which must have one of the codes;
// any other is an error. A server that wants a login first, or to be told
// that a reader has come, gets that, and the command again.
func (s *Session) ask(ctx context.Context, line string, want ...int) (reply, error) {
	if err := s.ready(ctx); err != nil {
		return reply{}, err
	}
	r, err := s.command(ctx, line, want...)
	if err == nil || s.link.broken != nil {
		return r, err
	}
	switch s.link.last.code {
	case loginWanted:
		if s.link.user != "" {
			return r, err
		}
		if err := s.login(ctx, s.args.User, s.args.Mech); err != nil {
			return r, err
		}
	case modeWanted:
		if err := s.reader(ctx); err != nil {
			return r, err
		}
	default:
		return r, err
	}
	if err := s.restore(ctx, line); err != nil {
		return r, err
	}
	return s.command(ctx, line, want...)
}

// command sends a command and reads its reply. Without a code to be wanted
// any reply will do.
func (s *Session) command(ctx context.Context, line string, want ...int) (reply, error) {
	l := s.link
	defer l.watch(ctx)()
	if err := l.say(line); err != nil {
		if l.broken != nil {
			err = l.because(ctx, err)
		}
		return reply{}, err
	}
	r, err := l.answer()
	if err != nil {
		return r, l.because(ctx, err)
	}
	if !slices.Contains(want, r.code) && !slices.Contains(want, 0) {
		return r, l.refusal(r)
	}
	return r, nil
}

// restore goes back to the current group on a connection that does not know
// it, unless the command to come is to choose one.
func (s *Session) restore(ctx context.Context, line string) error {
	l := s.link
	if s.group == nil || l.group == s.group.Name || len(line) > 5 && (line[:5] == "GROUP" || line[:5] == "LISTG") {
		return nil
	}
	if _, err := s.command(ctx, "GROUP "+s.group.Name, groupIs); err != nil {
		return err
	}
	l.group, l.article = s.group.Name, 0
	return nil
}

// in is ask for a command that is about the articles of a group, which the
// server is told of if it does not know.
func (s *Session) in(ctx context.Context, group string, line string, want ...int) (reply, error) {
	if err := s.enter(ctx, group); err != nil {
		return reply{}, err
	}
	return s.ask(ctx, line, want...)
}

// enter has the server take group for the current one; "" is the one that the
// session is in.
func (s *Session) enter(ctx context.Context, group string) error {
	if err := s.ready(ctx); err != nil {
		return err
	}
	if group == "" {
		if err := s.begun(ctx); err != nil {
			return err
		}
		if s.group == nil {
			return fault.New(fault.Usage, "no group is selected").WithHint("cd GROUP goes to one; ls lists them")
		}
		group = s.group.Name
	}
	if s.link.group == group {
		return nil
	}
	_, err := s.choose(ctx, group)
	return err
}

// begun goes to the group that the URL of connect has named, unless the
// session is in one.
func (s *Session) begun(ctx context.Context) error {
	if s.group != nil || s.start == "" {
		return nil
	}
	g, err := s.choose(ctx, s.start)
	if err == nil {
		s.arrive(g)
	}
	return err
}
