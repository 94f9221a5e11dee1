package smtp

import (
	"time"

	"wireline/protocols/command"
	"wireline/protocols/fault"
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
}

// Read gives the library what the server says, at most a line at a time.
func (c *control) Read(p []byte) (int, error) {
	if len(c.pending) == 0 {
		if err := c.next(); err != nil {
			return 0, err
		}
		c.pending = append(c.pending[:0], c.Line...)
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
	if c.done == nil {
		c.done = c.Conn.Reply()
	}
	if err := c.ReadLine(); err != nil {
		return c.Fail(c.Ended(err, len(c.reply.Lines) > 0))
	}
	last, ok := c.reply.add(string(c.Line))
	if !ok {
		return c.Fail(&fault.Error{Kind: fault.Protocol, Text: "the server's answer is no reply of SMTP: " + command.Quote(string(c.Line))})
	}
	if last {
		c.complete, c.Heard = true, time.Now()
		c.unlimit()
	}
	return nil
}

// unlimit ends the limits of one reply.
func (c *control) unlimit() {
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
