package smtp

import (
	"context"
	"encoding/base64"
	"errors"
	"strconv"
	"strings"

	gosmtp "github.com/emersion/go-smtp"

	"wireline/protocols/fault"
)

// call runs f, which talks on the connection, and makes its error one of
// ours. When ctx ends, f ends at once, and the connection with it: nobody
// knows what the server would say next.
func (s *Session) call(ctx context.Context, phase string, f func() error) (err error) {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	c := s.ctl
	if c.broken != nil {
		return s.gone()
	}
	fired := make(chan bool)
	stop := context.AfterFunc(ctx, func() {
		c.Conn.SetReadDeadline(past)
		c.Conn.SetWriteDeadline(past)
		close(fired)
	})
	defer func() {
		if stop() {
			return
		}
		<-fired
		cause := context.Cause(ctx)
		c.broken = nil
		c.fail(cause)
		if fault.Of(err) == fault.UnknownOutcome {
			err.(*fault.Error).Err = cause
		} else {
			err = cause
		}
	}()
	if err = f(); err != nil {
		err = s.fault(phase, err)
	}
	return err
}

// gone is the error of a session whose connection has ended.
func (s *Session) gone() error {
	e := &fault.Error{Kind: fault.Recv, At: s.target.String(), Text: "the session has ended", Err: s.ctl.broken}
	if f := (*fault.Error)(nil); errors.As(s.ctl.broken, &f) {
		e.Kind, e.Text = f.Kind, "the session has ended: "+f.Text
	}
	return e.WithHint("connect opens another one")
}

// fault makes an error of ours of what the library or the wire says.
func (s *Session) fault(phase string, err error) error {
	c := s.ctl
	var f *fault.Error
	var reply *gosmtp.SMTPError
	switch {
	case errors.As(err, &f), errors.As(c.broken, &f):
		e := *f
		if e.At == "" {
			e.At = s.target.String()
		}
		if e.Phase == "" {
			e.Phase = phase
		}
		return &e
	case c.broken != nil:
		return c.broken
	case errors.As(err, &reply) && c.complete:
		return s.refusal(phase, c.reply)
	case phase == "auth" && errors.As(err, new(base64.CorruptInputError)):
		return &fault.Error{Kind: fault.Protocol, At: s.target.String(), Phase: phase, Err: err, Text: "the server's part of the login is no base64"}
	}
	return c.fail(&fault.Error{Kind: fault.Protocol, At: s.target.String(), Phase: phase, Err: err,
		Text: "the server's reply is malformed: " + quote(strings.Join(c.reply.Lines, " "))})
}

// refusal is the error that a reply is.
func (s *Session) refusal(phase string, r Reply) error {
	e := &fault.Error{At: s.target.String(), Phase: phase, Code: strconv.Itoa(r.Code), Text: r.text(), Kind: kindOf(phase, r)}
	switch {
	case r.Code == closing:
		e.Text = short("the server is closing: " + e.Text)
		s.ctl.fail(e)
	case r.Code/100 < 4:
		e.Text = short("not what the command should give: " + e.Text)
		s.ctl.fail(e)
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
