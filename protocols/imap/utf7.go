package imap

import (
	"encoding/base64"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// The alphabet of modified UTF-7 (RFC 3501, section 5.1.3).
var utf7 = base64.NewEncoding("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,").WithPadding(base64.NoPadding)

// encodeName is a mailbox name in modified UTF-7.
func encodeName(name string) string {
	var b strings.Builder
	for name != "" {
		i := strings.IndexFunc(name, func(r rune) bool { return r < ' ' || r > '~' || r == '&' })
		if i < 0 {
			i = len(name)
		}
		b.WriteString(name[:i])
		if name = name[i:]; name == "" {
			break
		}
		if name[0] == '&' {
			b.WriteString("&-")
			name = name[1:]
			continue
		}
		if i = strings.IndexFunc(name, func(r rune) bool { return r >= ' ' && r <= '~' }); i < 0 {
			i = len(name)
		}
		var units []byte
		for _, u := range utf16.Encode([]rune(name[:i])) {
			units = append(units, byte(u>>8), byte(u))
		}
		b.WriteString("&" + utf7.EncodeToString(units) + "-")
		name = name[i:]
	}
	return b.String()
}

// decodeName reads modified UTF-7; ok is false if s is none, or not in the
// form that encodeName gives.
func decodeName(s string) (name string, ok bool) {
	var b strings.Builder
	for rest := s; rest != ""; {
		i := strings.IndexByte(rest, '&')
		if i < 0 {
			b.WriteString(rest)
			break
		}
		b.WriteString(rest[:i])
		in, after, closed := strings.Cut(rest[i+1:], "-")
		if !closed {
			return s, false
		}
		rest = after
		if in == "" {
			b.WriteByte('&')
			continue
		}
		raw, err := utf7.DecodeString(in)
		if err != nil || len(raw)%2 != 0 {
			return s, false
		}
		units := make([]uint16, len(raw)/2)
		for i := range units {
			units[i] = uint16(raw[2*i])<<8 | uint16(raw[2*i+1])
		}
		b.WriteString(string(utf16.Decode(units)))
	}
	name = b.String()
	if !utf8.ValidString(name) || encodeName(name) != s {
		return s, false
	}
	return name, true
}
