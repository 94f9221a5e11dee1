package telnet

import (
	"context"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/talk"
)

// write sends data and waits until it was sent. While the server does not
// read, because it writes, what it writes is taken.
func (s *Session) write(ctx context.Context, data []byte, cooked bool) (n int64, err error) {
	for s.holding {
		if err := s.read(ctx); s.End != nil {
			return 0, s.gone()
		} else if err != nil {
			return 0, err
		}
	}
	for len(data) > 0 {
		piece := data[:min(len(data), queueMost)]
		if n := len(piece) - 1; n > 0 && len(data) > len(piece) && piece[n] == '\r' {
			piece = piece[:n] // its LF may follow
		}
		if err := s.pump(ctx, s.out.hasRoom); err != nil {
			return n, s.unsent(ctx, err, n)
		}
		if err := s.queue(ctx, piece, cooked); err != nil {
			return n, s.unsent(ctx, err, n)
		}
		data, n = data[len(piece):], n+int64(len(piece))
	}
	if err := s.pump(ctx, s.out.empty); err != nil {
		return n, s.unsent(ctx, err, n-int64(s.out.waiting()))
	}
	return n, nil
}

// queue puts data into the outbox, as telnet has it unless it is cooked. It
// waits for room, and while TLS is about to begin.
func (s *Session) queue(ctx context.Context, data []byte, cooked bool) error {
	for {
		if err := s.out.await(ctx, func() bool { return s.out.hasRoom() && !s.out.holds() }); err != nil {
			return err
		}
		s.mu.Lock()
		if ok, _ := s.out.check(s.out.holds); ok {
			s.mu.Unlock()
			continue
		}
		s.sent += int64(len(data))
		if !cooked {
			data = s.eng.encode(make([]byte, 0, len(data)+len(data)/16+16), data)
		}
		s.out.add(data, false, told)
		s.mu.Unlock()
		return nil
	}
}

// pump waits until done holds of the outbox. When that takes long, it reads.
func (s *Session) pump(ctx context.Context, done func() bool) error {
	for {
		quick, cancel := context.WithTimeout(ctx, 20*time.Millisecond)
		err := s.out.await(quick, done)
		cancel()
		switch {
		case err == nil:
			return nil
		case s.out.failed() != nil:
			return s.out.failed()
		case ctx.Err() != nil:
			return talk.Ended(ctx)
		case s.End != nil, len(s.Buf) >= talk.Most:
			return s.out.await(ctx, done)
		}
		ok, moved := s.out.check(done)
		if ok {
			return nil
		}
		turn, cancel := context.WithCancel(ctx)
		go func() {
			select {
			case <-moved:
				cancel()
			case <-turn.Done():
			}
		}()
		s.read(turn) // its error, if it lasts, is kept in end
		cancel()
	}
}

// unsent is the error of a write of which the server took only n bytes.
func (s *Session) unsent(ctx context.Context, err error, n int64) error {
	if ctx.Err() == nil {
		return err
	}
	return s.at(&fault.Error{Kind: fault.Of(err), Err: err, Text: "the server does not read: " + talk.Amount(max(0, n)) + " sent"})
}

// say sends a command as it is and keeps it for the trace.
func (s *Session) say(ctx context.Context, p []byte, e event) error {
	s.note(e)
	_, err := s.write(ctx, p, true)
	return err
}

// flush sends what the engine has to say by itself.
func (s *Session) flush() {
	s.mu.Lock()
	events, p := s.eng.events, s.eng.out
	s.eng.events, s.eng.out = nil, nil
	for _, e := range events {
		s.note(e)
	}
	s.out.add(p, false, told)
	s.mu.Unlock()
}
