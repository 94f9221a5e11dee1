package telnet

import (
	"context"
	"slices"
	"time"

	"wireline/protocols"
)

// Keep says nothing, by IAC NOP (RFC 854), so that no one thinks the line is
// dead. Where nobody has spoken of an option there may be a service that is
// not telnet, which is told nothing.
func (s *Session) Keep(ctx context.Context) error {
	if !slices.Contains(s.eng.seen[:], true) {
		return nil
	}
	return s.say(ctx, []byte{cmdIAC, cmdNOP}, event{sent: true, cmd: cmdNOP})
}

// Unseen says that a server cannot tell whether somebody listens.
func (s *Session) Unseen() {}

var _ protocols.Unseen = (*Session)(nil)

// keepAlive says NOP by itself every so often, whoever uses the session, until
// stop is called. With 0 it does not.
func (s *Session) keepAlive(every time.Duration) (stop func()) {
	if every <= 0 {
		return func() {}
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		t := time.NewTicker(every)
		defer t.Stop()
		for s.out.failed() == nil {
			select {
			case <-ctx.Done():
				return
			case <-t.C:
				s.synch.Lock()
				s.out.add([]byte{cmdIAC, cmdNOP}, true, told)
				s.synch.Unlock()
				s.note(event{sent: true, cmd: cmdNOP})
			}
		}
	}()
	return func() { cancel(); <-done }
}
