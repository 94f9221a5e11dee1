package syntax

import (
	"strings"
)

// command reads one command, up to an operator between commands or the end
// of the line. Op is the one before it.
func (p *parser) command(op Op) (Command, error) {
	p.blanks()
	p.look.command(p)
	c := Command{Pos: p.pos(p.off)}
	if p.skip("- ") || p.skip("-\t") {
		c.Ignore = true
		p.blanks()
	}
	if p.at("!") {
		p.off++
		text := p.shell()
		if c.Shell = text; text == "" {
			return c, p.fail(p.off, "missing command after !")
		}
		return p.finish(c)
	}
	if p.at("@") {
		if err := p.session(&c); err != nil {
			return c, err
		}
	}
	if err := p.tail(&c); err != nil {
		return c, err
	}
	if len(c.Words) == 0 && p.look == nil {
		return c, p.missing(c, op)
	}
	if err := p.let(&c); err != nil {
		return c, err
	}
	return p.finish(c)
}

func (p *parser) finish(c Command) (Command, error) {
	c.Text = p.text[c.Pos.Offset:max(c.Pos.Offset, p.last)]
	return c, p.check(c)
}

// session reads a leading @NAME.
func (p *parser) session(c *Command) error {
	w, err := p.word(false)
	if err != nil {
		return err
	}
	name, ok := w.Literal()
	if !ok || len(name) < 2 {
		return p.fail(w.Pos.Offset, "want the name of a session after @")
	}
	c.Session = name[1:]
	p.look.session(p, c.Session)
	return nil
}

// tail reads words and redirections.
func (p *parser) tail(c *Command) error {
	for {
		p.blanks()
		if p.eol() {
			return nil
		}
		expr := len(c.Words) > 0 && (c.Words[0].Text == "assert" || c.Words[0].Text == "if")
		switch op := p.operator(expr); op {
		case "":
			if n := len(c.Redirs); p.look == nil && (n > 0 || c.Here != nil) {
				return p.fail(p.off, "a word after a redirection").hint("redirections come last; < and > as text need quotes")
			}
			w, err := p.word(false)
			if err != nil {
				return err
			}
			if err := p.glued(w, len(c.Words) == 0); err != nil && !expr {
				return err
			}
			c.Words = append(c.Words, w)
		case ">", ">>", "2>", "<":
			if err := p.redir(c, op); err != nil {
				return err
			}
		case "<<":
			if err := p.here(c); err != nil {
				return err
			}
		case "|":
			p.off++
			if c.Pipe = p.shell(); c.Pipe == "" {
				return p.fail(p.off, "missing command after |")
			}
			return nil
		default: // what stands between commands
			return nil
		}
	}
}

func (p *parser) missing(c Command, op Op) *Error {
	switch tok := p.operator(false); {
	case op != First:
		return p.fail(p.off, "missing command after %s", op)
	case c.Session != "":
		return p.fail(p.off, "missing command after @%s", c.Session).hint("use %s makes it the current session", c.Session)
	case c.Here != nil:
		return p.fail(c.Pos.Offset, "missing command before <<")
	case len(c.Redirs) > 0:
		return p.fail(c.Pos.Offset, "missing command before %s", c.Redirs[0].Op)
	case c.Pipe != "":
		return p.fail(c.Pos.Offset, "missing command before |")
	case tok != "" && tok != "#":
		return p.fail(p.off, "missing command before %s", tok)
	}
	return p.fail(p.off, "missing command")
}

func (p *parser) redir(c *Command, op string) error {
	at := p.off
	p.off += len(op)
	p.blanks()
	p.look.redir(p)
	// What begins like an operator is a slip (2>&1, >=), not a file's name.
	if p.eol() || p.operator(false) != "" || strings.IndexByte("&|<>=(", p.text[p.off]) >= 0 {
		return p.fail(at, "missing file after %s", op).hint("%s as text needs quotes; so does a file whose name begins with an operator", op)
	}
	w, err := p.word(true)
	c.Redirs = append(c.Redirs, Redir{op, w})
	return err
}

// check refuses what sends one output to two places.
func (p *parser) check(c Command) error {
	if p.look != nil {
		return nil
	}
	seen := map[string]bool{">": c.Pipe != "", "<": c.Here != nil}
	for _, r := range c.Redirs {
		op := strings.TrimSuffix(r.Op, ">")
		if r.Op == ">" || r.Op == ">>" {
			op = ">"
		}
		if seen[op] {
			return p.fail(r.File.Pos.Offset, "a second place for %s", map[string]string{">": "the output", "2": "the messages", "<": "the input"}[op])
		}
		seen[op] = true
	}
	return nil
}

var (
	variable = lazily(`^[A-Za-z_][A-Za-z0-9_]*$`)

	// An operator without its blank is a mistake only where it is plainly
	// meant as one: after a command's name, or between two names of files.
	gluedVerb = lazily(`^[A-Za-z](?:[A-Za-z0-9_-]*[A-Za-z0-9])?(>>?|<|\|\|?|&&?)`)
	gluedFile = lazily(`^[A-Za-z](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?(>>?)[A-Za-z./~][A-Za-z0-9_./~-]*$`)
)

// glued refuses words such as ls>f.
func (p *parser) glued(w Word, first bool) error {
	if p.look != nil || strings.ContainsAny(w.Text, `'"$`) {
		return nil
	}
	m := gluedFile().FindStringSubmatch(w.Text)
	if first && m == nil {
		m = gluedVerb().FindStringSubmatch(w.Text)
	}
	if m == nil {
		return nil
	}
	return p.fail(w.Pos.Offset, "%s: no blank before %s", w.Text, m[1]).hint("put a blank before %s, or the word in quotes if it is text", m[1])
}

// let turns the words of let NAME = WORD into a Let.
func (p *parser) let(c *Command) error {
	if p.look != nil || len(c.Words) == 0 || c.Words[0].Text != "let" {
		return nil
	}
	at, w := c.Words[0].Pos.Offset, c.Words
	switch {
	case len(w) < 4 || w[2].Text != "=" || !variable().MatchString(w[1].Text):
		return p.fail(at, "want let NAME = WORD").hint("with blanks around =, such as: let id = $last.data.uid")
	case len(w) > 4:
		return p.fail(w[4].Pos.Offset, "let takes one word").hint("put the value in quotes")
	case c.Pipe != "" || c.Here != nil || len(c.Redirs) > 0:
		return p.fail(at, "let takes no redirection").hint("let %s = $(command) takes what a command prints", w[1].Text)
	}
	c.Let, c.Words = w[1].Text, w[3:]
	return nil
}
