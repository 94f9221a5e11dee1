package syntax

import "strings"

// shell reads text for the system's shell: the rest of the line, with the
// lines joined to it, and within $( up to its ).
func (p *parser) shell() string {
	start := p.off
	var quote byte
	for parens := 0; p.off < p.end; p.off++ {
		c := p.text[p.off]
		if c == '\n' && !joined(p.text[start:p.off]) {
			break
		}
		if p.depth == 0 {
			continue
		}
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			} else if c == '\\' && quote == '"' && p.off+1 < p.end {
				p.off++
			}
		case c == '\'' || c == '"':
			quote = c
		case c == '\\' && p.off+1 < p.end && p.text[p.off+1] != '\n':
			p.off++
		case c == '(':
			parens++
		case c == ')':
			if parens--; parens < 0 {
				return p.shellText(start)
			}
		}
	}
	return p.shellText(start)
}

func (p *parser) shellText(start int) string {
	p.off = min(p.off, p.end)
	p.look.shell(p, start)
	text := strings.TrimRight(p.text[start:p.off], " \t\r\n")
	p.last = start + len(text)
	return strings.TrimLeft(text, " \t")
}

// joined reports whether line ends in a blank and a backslash.
func joined(line string) bool {
	line, _ = strings.CutSuffix(line, "\r")
	return strings.HasSuffix(line, " \\") || strings.HasSuffix(line, "\t\\")
}
