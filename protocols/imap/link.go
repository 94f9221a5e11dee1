package imap

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strconv"
	"sync"

	"wireline/protocols/fault"
	"wireline/protocols/wire"
)

// A link is the one conversation with the server. Our own commands and those
// of the library go over it, one at a time: what comes is framed, bounded and
// looked at here, and the library is shown of it only what it asked for and
// will not choke on.
type link struct {
	wire  *wire.Dialer
	conn  *wire.Conn
	in    *reader
	out   io.Writer // the connection, or a compressor on it
	tags  int
	seen  func(p []byte)    // is shown every untagged response
	ends  func(s status)    // is shown every tagged one
	tell  func(s string)    // is told what was left out
	note  map[string]bool   // what tell was told
	last  status            // the last tagged one
	open  map[string]bool   // tags of commands that have not ended
	early map[string]status // ends of commands that nobody has waited for yet
	bye   string            // what the server said when it left
	caps  string            // as the library is to know them

	squeezed bool // both directions are compressed

	mu   sync.Mutex
	dead error // why nothing more will come

	lib lending
}

// A lending is what the library may read for the time of one command of its.
type lending struct {
	mu     sync.Mutex
	change *sync.Cond
	buf    bytes.Buffer
	owed   bool     // it waits for a tagged response
	wants  []string // the untagged responses it is shown
	closed bool
}

func newLink(d *wire.Dialer, c *wire.Conn) *link {
	most := d.Limits.Line
	if most <= 0 {
		most = mostLine
	}
	limits := d.Limits
	limits.Lines, limits.Bytes = -1, -1
	c.SetLimits(limits)
	l := &link{wire: d, conn: c, in: newReader(c, most), out: c, note: map[string]bool{}, open: map[string]bool{}, early: map[string]status{}}
	l.lib.change = sync.NewCond(&l.lib.mu)
	return l
}

// hungUp is said when the connection ends between two responses.
const hungUp = "the server closed the connection before it answered"

// fail notes that the conversation is over. The first reason counts.
func (l *link) fail(err error) error {
	if errors.Is(err, io.EOF) {
		e := fault.New(fault.Recv, hungUp)
		if l.bye != "" {
			e = &fault.Error{Kind: fault.Recv, Code: "BYE", Text: l.bye}
		}
		err = e
	}
	var f *fault.Error
	if errors.As(err, &f) && f.At == "" && f.Kind != fault.Interrupt {
		err = placed(err, l.where())
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.dead == nil {
		l.dead = err
	}
	return l.dead
}

// over is why nothing more will come, or nil.
func (l *link) over() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.dead
}

func (l *link) where() string { return l.conn.Info().Host }

// read reads one response, or its beginning if it is streamed. Untagged ones
// are shown to seen.
func (l *link) read() (response, error) {
	if err := l.over(); err != nil {
		return response{}, err
	}
	r, err := l.in.next()
	if err != nil {
		return response{}, l.fail(err)
	}
	if r.body < 0 && bytes.HasPrefix(r.text, []byte("* ")) && l.seen != nil {
		l.seen(r.text)
	}
	return r, nil
}

// write sends what a command consists of.
func (l *link) write(p []byte) error {
	if err := l.over(); err != nil {
		return err
	}
	if _, err := l.out.Write(p); err != nil {
		return l.fail(err)
	}
	return nil
}

func (l *link) nextTag() string {
	l.tags++
	return "X" + strconv.Itoa(l.tags)
}

// tagged looks at a response that has a tag: whether it is the end of the
// command with the tag mine.
func (l *link) tagged(p []byte, mine string) (status, error) {
	s, ok := parseStatus(p)
	if !ok || s.tag == "*" {
		return s, l.fail(unread(p))
	}
	if s.tag != mine && l.open[s.tag] {
		delete(l.open, s.tag)
		l.early[s.tag] = s // servers may end commands in another order
		return s, nil
	}
	if s.tag != mine {
		return s, l.fail(fault.New(fault.Protocol, "the server answers %.20q, which is no command of ours", s.tag))
	}
	delete(l.open, mine)
	l.complete(s)
	return s, nil
}

// complete notes the end of a command.
func (l *link) complete(s status) {
	l.last = s
	if l.ends != nil {
		l.ends(s)
	}
}

// run sends a command and reads up to its end. Each untagged response is given
// to on, if there is one. A refusal is an error.
func (l *link) run(ctx context.Context, c *command, on func(p []byte) error) (status, error) {
	defer l.conn.Reply()()
	tag, err := l.begin(c, on)
	if err != nil {
		return l.last, err
	}
	return l.finish(ctx, tag, c.name, on)
}

// begin sends a command, waiting for the server before each literal that must
// be waited for.
func (l *link) begin(c *command, on func(p []byte) error) (tag string, err error) {
	if c.err != nil {
		return "", c.err
	}
	if err := l.over(); err != nil {
		return "", err
	}
	tag = l.nextTag()
	l.open[tag] = true
	head := tag + " "
	for i, part := range c.parts {
		if i > 0 && c.parts[i-1].waits {
			if err := l.goAhead(tag, c.name, on); err != nil {
				return tag, err
			}
		}
		if part.src != nil {
			if n, err := io.CopyN(l.out, part.src, part.size); err != nil {
				return tag, l.fail(cutShort(err, part.size-n))
			}
			switch n, err := part.src.Read(make([]byte, 1)); {
			case n > 0:
				return tag, l.fail(fault.New(fault.ReadLocal, "the file became longer while it was sent"))
			case err != nil && err != io.EOF:
				return tag, l.fail(cutShort(err, 0))
			}
			c.parts[i].src = nil // there may be many
		}
		if err := l.write(append([]byte(head), part.text...)); err != nil {
			return tag, err
		}
		head = ""
	}
	return tag, nil
}

// cutShort is the error for a file that ended before its time, in the middle
// of a literal that the server waits for.
func cutShort(err error, missing int64) error {
	if errors.Is(err, io.EOF) {
		return fault.New(fault.ReadLocal, "the file became shorter while it was sent: %d bytes are missing", missing)
	}
	var f *fault.Error
	if errors.As(err, &f) {
		return err
	}
	return fault.New(fault.ReadLocal, "the file cannot be read: %w", err)
}

// goAhead waits for the server's + before a literal.
func (l *link) goAhead(tag, name string, on func(p []byte) error) error {
	for {
		r, err := l.read()
		switch {
		case err != nil:
			return err
		case r.text == nil:
		case isPlus(r.text):
			return nil
		case bytes.HasPrefix(r.text, []byte("* ")):
			if err := call(on, r.text); err != nil {
				return err
			}
		default:
			s, err := l.tagged(r.text, tag)
			if err != nil {
				return err
			}
			if s.tag != tag {
				continue
			}
			if s.kind == "OK" {
				return l.fail(fault.New(fault.Protocol, "the server ends %s before it was sent in whole", name))
			}
			return l.refusal(s)
		}
	}
}

func isPlus(p []byte) bool { return len(p) > 0 && p[0] == '+' }

func call(on func([]byte) error, p []byte) error {
	if on == nil {
		return nil
	}
	return on(p)
}

// How many responses one command may have, and how many bytes of them are kept.
const (
	mostResponses = 2_000_000
	mostAnswer    = 64 << 20
)

// finish reads up to the end of a command.
func (l *link) finish(ctx context.Context, tag, name string, on func(p []byte) error) (s status, err error) {
	var wrong error
	if s, ok := l.early[tag]; ok {
		delete(l.early, tag)
		l.complete(s)
		if s.kind != "OK" {
			return s, l.refusal(s)
		}
		return s, nil
	}
	for range mostResponses {
		r, err := l.read()
		if err != nil {
			return s, err
		}
		switch {
		case bytes.HasPrefix(r.text, []byte("* ")):
			if wrong == nil {
				wrong = call(on, r.text)
			}
		case isPlus(r.text):
			l.left("+", "a + that nothing waits for")
		default:
			if s, err = l.tagged(r.text, tag); err != nil {
				return s, err
			}
			if s.tag != tag {
				break
			}
			if s.kind != "OK" {
				return s, l.refusal(s)
			}
			return s, wrong
		}
		if ctx.Err() != nil {
			return s, l.fail(context.Cause(ctx))
		}
	}
	return s, l.fail(fault.New(fault.Limit, "%s has more than %d responses", name, mostResponses))
}

// bounded is on for answers that are kept: beyond so many bytes of them the
// session ends.
func (l *link) bounded(on func(p []byte) error) func(p []byte) error {
	left := mostAnswer
	return func(p []byte) error {
		if left -= len(p); left < 0 {
			return l.fail(fault.New(fault.Limit, "the answer is longer than %d bytes", mostAnswer))
		}
		return on(p)
	}
}

// left notes, once for each what, that something was left out.
func (l *link) left(what, text string) {
	if l.tell != nil && !l.note[what] && len(l.note) < 100 {
		l.note[what] = true
		l.tell("left out: " + text)
	}
}

// close ends the connection without a word.
func (l *link) close() error {
	l.lib.mu.Lock()
	l.lib.closed = true
	l.lib.change.Broadcast()
	l.lib.mu.Unlock()
	_ = l.fail(fault.New(fault.Recv, "the connection is closed"))
	return l.conn.Close()
}

// buffered reports whether there is something that was read and not looked at.
func (l *link) buffered() bool { return l.in.br.Buffered() > 0 || l.conn.Buffered() > 0 }
