package telnet

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/transform"

	"wireline/protocols/fault"
)

// A charset turns what a server sends into UTF-8 and what we type into what
// it wants. A nil charset leaves both as they are.
type charset struct {
	name string
	in   *encoding.Decoder
	out  *encoding.Encoder
	rest []byte // of a character that has not come whole
}

// newCharset finds a character set by one of the names of IANA's registry,
// such as cp437, latin1, koi8-r or big5. UTF-8 is nil.
func newCharset(name string) (*charset, error) {
	if isUTF8(name) {
		return nil, nil
	}
	if strings.EqualFold(name, "petscii") {
		in, out := petscii()
		return &charset{name: "petscii", in: in, out: out}, nil
	}
	enc, err := ianaindex.IANA.Encoding(name)
	if err != nil || enc == nil {
		return nil, fault.New(fault.BadArgument, "the encoding %q is not known", name).
			WithHint("such as utf-8, cp437, latin1, koi8-r, big5, shift_jis, petscii")
	}
	return &charset{name: strings.ToLower(name), in: enc.NewDecoder(), out: enc.NewEncoder()}, nil
}

func isUTF8(name string) bool {
	return strings.EqualFold(name, "utf-8") || strings.EqualFold(name, "utf8") || name == ""
}

func knownCharset(name string) bool {
	if len(name) > 40 {
		return false
	}
	_, err := newCharset(name)
	return err == nil && name != ""
}

func sameCharset(a, b string) bool {
	if isUTF8(a) || isUTF8(b) {
		return isUTF8(a) && isUTF8(b)
	}
	x, err1 := ianaindex.IANA.Encoding(a)
	y, err2 := ianaindex.IANA.Encoding(b)
	return err1 == nil && err2 == nil && x != nil && x == y
}

// decode is p as UTF-8. A character that has not come whole waits for the
// next call.
func (c *charset) decode(p []byte) []byte {
	if c == nil {
		return p
	}
	src := append(c.rest, p...)
	var all []byte
	for {
		dst := make([]byte, 4*len(src)+16)
		n, used, err := c.in.Transform(dst, src, false)
		all, src = append(all, dst[:n]...), src[used:]
		switch {
		case errors.Is(err, transform.ErrShortDst) && n > 0:
			continue
		case err != nil && !errors.Is(err, transform.ErrShortSrc) && len(src) > 0:
			all, src = append(all, "\uFFFD"...), nil
		}
		c.rest = bytes.Clone(src)
		return all
	}
}

// encode is text as the server wants it.
func (c *charset) encode(text []byte) ([]byte, error) {
	if c == nil {
		return text, nil
	}
	p, err := c.out.Bytes(text)
	if err == nil {
		return p, nil
	}
	for _, r := range string(text) {
		if _, err := c.out.String(string(r)); err != nil {
			return nil, fault.New(fault.BadArgument, "%q cannot be written in %s", r, c.name).
				WithHint("send --hex sends bytes as they are")
		}
	}
	return nil, fault.New(fault.BadArgument, "the text cannot be written in %s", c.name)
}

// key is what was typed; what the server cannot read becomes a question mark.
// A character whose last byte was not typed yet stays in text.
func (c *charset) key(text []byte) (p, rest []byte) {
	if c == nil {
		return text, nil
	}
	for len(text) > 0 && utf8.FullRune(text) {
		_, n := utf8.DecodeRune(text)
		q, err := c.out.Bytes(text[:n])
		if err != nil {
			q = []byte("?")
		}
		p, text = append(p, q...), text[n:]
	}
	return p, text
}

// CharsetArgs are those of charset.
type CharsetArgs struct {
	Name string `arg:"name?" help:"such as utf-8, cp437, latin1, koi8-r, big5, petscii; with none it is told what holds" complete:"utf-8|cp437|latin1|koi8-r|big5|petscii"`
}

// A Charset tells how the bytes of the server are read.
type Charset struct {
	Name       string `json:"name"`
	Negotiated string `json:"negotiated,omitempty"` // by CHARSET, RFC 2066
}

// String is its name.
func (c *Charset) String() string { return c.Name }

// Charset shows or sets the character set of the conversation.
func (s *Session) Charset(_ context.Context, a CharsetArgs) (*Charset, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a.Name != "" {
		if err := s.recode(a.Name); err != nil {
			return nil, err
		}
	}
	return &Charset{Name: s.encodingName(), Negotiated: s.eng.charset}, nil
}

// recode makes name the character set from here on.
func (s *Session) recode(name string) error {
	cs, err := newCharset(name)
	if err != nil {
		return err
	}
	s.cs = cs
	s.eng.encoding, s.eng.utf8 = strings.ToUpper(name), cs == nil
	return nil
}

func (s *Session) encodingName() string {
	if s.cs == nil {
		return "utf-8"
	}
	return s.cs.name
}
