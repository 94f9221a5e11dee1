package pop3

import (
	"fmt"
	"time"

	"wireline/protocols/fault"
)

// Pending is what Close will have the server do.
func (s *Session) Pending() string {
	if n := len(s.deleted); n > 0 && s.ctl.Broken == nil {
		return "delete " + messages(n)
	}
	return ""
}

// Close says QUIT, by which the server removes what was deleted. Only then
// does its answer matter, and it may take its time: a minute, and a hundredth
// of a second for each message, unless there is a limit of the user's.
func (s *Session) Close() error {
	c, n := s.ctl, len(s.deleted)
	if c.Broken != nil {
		return nil
	}
	bye := s.wire.InForce().Goodbye
	if n > 0 {
		bye = max(bye, time.Minute) + time.Duration(n)*10*time.Millisecond
		defer c.Patiently(bye)()
	}
	c.Conn.SetDeadline(time.Now().Add(bye))
	_, err := s.lib.Cmd("QUIT", false)
	if err != nil {
		err = s.fault("closing", err)
	}
	c.Fail(fault.New(fault.Recv, "the session was closed"))
	if n == 0 || err == nil {
		return nil
	}
	if fault.Of(err) == fault.Refused {
		return err
	}
	return &fault.Error{Kind: fault.UnknownOutcome, At: s.at(), Phase: "closing", Err: err,
		Text: fmt.Sprintf("the server did not confirm that it removed %s", messages(n)), Hint: "connect again and look"}
}

func messages(n int) string {
	if n == 1 {
		return "1 message"
	}
	return fmt.Sprintf("%d messages", n)
}
