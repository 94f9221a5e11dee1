package telnet

import (
	"context"
	"time"

	"wireline/protocols"
)

// Keep says nothing, by IAC NOP, so that no one thinks the line is dead.
func (s *Session) Keep(ctx context.Context) error {
	return s.say(ctx, []byte{cmdIAC, cmdNOP}, event{sent: true, cmd: cmdNOP})
}

var _ protocols.Keeper = (*Session)(nil)

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
