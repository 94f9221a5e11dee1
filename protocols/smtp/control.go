package smtp

import (
	"context"
	"io"
	"strings"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/wire"
)

// A control is the connection as the library sees it. It reads replies, and
// keeps the last one whole, since the library does not. It says what the
// library does not know, and for much mail it says many commands before it
// reads the first answer. It belongs to one goroutine at a time.
type control struct {
	*wire.Conn
	reply    Reply  // being read, or the last one
	complete bool   // reply is whole
	pending  []byte // lines for the library
	sent     string // the word of the last command
	done     func() // ends the limits of a reply
	heard    time.Time
	broken   error // why no more can be said
	line     []byte
	buf      [1024]byte
}

// Read gives the library what the server says, at most a line at a time.
func (c *control) Read(p []byte) (int, error) {
	if len(c.pending) == 0 {
		line, err := c.next()
		if err != nil {
			return 0, err
		}
		c.pending = []byte(line)
	}
	n := copy(p, c.pending)
	c.pending = c.pending[n:]
	return n, nil
}

// Write takes commands from the library.
func (c *control) Write(p []byte) (int, error) {
	if c.broken != nil {
		return 0, c.broken
	}
	if string(p) == "*\r\n" && c.complete && c.reply.Code != 334 {
		// The library cancels a login that the server has ended already.
		c.pending = []byte("501 cancelled\r\n")
		return len(p), nil
	}
	c.sent, _, _ = strings.Cut(strings.TrimRight(string(p[:min(len(p), 64)]), "\r\n"), " ")
	n, err := c.Conn.Write(p)
	if err != nil {
		return n, c.fail(err)
	}
	return n, nil
}

// The limits on time are the wire's, and not those of the library.

func (*control) SetDeadline(time.Time) error      { return nil }
func (*control) SetReadDeadline(time.Time) error  { return nil }
func (*control) SetWriteDeadline(time.Time) error { return nil }

// next reads a line of a reply.
func (c *control) next() (string, error) {
	if c.broken != nil {
		return "", c.broken
	}
	if c.complete {
		c.reply, c.complete = Reply{}, false
	}
	if c.done == nil {
		c.done = c.Conn.Reply()
	}
	if err := c.readLine(); err != nil {
		return "", c.fail(err)
	}
	last, ok := c.reply.add(string(c.line))
	if !ok {
		return "", c.fail(&fault.Error{Kind: fault.Protocol, Text: "the server's answer is no reply of SMTP: " + quote(string(c.line))})
	}
	if last {
		c.complete, c.heard = true, time.Now()
		c.unlimit()
	}
	return string(c.line), nil
}

// unlimit ends the limits of one reply.
func (c *control) unlimit() {
	if c.done != nil {
		c.done()
		c.done = nil
	}
}

func (c *control) readLine() error {
	c.line = c.line[:0]
	for {
		n, err := c.Conn.Read(c.buf[:])
		c.line = append(c.line, c.buf[:n]...)
		if n > 0 && c.line[len(c.line)-1] == '\n' {
			return nil
		}
		if err != nil {
			return c.ended(err)
		}
	}
}

// ended says why there is no reply.
func (c *control) ended(err error) error {
	if err != io.EOF {
		return err
	}
	e := &fault.Error{Kind: fault.Recv, Err: err, Text: "the server closed the connection before it answered " + c.sent}
	if c.sent == "" {
		e.Phase, e.Text = "greeting", "the server closed the connection before it greeted"
		if len(c.line) == 0 && len(c.reply.Lines) == 0 {
			e.Kind = fault.Empty
		}
	}
	return e
}

// fail notes that the connection is of no use any more.
func (c *control) fail(err error) error {
	if c.broken == nil {
		c.broken = err
		c.unlimit()
		c.Conn.Close()
	}
	return c.broken
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
	if c.broken != nil {
		return Reply{}, c.broken
	}
	c.reply, c.complete = Reply{}, false
	for !c.complete {
		if _, err := c.next(); err != nil {
			return Reply{}, err
		}
	}
	return c.reply, nil
}

// patiently has the next reply come as late as RFC 5321, section 4.5.3.2,
// lets the one to a whole message come, unless the user or the program has a
// limit of its own.
func (c *control) patiently(l wire.Limits) (restore func()) {
	o := c.Conn.Dialer().Options
	if l.Reply != 0 || o.ReplyTime != 0 {
		return func() {}
	}
	long := l
	long.Reply = 10 * time.Minute
	if l.Idle == 0 {
		long.Idle = long.Reply
	}
	c.Conn.SetLimits(long)
	c.Conn.SetLine(true)
	return func() {
		c.Conn.SetLimits(l)
		c.Conn.SetLine(true)
	}
}

// alive looks whether the server has gone while nobody listened, or has said
// goodbye, without waiting for it.
func (c *control) alive() bool {
	if c.broken != nil {
		return false
	}
	if time.Since(c.heard) < rested {
		return true
	}
	c.Conn.SetReadDeadline(time.Now().Add(time.Millisecond))
	_, err := c.Conn.Peek(context.Background(), 1)
	c.Conn.SetReadDeadline(time.Time{})
	return fault.Of(err) == fault.Timeout
}

// rested is how long a connection must have been unused before it is worth
// looking at.
const rested = 2 * time.Second
