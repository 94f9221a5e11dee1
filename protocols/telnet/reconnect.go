package telnet

import (
	"context"
	"io"
	"regexp"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/talk"
)

// How long it is until the first attempt to connect again, and at most until
// the next one.
const (
	firstPause = time.Second
	mostPause  = time.Minute
)

// lost reports whether the connection is gone and may be made anew. What the
// server did wrong it would do again.
func (s *Session) lost() bool {
	end := s.End
	if end == nil {
		end = s.out.failed()
	}
	return s.again != nil && end != nil && (end == io.EOF || fault.Of(end).Retry)
}

// revive makes the connection anew, once and at once, before a verb begins
// that needs it.
func (s *Session) revive(ctx context.Context) error {
	if !s.lost() {
		return nil
	}
	if err := s.redial(ctx); err != nil {
		return err
	}
	s.remark("connected again to " + s.target.String())
	return nil
}

func (s *Session) remark(text string) {
	if s.dialer.Warn != nil {
		s.dialer.Warn(text)
	}
}

// comeBack makes the connection anew however often that takes, and tells of
// it. It fails when ctx ends, or when it is no use.
func (s *Session) comeBack(ctx context.Context, tell func(string)) error {
	tell(s.loss().Error())
	for pause := firstPause; ; pause = min(2*pause, mostPause) {
		tell("connecting again in " + talk.Seconds(pause))
		select {
		case <-ctx.Done():
			return talk.Ended(ctx)
		case <-time.After(pause):
		}
		err := s.redial(ctx)
		switch {
		case err == nil:
			tell("connected again to " + s.target.String())
			return nil
		case ctx.Err() != nil:
			return talk.Ended(ctx)
		case !fault.Of(err).Retry:
			return err
		}
		tell(err.Error())
	}
}

// loss is why the connection is gone.
func (s *Session) loss() error {
	if s.End == nil {
		return s.out.failed()
	}
	return s.gone()
}

// redial forgets the connection, with all that was agreed on and what waits
// to be sent on it, and makes another one. What came stays.
func (s *Session) redial(ctx context.Context) error {
	s.hangUp()
	s.mu.Lock()
	s.eng.reset()
	s.tail = nil
	s.mu.Unlock()
	s.zip, s.unzip, s.holding = nil, false, false
	s.heard, s.hearing, s.alternate = nil, plain{}, alternate{}
	end := s.End
	s.Reopen()
	err := s.again(ctx)
	if err != nil && s.End == nil {
		s.End = end
	}
	return err
}

// Expect waits for text, as in Inbox.
func (s *Session) Expect(ctx context.Context, patterns []*regexp.Regexp, timeout time.Duration) (index int, match, before []byte, err error) {
	if len(s.Buf) == 0 {
		if err := s.revive(ctx); err != nil {
			return 0, nil, nil, err
		}
	}
	return s.Inbox.Expect(ctx, patterns, timeout)
}
