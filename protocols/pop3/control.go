package pop3

import (
	"bufio"
	"bytes"
	"strings"
	"time"

	"wireline/protocols/command"
	"wireline/protocols/fault"
	"wireline/protocols/wire"
)

// A control is the connection as the library sees it, who reads no more of it
// than the one line that begins a reply. It looks at these lines first: what
// the library would take for yes and is none, such as an empty line, ends the
// session. What follows such a line is read here.
type control struct {
	command.Conn
	reply   Reply
	pending []byte // for the library
	bulk    *bufio.Reader
}

// A Reply is the line with which the server answers a command (RFC 1939,
// section 3).
type Reply struct {
	OK   bool   `json:"ok"`
	Code string `json:"code,omitempty"` // such as AUTH or IN-USE (RFC 2449, section 8)
	Text string `json:"text"`
}

// Raw is the reply as the server sent it, but for the end of the line.
func (r Reply) Raw() []byte {
	s := "-ERR"
	if r.OK {
		s = "+OK"
	}
	if r.Code != "" {
		s += " [" + r.Code + "]"
	}
	return []byte(strings.TrimRight(s+" "+r.Text, " ") + "\n")
}

// status reads a line that begins a reply.
func status(line string) (r Reply, ok bool) {
	line = strings.TrimRight(line, "\r\n")
	word, text, _ := strings.Cut(line, " ")
	if word != "+OK" && word != "-ERR" {
		return r, false
	}
	r.OK, r.Text = word == "+OK", strings.TrimLeft(text, " ")
	if code, text, ok := strings.Cut(strings.TrimPrefix(r.Text, "["), "]"); ok && strings.HasPrefix(r.Text, "[") && !strings.ContainsAny(code, " <>@") {
		r.Code, r.Text = code, strings.TrimLeft(text, " ")
	}
	return r, true
}

// Read gives the library the line that begins a reply.
func (c *control) Read(p []byte) (int, error) {
	if len(c.pending) == 0 {
		if err := c.readStatus(); err != nil {
			return 0, err
		}
		c.pending = append(c.pending, c.Line...)
	}
	n := copy(p, c.pending)
	c.pending = c.pending[n:]
	return n, nil
}

// readStatus reads the line that begins a reply.
func (c *control) readStatus() error {
	if c.Broken != nil {
		return c.Broken
	}
	switch {
	case c.bulk == nil:
		defer c.Conn.Reply()()
	case !c.lineHere(): // what comes with the line counts for nothing
		defer c.Conn.Timed()()
	}
	if err := c.readLine(); err != nil {
		return c.Fail(c.Ended(err, false))
	}
	r, ok := status(string(c.Line))
	if !ok {
		return c.Fail(&fault.Error{Kind: fault.Protocol, Text: "the server's answer to " + c.what() + " is no reply of POP3: " + command.Quote(string(c.Line))})
	}
	c.reply, c.Heard = r, time.Now()
	return nil
}

// what was said last.
func (c *control) what() string {
	if c.Sent == "" {
		return "the connection"
	}
	return c.Sent
}

// lineHere reports whether the bulk that has come holds a whole line.
func (c *control) lineHere() bool {
	here, _ := c.bulk.Peek(c.bulk.Buffered())
	return bytes.IndexByte(here, '\n') >= 0
}

// readLine reads a line with its end.
func (c *control) readLine() error {
	c.Line = c.Line[:0]
	if c.bulk != nil {
		for {
			piece, err := c.bulk.ReadSlice('\n')
			c.Line = append(c.Line, piece...)
			if err != bufio.ErrBufferFull {
				return err
			}
			if most := wire.DefaultLimits().Line; len(c.Line) > most {
				return fault.New(fault.Limit, "a line is longer than %d bytes", most)
			}
		}
	}
	return c.ReadLine()
}

// list reads the lines of a reply that has several, up to the dot: each ends
// in CR LF, or it is not of this protocol (P01). f gets them without ends and
// without the dot that was put before one. The limits are the caller's.
func (c *control) list(f func(line []byte) error) error {
	for {
		if err := c.readLine(); err != nil {
			return c.Fail(c.Ended(err, false))
		}
		line, ok := bytes.CutSuffix(c.Line, []byte("\r\n"))
		if !ok {
			return c.Fail(&fault.Error{Kind: fault.Protocol, Text: "a line of the reply to " + c.Sent + " does not end in CR LF: " + command.Quote(string(c.Line))})
		}
		if len(line) > 0 && line[0] == '.' {
			if line = line[1:]; len(line) == 0 {
				return nil
			}
		}
		if err := f(line); err != nil {
			return c.Fail(err)
		}
	}
}

// fast has all that comes read in large pieces, until slow. The time between
// must be such that the server is silent at both ends of it.
func (c *control) fast(room int) {
	c.Conn.SetLine(false)
	c.Conn.SetIdle(c.idle())
	c.bulk = bufio.NewReaderSize(c.Conn, room)
}

// slow goes back to lines.
func (c *control) slow() error {
	if c.bulk == nil {
		return nil
	}
	left := c.bulk.Buffered()
	c.bulk = nil
	if c.Broken != nil {
		return c.Broken
	}
	c.Conn.SetLine(true)
	if left > 0 {
		return c.Fail(&fault.Error{Kind: fault.Protocol, Text: "the server said more than it was asked for"})
	}
	return nil
}

// idle is how long the server may be silent within a message.
func (c *control) idle() time.Duration {
	return c.Conn.Dialer().InForce().Idle
}
