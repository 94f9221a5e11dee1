package pop3

import (
	"bufio"
	"bytes"
	"io"
	"strings"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/wire"
)

// A control is the connection as the library sees it, who reads no more of it
// than the one line that begins a reply. It looks at these lines first: what
// the library would take for yes and is none, such as an empty line, ends the
// session. What follows such a line is read here. It belongs to one goroutine
// at a time.
type control struct {
	*wire.Conn
	reply   Reply
	pending []byte // for the library
	sent    string // the word of the last command
	heard   time.Time
	broken  error // why no more can be said
	bulk    *bufio.Reader
	line    []byte
	buf     [1024]byte
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
		c.pending = append(c.pending, c.line...)
	}
	n := copy(p, c.pending)
	c.pending = c.pending[n:]
	return n, nil
}

// Write takes commands.
func (c *control) Write(p []byte) (int, error) {
	if c.broken != nil {
		return 0, c.broken
	}
	c.sent, _, _ = strings.Cut(strings.TrimRight(string(p[:min(len(p), 64)]), "\r\n"), " ")
	n, err := c.Conn.Write(p)
	if err != nil {
		return n, c.fail(err)
	}
	return n, nil
}

// readStatus reads the line that begins a reply.
func (c *control) readStatus() error {
	if c.broken != nil {
		return c.broken
	}
	if c.bulk == nil { // else what comes with the line counts for nothing
		defer c.Conn.Reply()()
	}
	if err := c.readLine(); err != nil {
		return c.fail(c.ended(err))
	}
	r, ok := status(string(c.line))
	if !ok {
		return c.fail(&fault.Error{Kind: fault.Protocol, Text: "the server's answer to " + c.what() + " is no reply of POP3: " + quote(string(c.line))})
	}
	c.reply, c.heard = r, time.Now()
	return nil
}

// what was said last.
func (c *control) what() string {
	if c.sent == "" {
		return "the connection"
	}
	return c.sent
}

// readLine reads a line with its end.
func (c *control) readLine() error {
	c.line = c.line[:0]
	if c.bulk != nil {
		for {
			piece, err := c.bulk.ReadSlice('\n')
			c.line = append(c.line, piece...)
			if err != bufio.ErrBufferFull {
				return err
			}
			if len(c.line) > wire.DefaultLimits.Line {
				return fault.New(fault.Limit, "a line is longer than %d bytes", wire.DefaultLimits.Line)
			}
		}
	}
	for {
		n, err := c.Conn.Read(c.buf[:])
		c.line = append(c.line, c.buf[:n]...)
		if n > 0 && c.line[len(c.line)-1] == '\n' {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// list reads the lines of a reply that has several, up to the dot: each ends
// in CR LF, or it is not of this protocol (P01). f gets them without ends and
// without the dot that was put before one. The limits are the caller's.
func (c *control) list(f func(line []byte) error) error {
	for {
		if err := c.readLine(); err != nil {
			return c.fail(c.ended(err))
		}
		line, ok := bytes.CutSuffix(c.line, []byte("\r\n"))
		if !ok {
			return c.fail(&fault.Error{Kind: fault.Protocol, Text: "a line of the reply to " + c.sent + " does not end in CR LF: " + quote(string(c.line))})
		}
		if len(line) > 0 && line[0] == '.' {
			if line = line[1:]; len(line) == 0 {
				return nil
			}
		}
		if err := f(line); err != nil {
			return c.fail(err)
		}
	}
}

// ended says why there is no more.
func (c *control) ended(err error) error {
	if err != io.EOF {
		return err
	}
	e := &fault.Error{Kind: fault.Recv, Err: err, Text: "the server closed the connection before it answered " + c.sent}
	if c.sent == "" {
		e.Phase, e.Text = "greeting", "the server closed the connection before it greeted"
		if len(c.line) == 0 {
			e.Kind = fault.Empty
		}
	}
	return e
}

// fail notes that the connection is of no use any more.
func (c *control) fail(err error) error {
	if c.broken == nil {
		c.broken = err
		c.Conn.Close()
	}
	return c.broken
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
	if c.broken != nil {
		return c.broken
	}
	c.Conn.SetLine(true)
	if left > 0 {
		return c.fail(&fault.Error{Kind: fault.Protocol, Text: "the server said more than it was asked for"})
	}
	return nil
}

// idle is how long the server may be silent within a message.
func (c *control) idle() time.Duration {
	d := c.Conn.Dialer()
	if d.Limits.Idle != 0 {
		return d.Limits.Idle
	}
	return wire.DefaultLimits.Idle
}
