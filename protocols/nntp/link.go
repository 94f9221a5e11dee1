package nntp

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"strconv"
	"strings"
	"sync"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/wire"
)

// room is how much is read at a time, and what bounds a line (L01).
const room = 64 << 10

// A link is one connection to a server. It belongs to one goroutine at a
// time.
type link struct {
	conn *wire.Conn
	at   string // the server, for errors
	in   *bufio.Reader
	text []byte    // what is taken of a block to be read
	out  io.Writer // conn, or what compresses on its way there

	limits     wire.Limits // of time; zero is none
	compressed bool
	greeting   reply
	hailed     bool // the greeting came before TLS: nobody has proved whose it is
	caps       capabilities
	user       string // who is logged in
	group      string // that the server takes for the current one
	article    int64  // that it takes for the current one, 0 if that is not known
	last       reply
	sent       string // the last command, its first word
	heard      time.Time
	block      *block // what has not been read to its end
	broken     error  // why no more can be said
}

func newLink(c *wire.Conn, at string, limits wire.Limits) *link {
	c.SetIdle(limits.Idle)
	return &link{conn: c, at: at, in: bufio.NewReaderSize(c, room), out: c, limits: limits}
}

// fail notes that the connection is of no use any more.
func (l *link) fail(err error) error {
	if l.broken == nil {
		l.broken = err
		l.conn.Close()
	}
	return l.broken
}

func (l *link) protocol(format string, a ...any) error {
	e := fault.New(fault.Protocol, format, a...)
	e.At, e.Phase = l.at, "command"
	return l.fail(e)
}

// watch ends what waits on the connection when ctx does, and with it the
// connection, since nobody knows what it would say next.
func (l *link) watch(ctx context.Context) (stop func()) {
	fired := make(chan bool)
	end := context.AfterFunc(ctx, func() {
		l.conn.Interrupt()
		close(fired)
	})
	return sync.OnceFunc(func() {
		if !end() {
			<-fired
			l.conn.SetReadDeadline(time.Time{})
		}
	})
}

// because is err, or why ctx ended if that is the reason.
func (l *link) because(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if k := fault.Of(err); ctx.Err() != nil && (k == fault.Timeout || k == fault.Interrupt) {
		if l.broken == err {
			l.broken = context.Cause(ctx)
		}
		err = context.Cause(ctx)
	}
	return l.fail(err)
}

// say sends a command. It does not if the server has said something unasked:
// nobody could tell then which reply is for which command.
func (l *link) say(line string) error {
	if l.broken != nil {
		return l.broken
	}
	if i := strings.IndexAny(line, "\r\n\x00"); i >= 0 {
		return fault.New(fault.BadArgument, "a line break or NUL is not allowed in a command")
	}
	if err := l.quiet(); err != nil {
		return err
	}
	l.sent, _, _ = strings.Cut(line, " ")
	return l.send([]byte(line + "\r\n"))
}

func (l *link) send(p []byte) error {
	_, err := l.out.Write(p)
	if err == nil {
		err = l.flush()
	}
	if err != nil {
		return l.fail(err)
	}
	return nil
}

// quiet makes sure that nothing is there to be read.
func (l *link) quiet() error {
	if l.block != nil {
		if err := l.block.drain(); err != nil {
			return l.fail(err)
		}
	}
	if l.in.Buffered() == 0 {
		return nil
	}
	p, _ := l.in.Peek(min(l.in.Buffered(), 200))
	if strings.HasPrefix(string(p), strconv.Itoa(goingAway)) {
		_, err := l.answer()
		return err
	}
	return l.protocol("the server said more than it was asked for after %s", l.sent)
}

// answer reads one reply, whatever it is.
func (l *link) answer() (reply, error) {
	if l.broken != nil {
		return reply{}, l.broken
	}
	line, err := l.reply()
	if err != nil {
		return reply{}, l.fail(l.unanswered(line, err))
	}
	text := strings.TrimRight(string(line), "\r\n")
	r, ok := parseReply(text)
	if !ok {
		return reply{}, l.protocol("the server's reply does not begin with a code: %s", quote(text))
	}
	l.last = r
	if r.code == goingAway {
		return r, l.fail(l.refusal(r))
	}
	return r, nil
}

// reply reads a line. One that has come already needs no limit.
func (l *link) reply() ([]byte, error) {
	if p, _ := l.in.Peek(l.in.Buffered()); bytes.IndexByte(p, '\n') >= 0 {
		return l.slice()
	}
	if l.limits.Reply > 0 {
		l.conn.SetReadDeadline(time.Now().Add(l.limits.Reply))
		defer l.conn.SetReadDeadline(time.Time{})
	}
	line, err := l.slice()
	l.heard = time.Now()
	return line, err
}

// slice is the next line with its end, of at most room bytes.
func (l *link) slice() ([]byte, error) {
	for seen := 0; ; {
		p, _ := l.in.Peek(l.in.Buffered())
		if i := bytes.IndexByte(p[seen:], '\n'); i >= 0 && seen+i < room {
			l.in.Discard(seen + i + 1)
			return p[:seen+i+1], nil
		}
		if len(p) >= room {
			return p, bufio.ErrBufferFull
		}
		seen = len(p)
		if _, err := l.in.Peek(seen + 1); err != nil {
			return p, err
		}
	}
}

// unanswered says why there is no reply.
func (l *link) unanswered(line []byte, err error) error {
	e := &fault.Error{At: l.at, Phase: "command", Kind: fault.Recv, Err: err}
	if l.sent == "" {
		e.Phase = "greeting"
	}
	switch {
	case errors.Is(err, bufio.ErrBufferFull):
		e.Kind, e.Text = fault.Limit, "a reply is longer than "+strconv.Itoa(room)+" bytes"
	case errors.Is(err, io.EOF) && l.sent == "" && len(line) == 0:
		e.Kind, e.Text = fault.Empty, "the server closed the connection without a byte"
	case errors.Is(err, io.EOF) && l.sent == "":
		e.Text = "the server closed the connection in the middle of its greeting"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		e.Text = "the server closed the connection before it answered " + l.sent
	case fault.Of(err) == fault.Timeout && l.limits.Reply > 0 && fault.Hint(err) == "":
		e.Kind, e.Text = fault.Timeout, "no complete reply within "+l.limits.Reply.String()
		e.Hint = "the limit is --reply-timeout"
	default:
		return l.spoilt(err)
	}
	return e
}

// refusal is the error that a reply is.
func (l *link) refusal(r reply) error {
	e := &fault.Error{At: l.at, Code: strconv.Itoa(r.code), Text: short(r.text), Kind: kindOf(r.code, l.sent), Hint: hintOf(r.code, l.sent)}
	switch {
	case r.code == goingAway:
		e.Text = short("the server is closing: " + r.text)
	case r.code < 400:
		e.Text = short("not what " + l.sent + " should give: " + r.text)
		return l.fail(e)
	}
	return e
}

// alive looks whether the server has said goodbye, or has gone, while nobody
// used the connection.
func (l *link) alive() bool {
	if l.broken != nil {
		return false
	}
	if l.block != nil || time.Since(l.heard) < rested || l.compressed {
		return true
	}
	if l.in.Buffered() > 0 {
		return l.quiet() == nil
	}
	l.conn.SetReadDeadline(time.Now().Add(time.Millisecond))
	_, err := l.in.Peek(1)
	l.conn.SetReadDeadline(time.Time{})
	if fault.Of(err) == fault.Timeout {
		return true
	}
	if err == nil && l.quiet() == nil {
		return true
	}
	if err != nil {
		l.fail(&fault.Error{At: l.at, Kind: fault.Recv, Text: "the server closed the session while it idled", Err: err})
	}
	return false
}

// rested is how long a connection must have been unused before it is worth
// looking at.
const rested = 2 * time.Second

func short(text string) string {
	const most = 200
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + "…"
	}
	return text
}

func quote(s string) string { return strconv.Quote(short(s)) }
