package imap

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"wireline/protocols/mail"
)

// A message is what a FETCH response says of one.
type message struct {
	seq      uint32
	uid      uint32 // 0 if it was not told
	flags    []string
	size     int64
	modseq   uint64
	internal time.Time
	env      *envelope
	body     value // of BODYSTRUCTURE
	sections []section
	other    []item
	keys     []string
}

// A section is the bytes of a message or of a piece of one.
type section struct {
	name     string // BODY[TEXT]<0>, as the server has it
	data     []byte // valid as long as the response
	null     bool   // NIL: there is no such thing
	streamed bool   // the bytes are still to be read
}

// An item is one that has no meaning here.
type item struct {
	name string
	val  value
}

func (m *message) has(key string) bool { return slices.Contains(m.keys, key) }

// find is the section that begins so.
func (m *message) find(prefix string) *section {
	for i := range m.sections {
		if len(m.sections[i].name) >= len(prefix) && strings.EqualFold(m.sections[i].name[:len(prefix)], prefix) {
			return &m.sections[i]
		}
	}
	return nil
}

// parseMessage reads what follows FETCH. Where the response was streamed it
// ends at the literal.
func parseMessage(seq uint32, p []byte) (*message, error) {
	m := &message{seq: seq}
	c := cursor{p: p}
	c.take('(')
	for !c.bad && !c.skip(')') {
		if m.item(&c); c.skip(0) && c.done() {
			return m, nil
		}
		c.skip(' ')
	}
	if c.bad || !c.done() {
		return nil, unread(p)
	}
	return m, nil
}

// item reads one item and its value.
func (m *message) item(c *cursor) {
	name := strings.ToUpper(string(c.atom()))
	if !c.take(' ') {
		return
	}
	if slices.Contains(m.keys, name) || len(m.keys) > 1000 {
		c.fail() // the same twice is not for us to choose from
		return
	}
	m.keys = append(m.keys, name)
	switch {
	case name == "UID":
		n := c.number()
		if n < 1 || n >= 1<<32 {
			c.fail()
		}
		m.uid = uint32(n)
	case name == "FLAGS":
		c.list(func() {
			if f := c.bytes(); len(m.flags) < 1000 {
				m.flags = append(m.flags, flagText(f))
			}
		})
	case name == "RFC822.SIZE":
		m.size = c.number()
	case name == "MODSEQ":
		c.list(func() { m.modseq = uint64(c.number()) })
	case name == "INTERNALDATE":
		m.internal, _ = time.Parse("_2-Jan-2006 15:04:05 -0700", c.text())
	case name == "ENVELOPE":
		m.env = readEnvelope(c)
	case name == "BODYSTRUCTURE", name == "BODY":
		m.body = c.value()
	case isSection(name):
		x := section{name: name, streamed: c.peek() == 0 && len(c.p) > 0}
		if !x.streamed {
			x.data = c.bytes()
			x.null = x.data == nil
		}
		m.sections = append(m.sections, x)
	default:
		m.other = append(m.other, item{name, c.value()})
	}
}

func isSection(name string) bool {
	return strings.HasPrefix(name, "BODY[") || strings.HasPrefix(name, "BINARY[") || name == "RFC822" || name == "RFC822.HEADER" || name == "RFC822.TEXT"
}

// systemFlags are those that servers write as they like.
var systemFlags = []string{`\Seen`, `\Answered`, `\Flagged`, `\Deleted`, `\Draft`, `\Recent`}

// flagText is a flag, the system's in their usual spelling, which spares the
// memory of those that everyone has.
func flagText(p []byte) string {
	if len(p) > 0 && p[0] == '\\' {
		for _, f := range systemFlags {
			if len(f) == len(p) && strings.EqualFold(f, string(p)) {
				return f
			}
		}
	}
	return string(p)
}

// An envelope is the header as the server has read it (RFC 9051, section
// 7.5.2). Addresses but those of the sender are kept as text.
type envelope struct {
	date, subject  string
	from, to       string
	inReplyTo, mid string
}

func readEnvelope(c *cursor) *envelope {
	e := &envelope{}
	n := 0
	c.list(func() {
		switch n {
		case 0:
			e.date = c.text()
		case 1:
			e.subject = c.text()
		case 2:
			e.from = readAddresses(c)
		case 5:
			e.to = readAddresses(c)
		case 8:
			e.inReplyTo = c.text()
		case 9:
			e.mid = c.text()
		default:
			c.pass()
		}
		n++
	})
	return e
}

// pass goes past a value.
func (c *cursor) pass() {
	if c.peek() != '(' {
		c.bytes()
		return
	}
	c.list(c.pass)
}

// readAddresses gives a list of addresses as a header has it.
func readAddresses(c *cursor) string {
	if c.peek() != '(' {
		c.bytes()
		return ""
	}
	var b strings.Builder
	c.list(func() {
		var f [4][]byte
		n := 0
		c.list(func() {
			if p := c.bytes(); n < 4 {
				f[n] = p
			}
			n++
		})
		if f[3] == nil || b.Len() > 4096 {
			return // the beginning or the end of a group, or more than anybody reads
		}
		if b.Len() > 0 {
			b.WriteString(", ")
		}
		addr := string(f[2]) + "@" + string(f[3])
		if len(f[0]) > 0 {
			b.WriteString(displayName(mail.Decode(string(f[0]))) + " <" + addr + ">")
		} else {
			b.WriteString(addr)
		}
	})
	return b.String()
}

// displayName puts a name in quotes where it must be.
func displayName(name string) string {
	if strings.ContainsAny(name, `()<>[]:;@\,."`) {
		return strconv.Quote(name)
	}
	return name
}
