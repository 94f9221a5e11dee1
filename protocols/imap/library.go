package imap

import (
	"bytes"
	"context"
	"errors"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"wireline/protocols/fault"
)

// A libConn is the connection that the library has: a Read waits until a
// command of its is under way, and then gives it whole responses of the kinds
// it waits for. The library never sees the greeting itself, which may be
// anything, nor a response that would have it close the connection.
type libConn struct{ *link }

// library is the library's client on l, which is past the greeting.
func (l *link) library() *imapclient.Client {
	l.lib.buf.WriteString("* OK [CAPABILITY " + l.caps + "] ready\r\n")
	c := imapclient.New(libConn{l}, nil)
	_ = c.WaitGreeting() // it is in the buffer
	return c
}

func (c libConn) Read(p []byte) (int, error) {
	x := &c.lib
	x.mu.Lock()
	defer x.mu.Unlock()
	for {
		switch {
		case x.buf.Len() > 0:
			return x.buf.Read(p)
		case x.closed:
			return 0, net.ErrClosed
		case c.over() != nil: // again, as the library may not listen the first time
			return 0, c.over()
		case !x.owed:
			x.change.Wait()
			continue
		}
		x.mu.Unlock()
		text, err := c.forLibrary()
		x.mu.Lock()
		if err != nil {
			x.owed = false
			return 0, err
		}
		x.buf.Write(text)
	}
}

// forLibrary reads one response and returns what the library is to see of it.
func (c libConn) forLibrary() ([]byte, error) {
	r, err := c.read()
	if err != nil {
		return nil, err
	}
	if isPlus(r.text) {
		return ended(r.text), nil
	}
	if bytes.HasPrefix(r.text, []byte("* ")) {
		name, _, _, rest := word(r.text)
		cur := cursor{p: rest}
		if cur.rest(); slices.Contains(c.lib.wants, name) && !cur.bad {
			return ended(r.text), nil
		}
		return nil, nil
	}
	s, ok := parseStatus(r.text)
	if !ok || s.tag == "*" || !strings.HasPrefix(s.tag, "T") {
		_, err := c.tagged(r.text, "")
		return nil, err
	}
	c.complete(s)
	c.lib.mu.Lock()
	c.lib.owed = false
	c.lib.mu.Unlock()
	// The capabilities are ours to keep: that they are mentioned has the
	// library not ask for them behind our back.
	code := ""
	if s.kind == "OK" {
		code = "[CAPABILITY " + c.caps + "] "
	}
	return []byte(s.tag + " " + s.kind + " " + code + "x\r\n"), nil
}

func ended(p []byte) []byte { return append(bytes.Clone(p), "\r\n"...) }

func (c libConn) Write(p []byte) (int, error) {
	// An empty answer is = only where it goes with the command (RFC 4959);
	// the library writes it so everywhere.
	if string(p) == "=\r\n" {
		return len(p), c.write([]byte("\r\n"))
	}
	if err := c.write(p); err != nil {
		return 0, err
	}
	return len(p), nil
}

// Close is called by the library when it is closed, and when it has met
// something it cannot go on after.
func (c libConn) Close() error {
	c.lib.mu.Lock()
	defer c.lib.mu.Unlock()
	c.lib.closed = true
	c.lib.change.Broadcast()
	return nil
}

func (c libConn) LocalAddr() net.Addr  { return c.conn.LocalAddr() }
func (c libConn) RemoteAddr() net.Addr { return c.conn.RemoteAddr() }

// Deadlines are the link's, whose limits hold for each response as a whole.
func (c libConn) SetDeadline(time.Time) error      { return nil }
func (c libConn) SetReadDeadline(time.Time) error  { return nil }
func (c libConn) SetWriteDeadline(time.Time) error { return nil }

// lend has the library run one command, f, for which it is shown the untagged
// responses called wants.
func (l *link) lend(ctx context.Context, f func() error, wants ...string) error {
	if err := l.over(); err != nil {
		return err
	}
	defer l.conn.Reply()()
	x := &l.lib
	x.mu.Lock()
	x.owed, x.wants = true, wants
	x.change.Broadcast()
	x.mu.Unlock()
	l.last = status{}
	err := f()
	var no *imap.Error
	switch {
	case l.over() != nil:
		return l.over()
	case err == nil:
		return nil
	case errors.As(err, &no):
		return l.refusal(l.last)
	}
	var own *fault.Error
	if errors.As(err, &own) {
		return l.fail(own)
	}
	if ctx.Err() != nil {
		return l.fail(context.Cause(ctx))
	}
	return l.fail(fault.New(fault.Protocol, "the answer was not understood: %v", plain(err)))
}

// plain is the innermost message of a library's error, which wraps in words.
func plain(err error) string {
	s := err.Error()
	if i := strings.LastIndex(s, ": "); i >= 0 {
		s = s[i+2:]
	}
	return strings.TrimSuffix(strings.ToValidUTF8(s, "?"), ".")
}
