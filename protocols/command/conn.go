// Package command is a conversation with a server that is told commands, a line
// each, and answers in lines: what the adapters of such protocols share whose
// libraries do not do it all.
package command

import (
	"context"
	"errors"
	"io"
	"strconv"
	"strings"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/wire"
)

// A Conn is a connection on which commands are said and replies are read. It
// belongs to one goroutine at a time.
type Conn struct {
	*wire.Conn
	At     func() string // the place, for errors
	Sent   string        // the word of the last command; "" before the first
	Line   []byte        // that was read last, with its end
	Heard  time.Time     // when the last reply was whole
	Broken error         // why no more can be said; nil while the connection is of use
	Waits  func()        // is called before ReadLine waits; nil: nothing

	buf [1024]byte
}

// past is a time that is over, to end what waits.
var past = time.Unix(1, 0)

// Write says p, which begins with the word of a command.
func (c *Conn) Write(p []byte) (int, error) {
	if c.Broken != nil {
		return 0, c.Broken
	}
	c.Sent, _, _ = strings.Cut(strings.TrimRight(string(p[:min(len(p), 64)]), "\r\n"), " ")
	n, err := c.Conn.Write(p)
	if err != nil {
		return n, c.Fail(err)
	}
	return n, nil
}

// ReadLine reads the next line into Line. The connection is in line mode.
func (c *Conn) ReadLine() error {
	c.Line = c.Line[:0]
	for {
		if c.Waits != nil && c.Conn.Buffered() == 0 {
			c.Waits()
		}
		n, err := c.Conn.Read(c.buf[:])
		c.Line = append(c.Line, c.buf[:n]...)
		if n > 0 && c.Line[len(c.Line)-1] == '\n' {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// Ended makes the end of the connection an error that says what had no answer.
// begun is whether some of the answer had come.
func (c *Conn) Ended(err error, begun bool) error {
	if err != io.EOF {
		return err
	}
	e := &fault.Error{Kind: fault.Recv, Err: err, Text: "the server closed the connection before it answered " + c.Sent}
	if c.Sent == "" {
		e.Phase, e.Text = "greeting", "the server closed the connection before it greeted"
		if !begun && len(c.Line) == 0 {
			e.Kind = fault.Empty
		}
	}
	return e
}

// Fail notes that the connection is of no use any more, and gives the first
// reason for that.
func (c *Conn) Fail(err error) error {
	if c.Broken == nil {
		c.Broken = err
		c.Conn.Close()
	}
	return c.Broken
}

// Call runs f, which talks on the connection. When ctx ends, f ends at once,
// and the connection with it: nobody knows what the server would say next. The
// error is then why ctx ended.
func (c *Conn) Call(ctx context.Context, f func() error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	done := c.Watch(ctx)
	err := f()
	if cause := done(); cause != nil {
		return cause
	}
	return err
}

// Watch has the connection end with ctx until done is called, which gives the
// cause if ctx has ended before.
func (c *Conn) Watch(ctx context.Context) (done func() error) {
	fired := make(chan bool)
	stop := context.AfterFunc(ctx, func() {
		c.Conn.SetReadDeadline(past)
		c.Conn.SetWriteDeadline(past)
		close(fired)
	})
	over := false
	return func() error {
		if over || stop() {
			over = true
			return nil
		}
		over = true
		<-fired
		c.Broken = nil
		return c.Fail(context.Cause(ctx))
	}
}

// Patiently has replies come as late as least, unless the user or the program
// has a limit of its own, until restore is called.
func (c *Conn) Patiently(least time.Duration) (restore func()) {
	d := c.Conn.Dialer()
	l := d.Limits
	if l.Reply != 0 || d.Options.ReplyTime != 0 {
		return func() {}
	}
	long := l
	long.Reply = least
	if l.Idle == 0 {
		long.Idle = least
	}
	c.Conn.SetLimits(long)
	c.Conn.SetLine(true)
	return func() {
		c.Conn.SetLimits(l)
		c.Conn.SetLine(true)
	}
}

// rested is how long a connection must have been unused before it is worth
// looking at.
const rested = 2 * time.Second

// Alive looks, without waiting for it, whether the server has gone while
// nobody listened, or has said goodbye.
func (c *Conn) Alive() bool {
	if c.Broken != nil {
		return false
	}
	if time.Since(c.Heard) < rested {
		return true
	}
	c.Conn.SetReadDeadline(time.Now().Add(time.Millisecond))
	_, err := c.Conn.Peek(context.Background(), 1)
	c.Conn.SetReadDeadline(time.Time{})
	return fault.Of(err) == fault.Timeout
}

// Gone is the error of a session whose connection has ended.
func (c *Conn) Gone() *fault.Error {
	e := &fault.Error{Kind: fault.Recv, At: c.At(), Text: "the session has ended", Err: c.Broken}
	if f := (*fault.Error)(nil); errors.As(c.Broken, &f) {
		e.Kind, e.Text = f.Kind, "the session has ended: "+f.Text
	}
	return e.WithHint("connect opens another one")
}

// Located is err, or why the connection ended, if that is an error of ours,
// with the place and the phase where it has none; else nil.
func (c *Conn) Located(phase string, err error) error {
	var f *fault.Error
	if !errors.As(err, &f) && !errors.As(c.Broken, &f) {
		return c.Broken
	}
	e := *f
	if e.At == "" {
		e.At = c.At()
	}
	if e.Phase == "" {
		e.Phase = phase
	}
	if e.Kind == fault.Timeout && c.Sent == "" && c.Conn.TLS() == nil { // S11
		e.Hint = strings.TrimSuffix("at a port of TLS the client speaks first, as with a scheme that ends in s; "+e.Hint, "; ")
	}
	return &e
}

// Short is what a server said, cut at 200 bytes.
func Short(text string) string {
	const most = 200
	text = strings.TrimRight(text, "\r\n")
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + "…"
	}
	return text
}

// Quote is Short in quotes.
func Quote(s string) string { return strconv.Quote(Short(s)) }
