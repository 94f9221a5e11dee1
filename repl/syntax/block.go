package syntax

// A Block is if or for, with the lines up to its end:
//
//	if EXPRESSION        for NAME in WORD...
//	  LINES                LINES
//	else                 end
//	  LINES
//	end
//
// A ; may stand for each line end.
type Block struct {
	For   string // the variable of a for; "" for an if
	Words []Word // the expression, or the values
	Body  *Script
	Else  *Script // nil when there is none
}

// keyword is the word of a block that a command is, or "".
func (c *Command) keyword() string {
	if len(c.Words) == 0 || c.Session != "" || c.Let != "" {
		return ""
	}
	switch w := c.Words[0].Text; w {
	case "if", "for":
		return w
	case "else", "end":
		if len(c.Words) == 1 {
			return w
		}
	}
	return ""
}

// blocks puts the lines of blocks into them.
func (p *parser) blocks(s *Script) error {
	f := folder{p: p, lines: apart(s.Lines)}
	body, end, err := f.until()
	if err != nil {
		return err
	}
	if end != nil {
		return p.fail(end.Pos.Offset, "%s without if or for", end.Items[0].Cmd.Words[0].Text)
	}
	s.Lines = body
	return nil
}

// apart gives each word of a block, and what stands between two of them, a
// line of its own.
func apart(lines []Line) []Line {
	var all []Line
	for _, l := range lines {
		from := 0
		for i := 1; i < len(l.Items); i++ {
			if l.Items[i].Op == Semi && (l.Items[i].Cmd.keyword() != "" || l.Items[i-1].Cmd.keyword() != "") {
				all = append(all, l.part(from, i))
				from = i
			}
		}
		all = append(all, l.part(from, len(l.Items)))
	}
	return all
}

// part is some of the commands of a line as a line.
func (l Line) part(from, to int) Line {
	if from == 0 && to == len(l.Items) {
		return l
	}
	items := append([]Item{}, l.Items[from:to]...)
	items[0].Op = First
	first, last := items[0].Cmd, items[len(items)-1].Cmd
	begin, end := first.Pos.Offset-l.Pos.Offset, last.Pos.Offset+len(last.Text)-l.Pos.Offset
	if to == len(l.Items) {
		end = len(l.Text)
	}
	return Line{Pos: first.Pos, Text: l.Text[begin:end], Items: items, Background: l.Background && to == len(l.Items)}
}

// A folder reads lines, of which next is the first that was not read.
type folder struct {
	p     *parser
	lines []Line
	next  int
	depth int
}

// until gives the lines up to an else or end that belongs to nobody before
// it, and that line.
func (f *folder) until() (body []Line, end *Line, err error) {
	for f.next < len(f.lines) {
		l := &f.lines[f.next]
		f.next++
		word := ""
		for i := range l.Items {
			if w := l.Items[i].Cmd.keyword(); w != "" {
				word = w
			}
		}
		if word == "" {
			body = append(body, *l)
			continue
		}
		c := l.Items[0].Cmd
		if len(l.Items) > 1 || l.Background || len(c.Redirs) > 0 || c.Pipe != "" || c.Here != nil || c.Ignore {
			return nil, nil, f.p.fail(l.Pos.Offset, "%s stands alone on its line", word).hint("before a command of that name, type help or quotes: \"%s\"", word)
		}
		if word == "else" || word == "end" {
			return body, l, nil
		}
		if err := f.block(l, word); err != nil {
			return nil, nil, err
		}
		body = append(body, *l)
	}
	return body, nil, nil
}

// block reads the lines of the block that begins with l.
func (f *folder) block(l *Line, word string) error {
	if f.depth++; f.depth > maxDepth {
		return f.p.fail(l.Pos.Offset, "more than %d blocks within each other", maxDepth)
	}
	defer func() { f.depth-- }()
	w := l.Items[0].Cmd.Words
	b := &Block{Words: w[1:]}
	if word == "for" {
		if len(w) < 3 || w[2].Text != "in" || !variable().MatchString(w[1].Text) {
			return f.p.fail(l.Pos.Offset, "want for NAME in WORD...")
		}
		b.For, b.Words = w[1].Text, w[3:]
	} else if len(w) < 2 {
		return f.p.fail(l.Pos.Offset, "want if EXPRESSION").hint("an expression is one that assert takes")
	}
	body, end, err := f.until()
	if err != nil {
		return err
	}
	b.Body = &Script{Lines: body}
	if end != nil && end.Items[0].Cmd.keyword() == "else" && word == "if" {
		if body, end, err = f.until(); err != nil {
			return err
		}
		b.Else = &Script{Lines: body}
	}
	switch {
	case end == nil:
		return f.p.open(l.Pos.Offset, "no end for this %s", word)
	case end.Items[0].Cmd.keyword() == "else":
		return f.p.fail(end.Pos.Offset, "else without if")
	}
	l.Block = b
	return nil
}
