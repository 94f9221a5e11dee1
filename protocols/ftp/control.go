package ftp

import (
	"io"
	"net"
	"strings"
	"time"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/wire"
)

// A control is the control connection as the library sees it: it reads
// replies of a form that the library survives, and says a few commands that
// the library does not know. It belongs to one goroutine at a time.
type control struct {
	*wire.Conn
	owner   *Session
	names   *names // how file names are spelled
	account string // the answer to a 332
	proxied bool
	cleared bool // it was under TLS until CCC

	reply    Reply  // the last one
	opening  Reply  // the last that opened a data connection
	pending  []byte // of a reply, for the library
	line     []byte // of a command that has not come whole
	sent     string // the last command
	heard    time.Time
	broken   error // why no more can be said
	greeting []string
	features features
	epsv     bool // the server has answered EPSV

	// instead is said in place of the library's RETR or STOR, the only two
	// for which it opens a data connection.
	instead string
	// passive is asked for the answer to EPSV when data connections are active.
	passive func() (Reply, error)
}

// The library takes the host of data connections from the address of the
// control connection. It is given this one, which is nobody's (RFC 5737), and
// so does not learn that there is a proxy.
var nowhere = &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 21}

// RemoteAddr is for the library only.
func (c *control) RemoteAddr() net.Addr { return nowhere }

// Read gives the library what the server says, a reply at a time.
func (c *control) Read(p []byte) (int, error) {
	for len(c.pending) == 0 {
		r, err := c.answer()
		if err != nil {
			return 0, err
		}
		if c.pending, err = c.form(r); err != nil {
			return 0, err
		}
	}
	n := copy(p, c.pending)
	c.pending = c.pending[n:]
	return n, nil
}

// form is a reply as the library takes it. Nothing is left of one that is not
// for the library: a delay before the greeting, and the wish for an account.
func (c *control) form(r Reply) ([]byte, error) {
	switch {
	case r.Code == 120 && c.sent == "":
		return nil, nil
	case r.Code == 332 && c.account != "":
		account := c.account
		c.account = ""
		return nil, c.say("ACCT " + account)
	case r.Code == passiveMode:
		addr, ok := parsePASV(r.text())
		if !ok {
			return nil, c.fail(&fault.Error{Kind: fault.Protocol, Phase: "command", Text: "the server's reply to PASV names no address: " + quote(r.text())})
		}
		return addr.reply(), nil
	}
	return []byte(strings.Join(r.Lines, "\r\n") + "\r\n"), nil
}

// answer reads one reply.
func (c *control) answer() (Reply, error) {
	if c.broken != nil {
		return Reply{}, c.broken
	}
	done := c.Conn.Reply()
	defer done()
	c.reply = Reply{}
	for {
		raw, err := c.readLine()
		if err != nil {
			return Reply{}, c.fail(c.ended(err))
		}
		line := c.names.decode(raw)
		last, ok := c.reply.add(line)
		if !ok {
			return Reply{}, c.fail(&fault.Error{Kind: fault.Protocol, Phase: "command", Text: "the server's reply does not begin with a code: " + quote(strings.TrimRight(line, "\r\n"))})
		}
		if last {
			c.heard = time.Now()
			if c.reply.Code/100 == 1 {
				c.opening = c.reply
			}
			switch {
			case c.sent == "FEAT":
				c.features = parseFeatures(c.reply)
			case c.reply.Code == 229 && c.sent == "EPSV":
				c.epsv = true
			}
			return c.reply, nil
		}
	}
}

func (c *control) readLine() ([]byte, error) {
	var line []byte
	var buf [512]byte
	for {
		n, err := c.Conn.Read(buf[:])
		line = append(line, buf[:n]...)
		if n > 0 && line[len(line)-1] == '\n' {
			return line, nil
		}
		if err != nil {
			if len(line) > 0 && err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			return line, err
		}
	}
}

// ended says why there is no reply.
func (c *control) ended(err error) error {
	if err != io.EOF && err != io.ErrUnexpectedEOF {
		return err
	}
	e := &fault.Error{Kind: fault.Recv, Phase: "command", Err: err, Text: "the server closed the connection before it answered " + verbOf(c.sent)}
	if c.sent == "" {
		e.Phase, e.Text = "greeting", "the server closed the connection before it greeted"
	}
	if c.heard.IsZero() && len(c.reply.Lines) == 0 && err == io.EOF && c.sent == "" {
		e.Kind = fault.Empty
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

// Write takes commands from the library.
func (c *control) Write(p []byte) (int, error) {
	c.line = append(c.line, p...)
	for {
		line, rest, ok := strings.Cut(string(c.line), "\r\n")
		if !ok {
			return len(p), nil
		}
		c.line = []byte(rest)
		if err := c.command(line); err != nil {
			return 0, err
		}
	}
}

// command says what the library wants to be said, or what stands for it.
func (c *control) command(line string) error {
	if c.passive != nil && (line == "EPSV" || line == "PASV") {
		r, err := c.passive()
		c.pending = []byte(strings.Join(r.Lines, "\r\n") + "\r\n")
		return err
	}
	if c.instead != "" {
		if rest, ok := strings.CutPrefix(line, "PRET "); ok && transfers(rest) {
			line = "PRET " + c.instead
		} else if transfers(line) {
			line, c.instead = c.instead, ""
		}
	}
	return c.say(line)
}

func transfers(line string) bool {
	return strings.HasPrefix(line, "RETR ") || strings.HasPrefix(line, "STOR ")
}

// say sends a command, or several in one go.
func (c *control) say(lines ...string) error {
	if c.broken != nil {
		return c.broken
	}
	var all []byte
	for _, line := range lines {
		out, err := c.names.encode(line)
		if err == nil {
			// Names of our files, and those that a server has listed, get here, too. (I01)
			err = protocols.OneLine("name", string(out))
		}
		if err != nil {
			return err
		}
		c.sent = line
		all = append(append(all, out...), '\r', '\n')
	}
	if _, err := c.Conn.Write(all); err != nil {
		return c.fail(err)
	}
	return nil
}

// ask sends a command and reads its reply.
func (c *control) ask(line string) (Reply, error) {
	if err := c.say(line); err != nil {
		return Reply{}, err
	}
	return c.answer()
}

// alive looks whether the server has said something unasked, which can only
// be a goodbye, or has gone, without waiting for it.
func (c *control) alive() bool {
	if c.broken != nil {
		return false
	}
	if time.Since(c.heard) < rested {
		return true
	}
	if !c.speaks(time.Millisecond) {
		return true
	}
	c.fail(&fault.Error{Kind: fault.Recv, Text: "the server closed the session while it idled"})
	return false
}

// rested is how long a connection must have been unused before it is worth
// looking at.
const rested = 2 * time.Second

func verbOf(line string) string {
	word, _, _ := strings.Cut(line, " ")
	return word
}
