package syntax

import "strings"

// quoteOpens reports whether a quote comes next that opens a quoted piece,
// in a word that began at start; after, if it follows such a piece.
func (p *parser) quoteOpens(start int, after bool) bool {
	c := p.text[p.off]
	if c != '\'' && c != '"' {
		return false
	}
	if p.off == start || after {
		return true
	}
	prev := p.text[p.off-1]
	if strings.IndexByte("=:/", prev) >= 0 {
		return true
	}
	if c != '"' || !letter(prev) {
		return false
	}
	inside, _, closed := strings.Cut(p.text[p.off+1:p.end], `"`)
	return closed && !strings.Contains(inside, "\n")
}

// letter reports whether c is a letter or a digit, of any script.
func letter(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= 0x80
}

// quoted reads a quoted piece of a word.
func (p *parser) quoted(b *parts) error {
	at, c := p.off, p.text[p.off]
	p.off++
	p.look.quote(c)
	if c == '"' {
		if err := p.expanding(b, true); err != nil {
			return err
		}
	} else {
		n := strings.IndexByte(p.text[p.off:p.end], c)
		if n < 0 {
			n = p.end - p.off
		}
		b.WriteString(unix(p.text[p.off : p.off+n]))
		p.off += n
	}
	if p.off >= p.end {
		return p.open(at, "unclosed %c", c).hint(`a quote as text goes in the other quotes, or is \" in double ones`)
	}
	p.look.quote(0)
	p.off++
	return nil
}

// unix is text with the line ends of Unix.
func unix(s string) string { return strings.ReplaceAll(s, "\r\n", "\n") }

// expanding reads text in which $ works: in double quotes up to the closing
// one, else (in a here-document) to the end, with no escape but \$.
func (p *parser) expanding(b *parts, quotes bool) error {
	for p.off < p.end {
		stop := strings.IndexAny(p.text[p.off:p.end], "\"\\$\r")
		if stop < 0 {
			stop = p.end - p.off
		}
		b.WriteString(p.text[p.off : p.off+stop])
		if p.off += stop; p.off >= p.end {
			break
		}
		switch c := p.text[p.off]; {
		case c == '"' && quotes:
			return nil
		case c == '\r' && p.at("\r\n"):
			p.off++
		case c == '\\' && (quotes || p.at(`\$`)):
			v, n, err := escape(p.text[p.off:p.end])
			if err != nil && p.look == nil {
				return p.fail(p.off, "%v", err)
			} else if err != nil {
				v, n = []byte{c}, 1
			}
			b.Write(v)
			p.off += n
		case c == '$':
			if err := p.dollar(b); err != nil {
				return err
			}
		default:
			b.WriteByte(c)
			p.off++
		}
	}
	return nil
}

// dollar reads what begins with $ where it works.
func (p *parser) dollar(b *parts) error {
	if p.at("$(") {
		return p.sub(b)
	}
	if m := begins().FindStringSubmatch(p.text[p.off:p.end]); m != nil && p.takes(m[1]) {
		b.add(Var(m[1]))
		p.off += len(m[0])
		return nil
	}
	b.WriteString("$")
	p.off++
	return nil
}

// whole reads a word that is a $( ).
func (p *parser) whole(b *parts) error {
	if err := p.sub(b); err != nil {
		return err
	}
	if !p.wordEnd() && p.look == nil {
		return p.fail(p.off, "text after the ) of $(").hint(`join them in double quotes: "$(command)text"`)
	}
	return nil
}

// sub reads a $( ).
func (p *parser) sub(b *parts) error {
	at, parens := p.off, p.parens
	if p.depth == maxDepth {
		return p.fail(at, "more than %d $( within each other", maxDepth)
	}
	p.off, p.depth, p.parens = p.off+2, p.depth+1, 0
	outer := p.look.enter()
	s, err := p.script()
	closed := p.off < p.end
	p.depth, p.parens = p.depth-1, parens
	if err != nil {
		return err
	}
	if !closed {
		return p.open(at, "unclosed $(")
	}
	p.off++
	p.look.leave(outer)
	if len(s.Lines) == 0 {
		return p.fail(at, "missing command in $()")
	}
	b.add(Sub{s})
	return nil
}
