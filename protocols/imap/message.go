package imap

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"wireline/protocols/mail"
)

// A message is what a FETCH response says of one. What is of bytes is valid as
// long as the response.
type message struct {
	seq      uint32
	uid      uint32 // 0 if it was not told
	flags    []string
	size     int64
	modseq   uint64
	internal time.Time
	env      envelope
	body     value // of BODYSTRUCTURE
	sections []section
	other    []item
	got      key
	names    []string // of sections and others
}

// A key is an item that has a meaning here.
type key uint8

const (
	keyUID key = 1 << iota
	keyFlags
	keySize
	keyModSeq
	keyInternal
	keyEnvelope
	keyBody
	keyStructure
)

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

func (m *message) has(k key) bool { return m.got&k != 0 }

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
	m := &message{}
	return m, m.parse(seq, p)
}

// parse is parseMessage into a message that was used before.
func (m *message) parse(seq uint32, p []byte) error {
	*m = message{seq: seq, flags: m.flags[:0]}
	c := cursor{p: p}
	c.take('(')
	for !c.bad && !c.skip(')') {
		if m.item(&c); c.skip(0) && c.done() {
			return nil
		}
		c.skip(' ')
	}
	if c.bad || !c.done() {
		return unread(p)
	}
	return nil
}

// item reads one item and its value.
func (m *message) item(c *cursor) {
	atom := c.atom()
	if !c.take(' ') {
		return
	}
	k := keyOf(atom)
	if m.has(k) {
		c.fail() // the same twice is not for us to choose from
		return
	}
	m.got |= k
	switch k {
	case keyUID:
		n := c.number()
		if n < 1 || n >= 1<<32 {
			c.fail()
		}
		m.uid = uint32(n)
	case keyFlags:
		c.list(func() {
			if f := c.bytes(); len(m.flags) < 1000 {
				m.flags = append(m.flags, flagText(f))
			}
		})
	case keySize:
		m.size = c.number()
	case keyModSeq:
		c.list(func() { m.modseq = uint64(c.number()) })
	case keyInternal:
		m.internal, _ = time.Parse("_2-Jan-2006 15:04:05 -0700", c.text())
	case keyEnvelope:
		m.env.read(c)
	case keyBody, keyStructure:
		m.body = c.value()
	default:
		m.named(strings.ToUpper(string(atom)), c)
	}
}

// keyOf is the item of that name; 0 for others.
func keyOf(atom []byte) key {
	var room [len("BODYSTRUCTURE")]byte
	if len(atom) > len(room) {
		return 0
	}
	for i, b := range atom {
		if 'a' <= b && b <= 'z' {
			b -= 'a' - 'A'
		}
		room[i] = b
	}
	switch string(room[:len(atom)]) {
	case "UID":
		return keyUID
	case "FLAGS":
		return keyFlags
	case "RFC822.SIZE":
		return keySize
	case "MODSEQ":
		return keyModSeq
	case "INTERNALDATE":
		return keyInternal
	case "ENVELOPE":
		return keyEnvelope
	case "BODY":
		return keyBody
	case "BODYSTRUCTURE":
		return keyStructure
	}
	return 0
}

// named reads an item that is a section, or has no meaning here.
func (m *message) named(name string, c *cursor) {
	if slices.Contains(m.names, name) || len(m.names) > 1000 {
		c.fail()
		return
	}
	m.names = append(m.names, name)
	if !isSection(name) {
		m.other = append(m.other, item{name, c.value()})
		return
	}
	x := section{name: name, streamed: c.peek() == 0 && len(c.p) > 0}
	if !x.streamed {
		x.data = c.bytes()
		x.null = x.data == nil
	}
	m.sections = append(m.sections, x)
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
// 7.5.2). Addresses are as they came.
type envelope struct {
	date, subject  []byte
	from, to       []byte
	inReplyTo, mid []byte
}

func (e *envelope) read(c *cursor) {
	n := 0
	c.list(func() {
		switch n {
		case 0:
			e.date = c.bytes()
		case 1:
			e.subject = c.bytes()
		case 2:
			e.from = c.span()
		case 5:
			e.to = c.span()
		case 8:
			e.inReplyTo = c.bytes()
		case 9:
			e.mid = c.bytes()
		default:
			c.pass()
		}
		n++
	})
}

// span passes a value and gives what it is written as.
func (c *cursor) span() []byte {
	before := c.p
	c.pass()
	return before[:len(before)-len(c.p)]
}

// pass goes past a value.
func (c *cursor) pass() {
	if c.peek() != '(' {
		c.bytes()
		return
	}
	c.list(c.pass)
}

// addresses gives a list of addresses as a header has it.
func addresses(p []byte) string { return string(appendAddresses(nil, p)) }

func appendAddresses(b, p []byte) []byte {
	const most = 4096 // bytes, more than anybody reads
	c := cursor{p: p}
	if c.peek() != '(' {
		return b
	}
	from := len(b)
	c.list(func() {
		var f [4][]byte
		n := 0
		c.list(func() {
			if p := c.bytes(); n < 4 {
				f[n] = p
			}
			n++
		})
		if f[3] == nil || len(b)-from > most {
			return // the beginning or the end of a group
		}
		if len(b) > from {
			b = append(b, ", "...)
		}
		if len(f[0]) > 0 {
			b = append(b, displayName(mail.Decode(string(f[0])))...)
			b = append(b, " <"...)
			defer func() { b = append(b, '>') }()
		}
		b = append(append(append(b, f[2]...), '@'), f[3]...)
	})
	return b
}

// displayName puts a name in quotes where it must be.
func displayName(name string) string {
	if strings.ContainsAny(name, `()<>[]:;@\,."`) {
		return strconv.Quote(name)
	}
	return name
}
