package smtp

import (
	"context"
	"encoding/base64"
	"errors"
	"strconv"
	"strings"

	gosmtp "github.com/emersion/go-smtp"

	"wireline/protocols/command"
	"wireline/protocols/fault"
)

// call runs f, which talks on the connection, and makes its error one of
// ours.
func (s *Session) call(ctx context.Context, phase string, f func() error) error {
	if ctx.Err() == nil && s.ctl.Broken != nil {
		return s.gone()
	}
	var was error
	err := s.ctl.Call(ctx, func() error {
		if was = f(); was != nil {
			was = s.fault(phase, was)
		}
		return was
	})
	if err != was && fault.Of(was) == fault.UnknownOutcome {
		was.(*fault.Error).Err = err
		return was
	}
	return err
}

// gone is the error of a session whose connection has ended.
func (s *Session) gone() error { return s.ctl.Gone() }

// fault makes an error of ours of what the library or the wire says.
func (s *Session) fault(phase string, err error) error {
	c := s.ctl
	if e := c.Located(phase, err); e != nil {
		return e
	}
	var reply *gosmtp.SMTPError
	switch {
	case errors.As(err, &reply) && c.complete:
		return s.refusal(phase, c.reply)
	case phase == "auth" && errors.As(err, new(base64.CorruptInputError)):
		return &fault.Error{Kind: fault.Protocol, At: s.target.String(), Phase: phase, Err: err, Text: "the server's part of the login is no base64"}
	}
	return c.Fail(&fault.Error{Kind: fault.Protocol, At: s.target.String(), Phase: phase, Err: err,
		Text: "the server's reply is malformed: " + command.Quote(strings.Join(c.reply.Lines, " "))})
}

// refusal is the error that a reply is.
func (s *Session) refusal(phase string, r Reply) error {
	e := &fault.Error{At: s.target.String(), Phase: phase, Code: strconv.Itoa(r.Code), Text: s.wire.Hide(r.text()), Kind: kindOf(phase, r)}
	switch {
	case r.Code == closing:
		e.Text = command.Short("the server is closing: " + e.Text)
		s.ctl.Fail(e)
	case r.Code/100 < 4:
		e.Text = command.Short("not what the command should give: " + e.Text)
		s.ctl.Fail(e)
	case e.Kind == fault.TLSRequired:
		e.Hint = "--tls require, or the verb starttls"
	case r.Code == 530 || r.Code == 550 && strings.HasPrefix(r.enhanced(), "5.7."):
		e.Hint = "the server may want a login: login -u NAME"
	}
	return e
}

// closing is the code by which a server ends the session at any time.
const closing = 421

// kindOf is the class of a refusal.
func kindOf(phase string, r Reply) *fault.Kind {
	switch {
	case r.Code/100 < 4:
		return fault.Protocol
	case r.Code == 530 && strings.Contains(strings.ToUpper(r.text()), "STARTTLS"), r.Code == 538, r.Code == 523:
		return fault.TLSRequired
	case phase == "auth" && (r.Code == 535 || r.Code == 534 || r.Code == 454 || r.Code == 530 || r.Code == 432):
		return fault.Login
	case r.Code == 502 || r.Code == 504 || r.Code == 555:
		return fault.Unsupported
	}
	return fault.Refused
}
