package telnet

import (
	"context"
	"fmt"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/talk"
)

// act does what an event asks of the session. rest is what came behind it.
func (s *Session) act(ctx context.Context, e event, rest []byte) error {
	switch e.kind {
	case told:
		switch {
		case e.sent:
		case e.cmd == cmdSB:
			s.subs.keep(e.opt, e.sub)
		case e.cmd >= cmdWILL:
			s.hearOption(e.cmd, e.opt)
		}
	case tooLong:
		if !s.warned && s.dialer.Warn != nil {
			s.dialer.Warn(fmt.Sprintf("the server sent more than %s about %s; they were dropped", talk.Amount(subMost), optionName(e.opt)))
		}
		s.warned = true
	case inflateNow:
		s.zip.close()
		s.zip, s.unzip = newInflater(), true
	case charsetIs:
		s.mu.Lock()
		defer s.mu.Unlock()
		cs, err := newCharset(s.eng.charset)
		if err != nil {
			return err
		}
		s.cs = cs
	case tlsFollows:
		s.holding = true
		return s.out.hold()
	case tlsNow:
		return s.secure(ctx, rest)
	case tlsRefused:
		s.holding = false
	}
	return nil
}

// secure begins TLS where the server said that it follows. Whatever came
// behind that in the clear was put there by someone else.
func (s *Session) secure(ctx context.Context, rest []byte) error {
	if len(rest) > 0 || s.unzip {
		return fault.New(fault.TLSRequired, "data injected before TLS: %s behind IAC SB START_TLS FOLLOWS", talk.Amount(int64(len(rest))))
	}
	ctx, cancel := context.WithTimeout(ctx, s.handshake())
	defer cancel()
	if err := s.conn.StartTLS(ctx, ""); err != nil {
		return err
	}
	s.mu.Lock()
	s.eng.reset()
	s.eng.tls = false
	s.holding = false
	s.out.release()
	s.eng.begin()
	s.mu.Unlock()
	s.flush()
	return nil
}

func (s *Session) handshake() time.Duration {
	if d := s.dialer.Limits.Handshake; d > 0 {
		return d
	}
	return 15 * time.Second
}

// note puts a command into the trace, in words.
func (s *Session) note(e event) {
	if n, ok := any(s.conn).(interface{ Note(string) }); ok && e.kind == told {
		way := "← "
		if e.sent {
			way = "→ "
		}
		n.Note(way + words(e.cmd, e.opt, e.sub))
	}
}
