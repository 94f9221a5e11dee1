package syntax

import "strings"

// A Cursor is what completion must know of the place where the user types.
type Cursor struct {
	Session string   // NAME of the command's @NAME
	Words   []string // of the command, before the word at the cursor, without quotes
	Prefix  string   // the word at the cursor, up to it, without quotes
	Start   int      // byte offset where that word begins, its quote included
	Quote   byte     // ' or " if the cursor is within quotes
	Redir   bool     // the word is a file after > or <
	Shell   bool     // the cursor is in a text for the system's shell
}

// At looks at line as far as pos, with the best of will: what is wrong with
// the line does not matter.
func At(line string, pos int) Cursor {
	pos = min(max(pos, 0), len(line))
	p := newParser("", line[:pos])
	p.look = &look{Cursor: Cursor{Start: pos}}
	for p.off < p.end {
		if _, err := p.script(); err == nil && p.off >= p.end || p.look.found {
			break
		}
		p.off++ // past what cannot be understood
		p.depth, p.parens, p.heres = 0, 0, nil
	}
	return p.look.Cursor
}

// A look notes what is known of the command that the parser is in, until the
// word that reaches the end of the text is found. A nil look notes nothing.
type look struct {
	Cursor
	found bool
}

func (l *look) command(p *parser) {
	if l != nil && !l.found {
		l.Cursor = Cursor{Start: p.end}
	}
}

func (l *look) session(p *parser, name string) {
	if l != nil && !l.found {
		l.Session, l.Words = name, nil
	}
}

// enter and leave stand around a $( ).
func (l *look) enter() Cursor {
	if l == nil {
		return Cursor{}
	}
	return l.Cursor
}

func (l *look) leave(outer Cursor) {
	if l != nil && !l.found {
		l.Cursor = outer
	}
}

func (l *look) redir(p *parser) {
	if l != nil && !l.found {
		l.Redir = true
	}
}

func (l *look) begin(p *parser) {
	if l != nil && !l.found {
		l.Start, l.Quote = p.off, 0
	}
}

func (l *look) quote(c byte) {
	if l != nil && !l.found {
		l.Quote = c
	}
}

// word notes one that was read, or that could not be read to its end.
func (l *look) word(p *parser, w Word, file bool, err error) {
	if l == nil || l.found {
		return
	}
	var b strings.Builder
	for _, part := range w.Parts {
		switch part := part.(type) {
		case Lit:
			b.WriteString(string(part))
		case Var:
			b.WriteString("$" + string(part))
		case Sub:
			b.WriteString("$()")
		}
	}
	switch {
	case err != nil || p.off >= p.end:
		l.Start, l.Prefix, l.found = w.Pos.Offset, b.String(), true
		return
	case file:
		l.Redir = false
	default:
		l.Words = append(l.Words, b.String())
	}
	l.Start, l.Quote = p.end, 0
}

// shell notes a text for the system's shell that began at start.
func (l *look) shell(p *parser, start int) {
	if l == nil || l.found || p.off < p.end {
		return
	}
	l.Shell, l.found = true, true
	l.Start = start + strings.LastIndexAny(p.text[start:p.end], " \t|;&<>(") + 1
	l.Prefix = p.text[l.Start:p.end]
}
