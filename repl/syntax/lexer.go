package syntax

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"wireline/protocols/fault"
)

func blank(c byte) bool { return c == ' ' || c == '\t' }

// at reports whether s comes next.
func (p *parser) at(s string) bool { return strings.HasPrefix(p.text[p.off:p.end], s) }

// skip passes over s if it comes next.
func (p *parser) skip(s string) bool {
	ok := p.at(s)
	if ok {
		p.off += len(s)
	}
	return ok
}

// blanks passes over blanks and joined line ends.
func (p *parser) blanks() {
	for p.off < p.end {
		switch c := p.text[p.off]; {
		case blank(c):
			p.off++
		case c == '\\' && p.off > 0 && blank(p.text[p.off-1]) && (p.at("\\\n") || p.at("\\\r\n")):
			p.off += strings.IndexByte(p.text[p.off:], '\n') + 1
		default:
			return
		}
	}
}

// newline passes over the end of a line.
func (p *parser) newline() bool {
	if p.at("\r") && p.off+1 == p.end {
		p.off++
		return true
	}
	return p.skip("\n") || p.skip("\r\n")
}

// comment passes over a comment, up to the end of the line.
func (p *parser) comment() {
	if !p.at("#") {
		return
	}
	if i := strings.IndexByte(p.text[p.off:p.end], '\n'); i >= 0 {
		p.off += i
	} else {
		p.off = p.end
	}
}

// closing reports whether the ) of the innermost $( comes next.
func (p *parser) closing() bool { return p.depth > 0 && p.parens == 0 && p.at(")") }

// eol reports whether the line ends here.
func (p *parser) eol() bool {
	return p.off >= p.end || p.at("\n") || p.at("\r\n") || p.at("\r") && p.off+1 == p.end || p.closing()
}

// semicolon reports whether a ; that ends a command comes next.
func (p *parser) semicolon() bool {
	if !p.at(";") {
		return false
	}
	p.off++
	ends := p.eol() || blank(p.text[p.off])
	p.off--
	return ends
}

// operator returns the operator that comes next, or "". It is asked only
// where a word could begin, which is after a blank. An expression has no
// redirections.
func (p *parser) operator(expr bool) string {
	if p.semicolon() {
		return ";"
	}
	for _, op := range []string{"&&", "||", "&", "|", "#"} {
		if p.at(op) {
			return op
		}
	}
	if expr || p.at("<") && !p.at("<<") && p.angle() {
		return ""
	}
	for _, op := range []string{">>", ">", "2>", "<<", "<"} {
		if p.at(op) {
			return op
		}
	}
	return ""
}

// angle reports whether what comes next is a word like <x@y>.
func (p *parser) angle() bool {
	word := p.text[p.off:p.end]
	if i := strings.IndexAny(word, " \t\r\n"); i >= 0 {
		word = word[:i]
	}
	return strings.Contains(word, ">")
}

// pos is the place of off. Asked for in rising order, it costs no more than
// reading the text once.
func (p *parser) pos(off int) Pos {
	if off < p.memo.Offset {
		p.memo = Pos{Line: 1, Col: 1}
	}
	passed := p.text[p.memo.Offset:off]
	if i := strings.LastIndexByte(passed, '\n'); i >= 0 {
		p.memo.Line += strings.Count(passed, "\n")
		p.memo.Col, passed = 1, passed[i+1:]
	}
	p.memo.Col += utf8.RuneCountInString(passed)
	p.memo.Offset = off
	return p.memo
}

func (p *parser) fail(off int, format string, a ...any) *Error {
	at := p.pos(off)
	return &Error{Name: p.name, Line: at.Line, Col: at.Col, Msg: fmt.Sprintf(format, a...), Kind: fault.Usage}
}

func (p *parser) unreadable(off int, msg string) *Error {
	e := p.fail(off, "%s", msg)
	e.Kind = fault.ReadLocal
	return e
}

// open is a fail that more lines may mend.
func (p *parser) open(off int, format string, a ...any) *Error {
	e := p.fail(off, format, a...)
	e.Incomplete = p.end == len(p.text)
	return e
}

func (e *Error) hint(format string, a ...any) *Error {
	e.Hint = fmt.Sprintf(format, a...)
	return e
}
