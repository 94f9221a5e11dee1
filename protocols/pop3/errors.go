package pop3

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"wireline/protocols/fault"
)

// past is a time that is over, to end what waits.
var past = time.Unix(1, 0)

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
		err = context.Cause(ctx)
		c.broken = nil
		c.fail(err)
	}()
	if err = f(); err != nil {
		err = s.fault(phase, err)
	}
	return err
}

// gone is the error of a session whose connection has ended.
func (s *Session) gone() error {
	e := &fault.Error{Kind: fault.Recv, At: s.at(), Text: "the session has ended", Err: s.ctl.broken}
	if f := (*fault.Error)(nil); errors.As(s.ctl.broken, &f) {
		e.Kind, e.Text = f.Kind, "the session has ended: "+f.Text
	}
	if n := len(s.deleted); n > 0 {
		e.Text += "; the server keeps the " + strconv.Itoa(n) + " that were to be deleted"
	}
	return e.WithHint("connect opens another one")
}

// fault makes an error of ours of what the library or the wire says.
func (s *Session) fault(phase string, err error) error {
	c := s.ctl
	var f *fault.Error
	switch {
	case errors.As(err, &f), errors.As(c.broken, &f):
		e := *f
		if e.At == "" {
			e.At = s.at()
		}
		if e.Phase == "" {
			e.Phase = phase
		}
		return &e
	case c.broken != nil:
		return c.broken
	case !c.reply.OK:
		return s.refusal(phase, c.reply)
	}
	return c.fail(&fault.Error{Kind: fault.Protocol, At: s.at(), Phase: phase, Err: err, Text: "the server's reply to " + c.sent + " is malformed: " + quote(c.reply.Text)})
}

// refusal is the error that a reply is.
func (s *Session) refusal(phase string, r Reply) error {
	e := &fault.Error{At: s.at(), Phase: phase, Code: "-ERR", Text: short(r.Text), Kind: fault.Refused}
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

func short(text string) string {
	const most = 200
	text = strings.TrimRight(text, "\r\n")
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + "…"
	}
	return text
}

func quote(s string) string { return strconv.Quote(short(s)) }
