package syntax

import (
	"strconv"
	"strings"
)

// ansi reads a $'…', in which a backslash means what it means in bash. What a
// browser copies as a command line of curl is written so.
func (p *parser) ansi(b *parts) error {
	at := p.off
	p.look.quote('\'')
	for p.off += len("$'"); p.off < p.end; {
		n := strings.IndexAny(p.text[p.off:p.end], `'\`)
		if n < 0 {
			p.off = p.end
			break
		}
		b.WriteString(unix(p.text[p.off : p.off+n]))
		if p.off += n; p.text[p.off] == '\'' {
			p.look.quote(0)
			p.off++
			return nil
		}
		v, n := ansiEscape(p.text[p.off:p.end])
		b.WriteString(v)
		p.off += n
	}
	return p.open(at, "unclosed $'").hint(`a quote within it is \'`)
}

// ansiEscape is what begins with the backslash s[0], and how long that is.
func ansiEscape(s string) (string, int) {
	if len(s) < 2 {
		return s, len(s)
	}
	const letters, meanings = `abeEfnrtv\'"?`, "\a\b\x1b\x1b\f\n\r\t\v\\'\"?"
	if i := strings.IndexByte(letters, s[1]); i >= 0 {
		return meanings[i : i+1], 2
	}
	number := func(from, most, base int) (uint64, int) {
		var v uint64
		n := from
		for ; n < len(s) && n < from+most; n++ {
			d, err := strconv.ParseUint(s[n:n+1], base, 8)
			if err != nil {
				break
			}
			v = v*uint64(base) + d
		}
		return v, n
	}
	switch digits := map[byte]int{'x': 2, 'u': 4, 'U': 8}[s[1]]; {
	case digits > 0:
		v, n := number(2, digits, 16)
		switch {
		case n == 2:
		case s[1] == 'x':
			return string([]byte{byte(v)}), n
		default:
			return string(rune(min(v, 1<<31-1))), n
		}
	case s[1] >= '0' && s[1] <= '7':
		v, n := number(1, 3, 8)
		return string([]byte{byte(v)}), n
	}
	return s[:1], 1
}
