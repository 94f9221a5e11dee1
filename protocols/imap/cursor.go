package imap

import (
	"bytes"
	"strings"

	"wireline/protocols/fault"
)

// A cursor reads the values of a response one after the other. After the
// first mistake it reads nothing more, and bad tells.
type cursor struct {
	p     []byte
	bad   bool
	depth int
}

func (c *cursor) peek() byte {
	if c.bad || len(c.p) == 0 {
		return 0
	}
	return c.p[0]
}

func (c *cursor) fail() { c.bad, c.p = true, nil }

// take takes the byte b, or fails.
func (c *cursor) take(b byte) bool {
	if c.bad || len(c.p) == 0 || c.p[0] != b {
		c.fail()
		return false
	}
	c.p = c.p[1:]
	return true
}

// skip takes the byte b if it is there.
func (c *cursor) skip(b byte) bool {
	if len(c.p) == 0 || c.p[0] != b {
		return false
	}
	c.p = c.p[1:]
	return true
}

func (c *cursor) done() bool { return len(c.p) == 0 }

// atom takes what is up to a blank, a parenthesis or the end. It may have
// brackets with anything in them: BODY[HEADER.FIELDS (DATE)]<0>.
func (c *cursor) atom() []byte {
	i, in := 0, false
	for ; i < len(c.p); i++ {
		b := c.p[i]
		if b == '[' || b == ']' {
			in = b == '['
		}
		if !in && (b == ' ' || b == '(' || b == ')' || b == '"') {
			break
		}
	}
	if i == 0 {
		c.fail()
		return nil
	}
	a := c.p[:i]
	c.p = c.p[i:]
	return a
}

// number takes a number up to 2^63-1.
func (c *cursor) number() int64 {
	var n int64
	i := 0
	for ; i < len(c.p) && '0' <= c.p[i] && c.p[i] <= '9'; i++ {
		if n > (1<<63-1-9)/10 {
			c.fail()
			return 0
		}
		n = n*10 + int64(c.p[i]-'0')
	}
	if i == 0 {
		c.fail()
		return 0
	}
	c.p = c.p[i:]
	return n
}

// bytes takes a string, in whatever form, or an atom. NIL is nil.
func (c *cursor) bytes() []byte {
	switch c.peek() {
	case '"':
		return c.quoted()
	case '{':
		return c.literal()
	case '~':
		if len(c.p) > 1 && c.p[1] == '{' {
			c.p = c.p[1:]
			return c.literal()
		}
	}
	a := c.atom()
	if len(a) == 3 && strings.EqualFold(string(a), "NIL") {
		return nil
	}
	return a
}

func (c *cursor) quoted() []byte {
	c.take('"')
	var own []byte // if there are escapes
	from := 0
	for i := 0; i < len(c.p); i++ {
		switch c.p[i] {
		case '"':
			s := c.p[from:i]
			if own != nil {
				s = append(own, s...)
			} else if s == nil {
				s = []byte{}
			}
			c.p = c.p[i+1:]
			return s
		case '\\':
			own = append(own, c.p[from:i]...)
			if own == nil {
				own = []byte{}
			}
			if i++; i == len(c.p) {
				break
			}
			from = i
		}
	}
	c.fail()
	return nil
}

func (c *cursor) literal() []byte {
	c.take('{')
	n := c.number()
	if !c.take('}') || !c.take('\r') || !c.take('\n') || n > int64(len(c.p)) {
		c.fail()
		return nil
	}
	s := c.p[:n:n]
	c.p = c.p[n:]
	return s
}

// text takes a string or an atom as text; NIL is "".
func (c *cursor) text() string { return string(c.bytes()) }

// list takes (…) and calls f for each value in it, which f takes.
func (c *cursor) list(f func()) {
	if c.depth++; c.depth > mostDeep {
		c.fail()
	}
	defer func() { c.depth-- }()
	if !c.take('(') {
		return
	}
	for c.skip(' ') {
	}
	for !c.skip(')') {
		before := len(c.p)
		f()
		if c.bad || len(c.p) == before {
			c.fail()
			return
		}
		for c.skip(' ') {
		}
	}
}

// A value is a string, an atom, NIL or a list of values.
type value struct {
	list bool
	null bool
	text string
	of   []value
}

// value takes any value.
func (c *cursor) value() value {
	if c.peek() != '(' {
		p := c.bytes()
		return value{null: p == nil, text: string(p)}
	}
	v := value{list: true}
	c.list(func() { v.of = append(v.of, c.value()) })
	return v
}

// at is the i-th value of a list, or NIL.
func (v value) at(i int) value {
	if i < 0 || i >= len(v.of) {
		return value{null: true}
	}
	return v.of[i]
}

// rest takes all values up to the end.
func (c *cursor) rest() (all []value) {
	for c.skip(' ') {
	}
	for !c.done() && !c.bad {
		all = append(all, c.value())
		for c.skip(' ') {
		}
	}
	return all
}

// unread is the error for a response that is not as the RFC has it.
func unread(text []byte) error {
	const most = 80
	if len(text) > most {
		text = append(bytes.Clone(text[:most]), "..."...)
	}
	return fault.New(fault.Protocol, "a response was not understood: %q", text)
}
