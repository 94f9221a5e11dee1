package ftp

import (
	"context"
	"errors"
	"net/textproto"
	"strconv"
	"strings"

	"wireline/protocols/fault"
	"wireline/protocols/files"
)

// call runs a call of the library on the control connection, makes its error
// one of ours, and survives what the library does not. When ctx ends, what
// moves on a data connection is stopped; when a reply is waited for, that ends
// at once, and the connection with it.
func (s *Session) call(ctx context.Context, f func() error) (err error) {
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	c := s.ctl
	s.opening = ctx
	lost := false
	s.watch.begin(ctx, func() {
		if d := s.data.Load(); d != nil && d.moving.Load() {
			d.interrupt()
		} else {
			lost = true
			c.Conn.Interrupt()
		}
	})
	defer func() {
		if s.watch.end() {
			if err = context.Cause(ctx); lost {
				c.fail(err)
			}
		}
	}()
	defer func() {
		if r := recover(); r != nil {
			err = c.fail(s.malformed(nil))
		}
	}()
	return s.fault(f())
}

func (s *Session) malformed(err error) *fault.Error {
	c := s.ctl
	return &fault.Error{Kind: fault.Protocol, At: s.target.String(), Phase: "command", Err: err,
		Text: "the server's reply to " + verbOf(c.sent) + " is malformed: " + quote(c.reply.text())}
}

// ask sends a command of our own and reads the reply, whatever it is.
func (s *Session) ask(ctx context.Context, line string) (r Reply, err error) {
	err = s.call(ctx, func() error {
		r, err = s.ctl.ask(line)
		if err == nil && r.Code == closing {
			err = s.refusal(r)
		}
		return err
	})
	return r, err
}

// must is ask for a command that is to succeed.
func (s *Session) must(ctx context.Context, line string) (Reply, error) {
	r, err := s.ask(ctx, line)
	if err == nil && !r.good() {
		err = s.refusal(r)
	}
	return r, err
}

// closing is the code by which a server ends the session at any time.
const closing = 421

// fault makes an error of ours of what the library or the wire says.
func (s *Session) fault(err error) error {
	if err == nil {
		return nil
	}
	c := s.ctl
	var f *fault.Error
	var reply *textproto.Error
	switch {
	case c.broken != nil && errors.As(c.broken, &f), errors.As(err, &f):
		e := *f
		if e.At == "" {
			e.At = s.target.String()
		}
		return &e
	case c.broken != nil && fault.Of(c.broken) != fault.Internal:
		return c.broken
	case errors.As(err, &reply), c.reply.Code/100 >= 4:
		return s.refusal(c.reply)
	}
	return c.fail(s.malformed(err))
}

// refusal is the error that a reply is.
func (s *Session) refusal(r Reply) error {
	cmd := verbOf(s.ctl.sent)
	e := &fault.Error{At: s.target.String(), Code: strconv.Itoa(r.Code), Text: short(r.text()), Kind: kindOf(r, cmd)}
	switch {
	case r.Code == closing:
		e.Text = short("server is closing: " + r.text())
		s.ctl.fail(e)
		return e
	case r.Code/100 == 1 || r.Code/100 == 2 || r.Code/100 == 3:
		e.Text = short("not what " + cmd + " should give: " + r.text())
		return s.ctl.fail(e)
	}
	switch e.Kind {
	case fault.NotFound:
		e.Hint = "ls shows what is there"
	case fault.TLSHandshake:
		e.Hint = "--tls-max 1.2 may help"
	case fault.TLSRequired:
		e.Hint = "--tls require asks for it"
	case fault.Unsupported:
		e.Hint = "caps shows what the server can"
	}
	return e
}

// kindOf is the class of a refusal of cmd.
func kindOf(r Reply, cmd string) *fault.Kind {
	text := strings.ToLower(r.text())
	if (cmd == "USER" || cmd == "PASS") && r.Code/100 >= 4 && r.Code != closing &&
		(strings.Contains(text, "tls") || strings.Contains(text, "ssl") || strings.Contains(text, "encrypt")) {
		return fault.TLSRequired
	}
	switch r.Code {
	case 421:
		return fault.Recv
	case 425:
		return fault.Connect
	case 426:
		return fault.Partial
	case 430, 530, 331, 332:
		return fault.Login
	case 500, 502, 504:
		return fault.Unsupported
	case 522:
		return fault.TLSHandshake
	case 533, 534, 536:
		return fault.TLSRequired
	case 550:
		switch {
		case cmd == "CWD" || cmd == "CDUP":
			return fault.Denied
		case strings.Contains(text, "denied"), strings.Contains(text, "not permitted"), strings.Contains(text, "permission"):
			return fault.Denied
		case cmd == "MKD" || cmd == "STOR" || cmd == "APPE" || cmd == "STOU" || cmd == "RNTO",
			strings.Contains(text, "exist") && !strings.Contains(text, "not exist") && !strings.Contains(text, "n't exist"),
			strings.Contains(text, "not empty"), strings.Contains(text, "is a directory"), strings.Contains(text, "not a regular"), strings.Contains(text, "not a plain"):
			return fault.Refused
		}
		return fault.NotFound
	}
	if r.Code/100 < 4 {
		return fault.Protocol
	}
	return fault.Refused
}

// of adds to an error which file it is about.
func (s *Session) of(path string, err error) error {
	f, ok := err.(*fault.Error)
	if !ok || path == "" || f.At != s.target.String() {
		return err
	}
	e := *f
	if !strings.HasPrefix(path, "/") {
		path = "/" + strings.TrimPrefix(files.Join(s.cwd, path), "/")
	}
	e.At += short(path)
	return &e
}

func short(text string) string {
	const most = 200
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + "…"
	}
	return text
}

func quote(s string) string { return strconv.Quote(short(s)) }
