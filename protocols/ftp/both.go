package ftp

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"strconv"
	"syscall"
	"time"

	"wireline/protocols/fault"
)

// bothWays reports whether EPSV and the command of a transfer may be said in
// one go: the server of this very connection has answered EPSV before.
func (s *Session) bothWays() bool {
	_, pret := s.caps.has("PRET")
	return s.ctl.epsv && !s.act.on && !pret
}

// both says EPSV and what is to be done on the data connection together, so
// that a small file costs a round trip less. Both are nil if the server, which
// has refused EPSV after all, must be asked in the library's way.
func (s *Session) both(q request) (*data, error) {
	c := s.ctl
	lines := []string{"EPSV", q.command}
	if q.from > 0 {
		lines = []string{"EPSV", fmt.Sprint("REST ", q.from), q.command}
	}
	if err := c.say(lines...); err != nil {
		return nil, err
	}
	c.sent = lines[0]
	r, err := c.answer()
	if err != nil {
		return nil, err
	}
	port := 0
	if r.Code == 229 {
		port = parseEPSV(r.text())
	}
	if port == 0 {
		return nil, s.alone(lines[1:], r)
	}
	conn, err := s.dialData(net.JoinHostPort(nowhere.IP.String(), strconv.Itoa(port)))
	if err != nil {
		return nil, s.unmet(lines[1:], err)
	}
	for i, line := range lines[1:] {
		c.sent = line
		if r, err = c.answer(); err == nil && !(r.Code == 125 || r.Code == 150 || r.Code/100 == 3 && i < len(lines)-2) {
			err = s.refusal(r)
		}
		if err != nil {
			conn.Close()
			return nil, s.skip(len(lines)-2-i, err)
		}
	}
	return s.data.Load(), nil
}

// alone reads the answers to commands that were to follow an EPSV which was
// refused. They can only be refusals, too.
func (s *Session) alone(lines []string, refused Reply) error {
	c := s.ctl
	if refused.Code == closing {
		return s.refusal(refused)
	}
	c.epsv = false
	for _, line := range lines {
		c.sent = line
		if r, err := c.answer(); err != nil {
			return err
		} else if r.Code/100 < 3 {
			return c.fail(&fault.Error{Kind: fault.Protocol, At: s.target.String(), Phase: "command",
				Text: "the server has refused EPSV and then begun a transfer: " + quote(refused.text())})
		}
	}
	return nil
}

// explained is how long a server at whose port nobody listens has to say why.
const explained = 5 * time.Second

// unmet tells why a data connection could not be made. A server that refuses
// the command does not wait for one, and says so; another is told to wait no
// longer.
func (s *Session) unmet(lines []string, err error) error {
	c := s.ctl
	if s.opening.Err() != nil || c.broken != nil {
		return err
	}
	abort := !errors.Is(err, syscall.ECONNREFUSED) || !c.speaks(explained)
	if abort {
		s.sayAbort()
	}
	why := err
	for i := 0; i < len(lines); i++ {
		c.sent = lines[i]
		r, aerr := c.answer()
		if k := fault.Of(aerr); fault.Of(err) == fault.Connect && (k == fault.Recv || k == fault.Send) {
			return aerr // the server is gone
		} else if aerr != nil {
			c.broken = err
			return err
		}
		switch {
		case r.Code/100 == 1:
			i-- // its last word is to come
		case r.Code == 225: // to ABOR, though the command has had no answer
			c.Conn.SetDeadline(time.Time{})
			return why
		case r.Code/100 >= 4 && r.Code != 425 && r.Code != 426 && why == err:
			why = s.refusal(r)
		}
	}
	if !abort {
		return why
	}
	c.sent = "ABOR"
	_, aerr := c.answer()
	c.Conn.SetDeadline(time.Time{})
	if aerr != nil {
		c.broken = why
	}
	return why
}

// speaks waits until the server says something, or has gone.
func (c *control) speaks(wait time.Duration) bool {
	c.Conn.SetReadDeadline(time.Now().Add(wait))
	_, err := c.Conn.Peek(context.Background(), 1)
	c.Conn.SetReadDeadline(time.Time{})
	return fault.Of(err) != fault.Timeout
}

// skip reads what the server still has to say to n commands after one that it
// has refused.
func (s *Session) skip(n int, why error) error {
	for range n {
		if s.ctl.broken != nil {
			break
		}
		if r, err := s.ctl.answer(); err == nil && r.Code/100 == 1 {
			s.ctl.fail(why) // it sends, and from another byte than was asked for
		}
	}
	return why
}

// last reads the last word on a transfer that was begun by both.
func (x *download) last() error {
	if x.resp != nil {
		return x.resp.Close()
	}
	x.data.Close()
	r, err := x.s.ctl.answer()
	if err == nil && r.Code != 226 {
		err = &textproto.Error{Code: r.Code, Msg: r.text()}
	}
	return err
}
