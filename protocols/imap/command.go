package imap

import (
	"io"
	"strconv"
	"strings"
	"time"

	"wireline/protocols"
	"wireline/protocols/fault"
)

// A command is one of the client's, being put together. Its arguments are
// separated by blanks.
type command struct {
	name  string
	parts []part
	err   error // the first argument that cannot be sent

	plus int  // literals up to so many bytes are sent without waiting
	utf8 bool // strings in quotes may have any character
	glue bool // no blank before what comes next

}

// A part is what is sent before the server must say to go on.
type part struct {
	text  []byte
	waits bool // it ends in a literal's length, and the server must be waited for
	src   io.Reader
	size  int64 // of src, whose bytes come before the text
}

// command begins one: "UID FETCH".
func (s *Session) command(name string) *command {
	c := &command{name: name, plus: s.caps.literal(), utf8: s.utf8}
	c.parts = []part{{text: []byte(name)}}
	return c
}

func (c *command) add(text string) *command {
	p := &c.parts[len(c.parts)-1]
	if !c.glue {
		p.text = append(p.text, ' ')
	}
	c.glue = false
	p.text = append(p.text, text...)
	return c
}

// atom adds text as it is: a number, a set, a list of our own making.
func (c *command) atom(text string) *command {
	if err := protocols.OneLine(c.name, text); err != nil && c.err == nil {
		c.err = err
	}
	return c.add(text)
}

// open adds a parenthesis that what comes next stands in.
func (c *command) open() *command {
	c.add("(")
	c.glue = true
	return c
}

// shut ends it.
func (c *command) shut() *command {
	c.glue = true
	return c.add(")")
}

// text adds a string, in quotes where it can be, else as a literal. The name
// is the argument's.
func (c *command) text(name, s string) *command {
	if err := protocols.OneLine(name, s); err != nil {
		if c.err == nil {
			c.err = err
		}
		return c
	}
	if len(s) <= 1000 && (c.utf8 || !wide(s)) {
		return c.add(quote(s))
	}
	return c.literal([]byte(s))
}

// literal adds bytes, which may be any.
func (c *command) literal(b []byte) *command {
	n := strconv.Itoa(len(b))
	if len(b) <= c.plus {
		return c.add("{" + n + "+}\r\n" + string(b))
	}
	c.add("{" + n + "}\r\n")
	c.parts[len(c.parts)-1].waits = true
	c.parts = append(c.parts, part{text: b})
	return c
}

// stream adds n bytes of src as a literal. One that is long is announced
// first, so that the server can refuse it before it is sent.
func (c *command) stream(src io.Reader, n int64) *command { return c.streamed("", src, n) }

// stream8 adds them as a literal that may have any byte in it (RFC 3516).
func (c *command) stream8(src io.Reader, n int64) *command { return c.streamed("~", src, n) }

func (c *command) streamed(mark string, src io.Reader, n int64) *command {
	const long = 16 << 10
	if c.plus >= 0 && n <= min(int64(c.plus), long) {
		c.add(mark + "{" + strconv.FormatInt(n, 10) + "+}\r\n")
	} else {
		c.add(mark + "{" + strconv.FormatInt(n, 10) + "}\r\n")
		c.parts[len(c.parts)-1].waits = true
	}
	c.parts = append(c.parts, part{src: src, size: n})
	return c
}

// end is the command with its last line end.
func (c *command) end() *command {
	c.glue = true
	return c.add("\r\n")
}

// date adds a date and time (RFC 9051, date-time).
func (c *command) date(t time.Time) *command {
	return c.add(t.Format(`"_2-Jan-2006 15:04:05 -0700"`))
}

// flags adds a list of flags.
func (c *command) flags(list []string) *command {
	for _, f := range list {
		if err := flagName(f); err != nil && c.err == nil {
			c.err = err
		}
	}
	return c.add("(" + strings.Join(list, " ") + ")")
}

// flagName checks a flag: an atom, with a backslash before it or not.
func flagName(f string) error {
	name := strings.TrimPrefix(f, `\`)
	if name == "" || strings.ContainsFunc(name, func(r rune) bool {
		return r <= ' ' || r >= 0x7f || strings.ContainsRune(`(){%*"\]`, r)
	}) {
		return fault.New(fault.BadArgument, "%q is not a flag", f).WithHint(`flags are such as \Seen, \Flagged or a word of your own`)
	}
	return nil
}

func wide(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r >= 0x80 || r == '�' })
}

// quote is a string in quotes (RFC 9051, quoted).
func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}
