package pop3

import (
	"context"

	"wireline/protocols/fault"
)

// ready is an error before the login. A session whose server hung up while
// nobody used it is begun anew, if nothing depends on the old one (T15).
func (s *Session) ready(ctx context.Context) error {
	switch {
	case !s.in:
		if s.ctl.Broken != nil {
			return s.gone()
		}
		return &fault.Error{Kind: fault.Login, At: s.at(), Text: "nobody has logged in", Hint: "login -u NAME"}
	case s.resting:
		return s.again(ctx)
	case s.ctl.Broken != nil:
		return s.gone()
	case s.ctl.Alive():
		return nil
	case len(s.deleted) > 0:
		return s.idled()
	}
	s.ctl.Fail(errIdled)
	return s.again(ctx)
}

var errIdled = fault.New(fault.Recv, "the server closed it while it idled")

// idled is the error of a session that cannot be begun anew.
func (s *Session) idled() error {
	s.ctl.Fail(errIdled)
	return s.gone()
}

// again connects and logs in as before. If messages were listed, they must
// have the numbers they had, or what the user typed would mean another one.
func (s *Session) again(ctx context.Context) error {
	before := s.sizes
	if err := s.rejoin(ctx); err != nil {
		return err
	}
	if before == nil {
		return nil
	}
	now, err := s.list(ctx)
	if err != nil {
		return err
	}
	for i, r := range before {
		if i >= len(now) || now[i].number != r.number || now[i].uid != r.uid || r.uid == "" {
			return &fault.Error{Kind: fault.NotFound, At: s.at(), Text: "the session was begun anew, and the messages have other numbers", Hint: "ls shows them"}
		}
	}
	return nil
}

// rejoin connects and logs in as before.
func (s *Session) rejoin(ctx context.Context) error {
	c, err := s.wire.Dial(ctx, s.target)
	if err != nil {
		return err
	}
	user := s.user
	s.in, s.resting, s.caps, s.sizes, s.found = false, false, nil, nil, nil
	if err := s.begin(ctx, c); err != nil {
		c.Close()
		s.in, s.resting = true, true // another try may do
		return err
	}
	asks := s.peer
	s.peer = s.cred.Again(s.peer, s.args.Mech)
	defer func() { s.peer = asks }()
	if err = s.capa(ctx); err == nil {
		err = s.login(ctx, LoginArgs{user, s.args.Mech, s.args.Act})
	}
	s.in, s.resting = true, err != nil
	if err != nil {
		s.ctl.Fail(err)
	}
	return err
}
