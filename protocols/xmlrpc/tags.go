package xmlrpc

import (
	"io"

	"wireline/protocols/fault"
)

// maxTag bounds a tag. Those of XML-RPC have no attributes; the library keeps
// each at twenty times its size.
const maxTag = 4 << 10

// A tags reads XML, and refuses a tag that is too long.
type tags struct {
	from   io.Reader
	length int  // of the tag so far; 0: between tags
	quote  byte // within an attribute
	free   bool // it begins with <!, as a comment does: that may be long
}

func (t *tags) Read(p []byte) (int, error) {
	n, err := t.from.Read(p)
	for _, c := range p[:n] {
		switch {
		case t.length == 0:
			if c == '<' {
				t.length, t.quote, t.free = 1, 0, false
			}
			continue
		case t.length == 1 && c == '!':
			t.free = true
		case t.free:
		case t.quote != 0:
			if c == t.quote {
				t.quote = 0
			}
			c = 0
		case c == '"' || c == '\'':
			t.quote = c
		}
		if c == '>' {
			t.length = 0
		} else if t.length++; t.length > maxTag && !t.free {
			return 0, fault.New(fault.Limit, "a tag of more than %d KiB", maxTag>>10)
		}
	}
	return n, err
}
