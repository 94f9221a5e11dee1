package ftp

import (
	"bytes"
	"strings"
	"sync/atomic"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/ianaindex"

	"wireline/protocols/fault"
)

// names is how a server spells the names of files: as UTF-8 (RFC 2640), or in
// a character set of old. Without one, what is not UTF-8 is taken for Latin 1,
// and from then on names are sent so.
type names struct {
	charset string // "" is to guess
	enc     encoding.Encoding
	latin   atomic.Bool // a name was not UTF-8
}

// newNames finds a character set by its name in IANA's registry.
func newNames(charset string) (*names, error) {
	switch strings.ToLower(charset) {
	case "", "auto":
		return &names{}, nil
	case "utf-8", "utf8":
		return &names{charset: "utf-8"}, nil
	}
	enc, err := ianaindex.IANA.Encoding(charset)
	if err != nil || enc == nil || len(charset) > 40 {
		return nil, fault.New(fault.BadArgument, "the character set %q is not known", charset).WithHint("such as utf-8, latin1, windows-1251, koi8-r, big5")
	}
	return &names{charset: strings.ToLower(charset), enc: enc}, nil
}

const iac = 0xff // of Telnet, which RFC 959 builds on

// clone are the names of another connection to the same server, which may be made
// while this one is at work.
func (n *names) clone() *names {
	c := &names{charset: n.charset, enc: n.enc}
	c.latin.Store(n.latin.Load())
	return c
}

// decode is what the server said, in UTF-8. Other bytes than those of names
// are ASCII in any case.
func (n *names) decode(p []byte) string {
	if n.enc != nil || n.charset == "" && !utf8.Valid(p) {
		p = bytes.ReplaceAll(p, []byte{iac, iac}, []byte{iac})
		enc := n.enc
		if enc == nil {
			enc = charmap.ISO8859_1
			n.latin.Store(true)
		}
		if out, err := enc.NewDecoder().Bytes(p); err == nil {
			return string(out)
		}
	}
	return string(p)
}

// encode is a command as the server reads it.
func (n *names) encode(s string) ([]byte, error) {
	enc := n.enc
	if enc == nil && n.latin.Load() {
		enc = charmap.ISO8859_1
	}
	if enc == nil {
		return []byte(s), nil
	}
	out, err := enc.NewEncoder().Bytes([]byte(s))
	if err != nil {
		if n.enc == nil {
			return []byte(s), nil
		}
		return nil, fault.New(fault.BadArgument, "%q has a character that %s has not", s, n.charset)
	}
	return bytes.ReplaceAll(out, []byte{iac}, []byte{iac, iac}), nil
}
