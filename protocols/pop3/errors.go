package pop3

import (
	"context"
	"strconv"
	"strings"

	"wireline/protocols/command"
	"wireline/protocols/fault"
)

// call runs f, which talks on the connection, and makes its error one of
// ours.
func (s *Session) call(ctx context.Context, phase string, f func() error) error {
	if ctx.Err() == nil && s.ctl.Broken != nil {
		return s.gone()
	}
	return s.ctl.Call(ctx, func() error {
		if err := f(); err != nil {
			return s.fault(phase, err)
		}
		return nil
	})
}

// gone is the error of a session whose connection has ended.
func (s *Session) gone() error {
	e := s.ctl.Gone()
	if n := len(s.deleted); n > 0 {
		e.Text += "; the server keeps the " + strconv.Itoa(n) + " that were to be deleted"
	}
	return e
}

// fault makes an error of ours of what the library or the wire says.
func (s *Session) fault(phase string, err error) error {
	c := s.ctl
	if e := c.Located(phase, err); e != nil {
		return e
	}
	if !c.reply.OK {
		return s.refusal(phase, c.reply)
	}
	return c.Fail(&fault.Error{Kind: fault.Protocol, At: s.at(), Phase: phase, Err: err, Text: "the server's reply to " + c.Sent + " is malformed: " + command.Quote(c.reply.Text)})
}

// refusal is the error that a reply is.
func (s *Session) refusal(phase string, r Reply) error {
	e := &fault.Error{At: s.at(), Phase: phase, Code: "-ERR", Text: s.wire.Hide(command.Short(r.Text)), Kind: fault.Refused}
	if r.Code != "" {
		e.Code += " [" + r.Code + "]"
	}
	if r.Text == "" {
		e.Text = "the server refuses " + s.ctl.what()
	}
	code, text := strings.ToUpper(r.Code), strings.ToLower(r.Text)
	switch {
	case phase == "login" && code == "IN-USE":
		e.Kind, e.Hint = fault.Denied, "another session has the mailbox; try again when it has ended"
	case phase == "login" && strings.HasPrefix(code, "SYS/"), code == "LOGIN-DELAY":
		e.Kind = fault.Denied
	case phase == "login" && (strings.Contains(text, "tls") || strings.Contains(text, "ssl") || strings.Contains(text, "cleartext") || strings.Contains(text, "plaintext")):
		e.Kind, e.Hint = fault.TLSRequired, "--tls require, or the scheme pop3s"
	case phase == "login":
		e.Kind = fault.Login
	case strings.Contains(text, "no such message"), strings.Contains(text, "there's no message"), strings.Contains(text, "invalid message"):
		e.Kind, e.Hint = fault.NotFound, "ls shows what is there"
	case strings.Contains(text, "unknown command"), strings.Contains(text, "not implemented"), strings.Contains(text, "unsupported"):
		e.Kind, e.Hint = fault.Unsupported, "caps shows what the server can"
	}
	return e
}

// at is the place for messages.
func (s *Session) at() string { return s.target.String() }
