package playground

import (
	"bufio"
	"errors"
	"net"
	"sync"
)

// The commands of Telnet (RFC 854) that mean something here, and the option
// ECHO (RFC 857).
const (
	telnetEOF  = 236
	telnetSE   = 240
	telnetAYT  = 246
	telnetSB   = 250
	telnetWill = 251
	telnetWont = 252
	telnetDo   = 253
	telnetDont = 254
	telnetIAC  = 255

	telnetEcho = 1
)

// maxTyped is how long a line of a client may be.
const maxTyped = 1024

var errTyped = errors.New("the line is too long")

// An nvt is a connection without the commands of Telnet: they are answered
// here and not read. A doubled 255 stays doubled, in both directions. All
// options are refused but that the server hides what is typed, and that the
// client tells of its terminal.
type nvt struct {
	net.Conn
	in    *bufio.Reader
	typed int  // bytes of the line so far
	cr    bool // the last of them was a CR

	once   sync.Once
	closed chan struct{}

	mu      sync.Mutex
	out     []byte // not sent yet
	failed  bool   // the client takes nothing any more
	hidden  bool   // ECHO is offered
	offered bool   // it was before
	refused [2][256]bool

	terminal terminal
}

func newNVT(c net.Conn) *nvt {
	inline(c)
	return &nvt{Conn: c, in: bufio.NewReader(c), closed: make(chan struct{})}
}

// Read reads data. A line ends in CR LF, also where the client says CR NUL,
// as those do that send each key.
func (c *nvt) Read(p []byte) (n int, err error) {
	for n < len(p)-1 && (n == 0 || c.in.Buffered() > 0) {
		if c.in.Buffered() == 0 {
			c.flush()
		}
		if c.gone() {
			return n, net.ErrClosed
		}
		b, err := c.in.ReadByte()
		if err != nil {
			return n, err
		}
		if b == telnetIAC {
			literal, err := c.command()
			if err != nil {
				return n, err
			}
			if literal {
				p[n], p[n+1] = telnetIAC, telnetIAC
				n += 2
			}
			continue
		}
		if c.cr && b == 0 {
			b = '\n'
		}
		if c.cr = b == '\r'; b == '\n' {
			c.typed = 0
		} else if c.typed++; c.typed > maxTyped {
			return n, errTyped
		}
		p[n] = b
		n++
	}
	return n, nil
}

// command takes what follows an IAC. literal: it is the byte 255.
func (c *nvt) command() (literal bool, err error) {
	b, err := c.in.ReadByte()
	if err != nil {
		return false, err
	}
	switch b {
	case telnetIAC:
		return true, nil
	case telnetAYT:
		c.say([]byte("\r\n[yes]\r\n"))
	case telnetEOF:
		return false, net.ErrClosed
	case telnetSB:
		return false, c.sub()
	case telnetWill, telnetWont, telnetDo, telnetDont:
		option, err := c.in.ReadByte()
		if err != nil {
			return false, err
		}
		if !c.agree(b, option) {
			c.refuse(b, option)
		}
	}
	return false, nil
}

// refuse answers what the client asks for, each thing once.
func (c *nvt) refuse(verb, option byte) {
	which, no := 0, byte(telnetDont)
	if verb == telnetDo {
		which, no = 1, telnetWont
	} else if verb != telnetWill {
		return
	}
	c.mu.Lock()
	known := c.refused[which][option] || verb == telnetDo && option == telnetEcho && c.offered
	c.refused[which][option] = true
	c.mu.Unlock()
	if !known {
		c.say([]byte{telnetIAC, no, option})
	}
}

// hide has the client not show what is typed, or show it again.
func (c *nvt) hide(on bool) {
	c.mu.Lock()
	change := c.hidden != on
	c.hidden, c.offered = on, true
	c.mu.Unlock()
	if change && on {
		c.say([]byte{telnetIAC, telnetWill, telnetEcho})
	} else if change {
		c.say([]byte{telnetIAC, telnetWont, telnetEcho})
	}
}

// Write never fails: the library would panic. What is written is sent when
// there is much of it, or nothing else to do.
func (c *nvt) Write(p []byte) (int, error) {
	c.say(p)
	return len(p), nil
}

func (c *nvt) say(p []byte) {
	c.mu.Lock()
	c.out = append(c.out, p...)
	much := len(c.out) >= 4<<10
	c.mu.Unlock()
	if much {
		c.flush()
	}
}

// gone reports whether the client takes nothing any more.
func (c *nvt) gone() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.failed
}

func (c *nvt) flush() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.failed && len(c.out) > 0 {
		_, err := c.Conn.Write(c.out)
		c.failed = err != nil
	}
	c.out = c.out[:0]
}

func (c *nvt) Close() (err error) {
	c.once.Do(func() {
		c.flush()
		err = c.Conn.Close()
		close(c.closed)
	})
	return err
}
