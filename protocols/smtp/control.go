package smtp

import (
	"bytes"
	"time"

	"wireline/protocols/command"
	"wireline/protocols/fault"
	"wireline/protocols/wire"
)

// A control is the connection as the library sees it. It reads replies, and
// keeps the last one whole, since the library does not. It says what the
// library does not know, and for much mail it says many commands before it
// reads the first answer.
type control struct {
	command.Conn
	reply    Reply  // being read, or the last one
	complete bool   // reply is whole
	pending  []byte // lines for the library
	done     func() // ends the limits of a reply

	known [8]Reply // that came lately, of a line each: a server says the same again and again
	last  int      // of them
}

func newControl(c *wire.Conn, at func() string) *control {
	ctl := &control{Conn: command.Conn{Conn: c, At: at}}
	// What has come already is not waited for, and needs no limits.
	ctl.Waits = func() {
		if ctl.done == nil {
			ctl.done = c.Reply()
		}
	}
	return ctl
}

// Read gives the library what the server says, at most a line at a time.
func (c *control) Read(p []byte) (int, error) {
	if len(c.pending) == 0 {
		if err := c.next(); err != nil {
			return 0, err
		}
		c.pending = append(c.pending[:0], c.Line...)
		if c.Sent == "EHLO" && c.reply.Code/100 == 5 {
			copy(c.pending, "502") // the library takes few codes for a server of old, which says HELO
		}
	}
	n := copy(p, c.pending)
	c.pending = c.pending[n:]
	return n, nil
}

// Write takes commands from the library.
func (c *control) Write(p []byte) (int, error) {
	if c.Broken != nil {
		return 0, c.Broken
	}
	if string(p) == "*\r\n" && c.complete && c.reply.Code != 334 {
		// The library cancels a login that the server has ended already.
		c.pending = []byte("501 cancelled\r\n")
		return len(p), nil
	}
	if c.complete && c.reply.Code == 334 { // it is a part of a login, which no error is to tell
		defer func(was string) { c.Sent = was }(c.Sent)
	}
	return c.Conn.Write(p)
}

// The limits on time are the wire's, and not those of the library.

func (*control) SetDeadline(time.Time) error      { return nil }
func (*control) SetReadDeadline(time.Time) error  { return nil }
func (*control) SetWriteDeadline(time.Time) error { return nil }

// next reads a line of a reply.
func (c *control) next() error {
	if c.Broken != nil {
		return c.Broken
	}
	if c.complete {
		c.reply, c.complete = Reply{}, false
	}
	if err := c.ReadLine(); err != nil {
		return c.Fail(c.Ended(err, len(c.reply.Lines) > 0))
	}
	if len(c.reply.Lines) == 0 && c.again() {
		return nil
	}
	last, ok := c.reply.add(string(c.Line))
	if !ok {
		return c.Fail(&fault.Error{Kind: fault.Protocol, Text: "the server's answer is no reply of SMTP: " + command.Quote(string(c.Line))})
	}
	if last {
		if len(c.reply.Lines) == 1 {
			c.last = (c.last + 1) % len(c.known)
			c.known[c.last] = c.reply
		}
		c.whole()
	}
	return nil
}

// again takes a line that came before for the reply that it was.
func (c *control) again() bool {
	line := bytes.TrimRight(c.Line, "\r\n")
	for _, r := range c.known {
		if len(r.Lines) == 1 && string(line) == r.Lines[0] {
			c.reply = r
			c.whole()
			return true
		}
	}
	return false
}

// whole ends a reply, and its limits.
func (c *control) whole() {
	c.complete = true
	if c.Conn.Buffered() == 0 {
		c.Heard = time.Now()
	}
	if c.done != nil {
		c.done()
		c.done = nil
	}
}

// ask says a command and reads its reply.
func (c *control) ask(line string) (Reply, error) {
	if err := c.say(line); err != nil {
		return Reply{}, err
	}
	return c.answer()
}

// say says a command.
func (c *control) say(line string) error {
	_, err := c.Write([]byte(line + "\r\n"))
	return err
}

// answer reads one reply.
func (c *control) answer() (Reply, error) {
	if c.Broken != nil {
		return Reply{}, c.Broken
	}
	c.reply, c.complete = Reply{}, false
	for !c.complete {
		if err := c.next(); err != nil {
			return Reply{}, err
		}
	}
	return c.reply, nil
}
