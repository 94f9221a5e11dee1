package syntax

import "strings"

// A here is a here-document whose body is still to come.
type here struct {
	*Here
	literal bool // its mark was quoted
}

// here reads <<WORD.
func (p *parser) here(c *Command) error {
	at := p.pos(p.off)
	if p.depth > 0 {
		return p.fail(p.off, "<< within $(")
	}
	if c.Here != nil {
		return p.fail(p.off, "a second place for the input")
	}
	p.off += 2
	p.blanks()
	if p.eol() || p.operator(false) != "" {
		return p.fail(at.Offset, "missing word after <<").hint("cat <<END takes the lines up to one that is END; as text, << needs quotes")
	}
	w, err := p.word(false)
	if err != nil {
		return err
	}
	mark, ok := w.Literal()
	if !ok || mark == "" || strings.ContainsAny(mark, "\r\n") {
		return p.fail(w.Pos.Offset, "%s cannot end a here-document", w.Text)
	}
	c.Here = &Here{Pos: at, Mark: mark}
	p.heres = append(p.heres, &here{c.Here, strings.ContainsAny(w.Text, `'"`)})
	return nil
}

// bodies reads the here-documents of a line that has ended.
func (p *parser) bodies() error {
	if p.depth > 0 || len(p.heres) == 0 || !p.eol() {
		return nil
	}
	heres := p.heres
	p.heres = nil
	for _, h := range heres {
		p.newline()
		if err := p.body(h); err != nil {
			return err
		}
	}
	return nil
}

func (p *parser) body(h *here) error {
	start, stop := p.off, -1
	after := start
	for line := range strings.Lines(p.text[start:p.end]) {
		if strings.TrimRight(line, "\r\n") == h.Mark {
			stop = after
			after += len(h.Mark)
			break
		}
		after += len(line)
	}
	if stop < 0 {
		return p.open(h.Pos.Offset, "no line %s ends this here-document", h.Mark)
	}
	h.Body = Word{Pos: p.pos(start), Text: p.text[start:stop], Quote: '\''}
	if h.literal {
		h.Body.Parts = []Part{Lit(unix(h.Body.Text))}
	} else {
		h.Body.Quote = '"'
		end := p.end
		p.end = stop
		var b parts
		if err := p.expanding(&b, false); err != nil {
			return err
		}
		p.end, h.Body.Parts = end, b.all()
	}
	p.off = after
	return nil
}
