package syntax

import "strings"

// The bounds of a text.
const (
	MaxText  = 1 << 20  // bytes of a text
	MaxLine  = 64 << 10 // bytes of one line
	maxDepth = 32       // of $( in $(
)

// Parse reads a whole text. Name is that of its file, for errors, which are
// *Error. A line may end in LF or CR LF.
func Parse(name, text string) (*Script, error) {
	p := newParser(name, text)
	if err := p.sane(); err != nil {
		return nil, err
	}
	return p.script()
}

// ParseAlias reads the text of an alias, in which $1 to $9 and $* stand for
// the words that follow it where it is used.
func ParseAlias(text string) (*Script, error) {
	p := newParser("", text)
	p.alias = true
	if err := p.sane(); err != nil {
		return nil, err
	}
	s, err := p.script()
	if err == nil {
		s.Uses = p.uses
	}
	return s, err
}

// A parser reads text from off to end.
type parser struct {
	name, text string
	off, end   int
	last       int     // end of the last word
	depth      int     // of $(
	parens     int     // bare parentheses open within this $(
	heres      []*here // whose bodies follow this line
	memo       Pos     // the last place asked for
	look       *look   // for completion: be lax, and note where the end is
	alias      bool    // $1 and $* are variables
	uses       int     // how many words of its caller an alias uses
}

func newParser(name, text string) *parser {
	p := &parser{name: name, text: text, end: len(text), memo: Pos{Line: 1, Col: 1}}
	p.skip("\ufeff")
	return p
}

// sane refuses what is no text to be parsed, so that nothing below has to
// bear a file of any size.
func (p *parser) sane() error {
	if len(p.text) > MaxText {
		return p.unreadable(0, "larger than 1 MiB")
	}
	off := 0
	for line := range strings.Lines(p.text) {
		if len(line) > MaxLine {
			return p.unreadable(off, "line longer than 64 KiB")
		}
		if i := strings.IndexByte(line, 0); i >= 0 {
			return p.unreadable(off+i, "NUL in text")
		}
		off += len(line)
	}
	return nil
}

// script reads lines until the end, or until the ) of a $(.
func (p *parser) script() (*Script, error) {
	s := &Script{}
	for {
		p.blanks()
		switch {
		case p.off >= p.end || p.closing():
			if p.look == nil {
				if err := p.blocks(s); err != nil {
					return nil, err
				}
			}
			return s, nil
		case p.newline():
			continue
		case p.at("#"):
			p.comment()
			continue
		}
		l, err := p.line()
		if err != nil {
			return nil, err
		}
		s.Lines = append(s.Lines, l)
	}
}

// line reads commands up to the end of the line, and the here-documents that
// follow it.
func (p *parser) line() (Line, error) {
	l := Line{Pos: p.pos(p.off)}
	var end int
	for op := First; ; {
		c, err := p.command(op)
		if err != nil {
			return l, err
		}
		l.Items = append(l.Items, Item{op, c})
		end = c.Pos.Offset + len(c.Text)
		p.blanks()
		switch p.operator(false) {
		case "&&":
			op, p.off = And, p.off+2
			continue
		case "||":
			op, p.off = Or, p.off+2
			continue
		case ";":
			p.off++
			if p.blanks(); !p.eol() && !p.at("#") {
				op = Semi
				continue
			}
		case "&":
			p.off++
			l.Background, end = true, p.off
			if p.blanks(); p.operator(false) == ";" {
				p.off++
				if p.blanks(); !p.eol() && !p.at("#") {
					l.Text = p.text[l.Pos.Offset:end]
					return l, nil // what follows is as if on a line of its own
				}
			}
			if p.blanks(); !p.eol() && !p.at("#") {
				return l, p.fail(p.off, "a line ends after &").hint("put the next command on a line of its own; as text, & needs quotes")
			}
		}
		break
	}
	l.Text = p.text[l.Pos.Offset:end]
	p.comment()
	return l, p.bodies()
}
