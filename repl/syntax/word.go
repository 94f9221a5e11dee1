package syntax

import (
	"strings"
)

// word reads one word; file if it is that of a redirection.
func (p *parser) word(file bool) (w Word, err error) {
	w.Pos = p.pos(p.off)
	p.look.begin(p)
	var b parts
	quotes, ordinary := 0, false // quoted pieces; whether a quote is text
	for after := false; err == nil && !p.wordEnd(); {
		switch c := p.text[p.off]; {
		case p.off == w.Pos.Offset && p.at("$("):
			err = p.whole(&b)
		case p.off == w.Pos.Offset && p.at("$'"):
			after, quotes = true, 2
			err = p.ansi(&b)
		case !ordinary && p.quoteOpens(w.Pos.Offset, after):
			w.Quote, after = c, true
			quotes++
			err = p.quoted(&b)
		case c == '\\' && p.off+1 == p.end && p.off > 0 && blank(p.text[p.off-1]):
			err = p.open(p.off, `missing line after \`)
		case p.alias && c == '$' && p.argument():
			b.add(Var(p.text[p.off+1 : p.off+2]))
			p.off += 2
			after, quotes = false, 2
		default:
			n := p.bareRun()
			b.WriteString(p.text[p.off : p.off+n])
			p.off += n
			ordinary = ordinary || c == '\'' || c == '"'
			after, quotes = false, 2
		}
	}
	w.Text, w.Parts = p.text[w.Pos.Offset:p.off], b.all()
	if quotes != 1 {
		w.Quote = 0
	}
	if m := wholly().FindStringSubmatch(w.Text); m != nil && p.takes(m[1]) {
		w.Parts = []Part{Var(m[1])}
	}
	p.last = p.off
	p.look.word(p, w, file, err)
	return w, err
}

// bareRun returns how many bytes from here on are ordinary: one that may be
// not, which the caller has looked at, and those that always are.
func (p *parser) bareRun() int {
	switch p.text[p.off] {
	case '(':
		p.parens++
	case ')':
		p.parens--
	}
	stops := " \t\r\n;()'\"\\"
	if p.alias {
		stops += "$"
	}
	n := strings.IndexAny(p.text[p.off+1:p.end], stops)
	if n < 0 {
		return p.end - p.off
	}
	return n + 1
}

// takes reports whether name is that of a variable here, and notes the words
// that an alias uses.
func (p *parser) takes(name string) bool {
	switch c := name[0]; {
	case c == '*' && p.alias:
		p.uses = 1 << 20
	case c >= '1' && c <= '9' && p.alias:
		p.uses = max(p.uses, int(c-'0'))
	case c == '*' || c >= '1' && c <= '9':
		return false
	}
	return true
}

// argument reports whether a $1 or its like comes next, and notes it.
func (p *parser) argument() bool {
	next := p.text[p.off+1 : min(p.off+2, p.end)]
	return next != "" && strings.Contains("*123456789", next) && p.takes(next)
}

const varName = `\?|\*|[1-9]|[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)*`

var (
	wholly = lazily(`^\$(` + varName + `)$`)
	begins = lazily(`^\$(` + varName + `)`)
)

// parts gathers the parts of a word.
type parts struct {
	strings.Builder // literal text since the last part
	done            []Part
}

func (b *parts) add(p Part) { b.done = append(b.all(), p) }

func (b *parts) all() []Part {
	if b.Len() > 0 {
		b.done = append(b.done, Lit(b.String()))
		b.Reset()
	}
	return b.done
}

func (p *parser) wordEnd() bool { return p.eol() || blank(p.text[p.off]) || p.semicolon() }
