package syntax

import (
	"fmt"
	"strings"
)

// dump writes a script so that a table of tests can be read: words in
// brackets, lines apart by /.
func dump(s *Script) string {
	var lines []string
	for _, l := range s.Lines {
		var b strings.Builder
		if x := l.Block; x != nil {
			b.WriteString("if")
			if x.For != "" {
				b.WriteString(" " + x.For)
			}
			for _, w := range x.Words {
				b.WriteString("[" + dumpWord(w) + "]")
			}
			b.WriteString("{" + dump(x.Body) + "}")
			if x.Else != nil {
				b.WriteString("{" + dump(x.Else) + "}")
			}
			lines = append(lines, b.String())
			continue
		}
		for _, it := range l.Items {
			if it.Op != First {
				b.WriteString(" " + it.Op.String() + " ")
			}
			dumpCommand(&b, it.Cmd)
		}
		if l.Background {
			b.WriteString(" &")
		}
		lines = append(lines, b.String())
	}
	return strings.Join(lines, " / ")
}

func dumpCommand(b *strings.Builder, c Command) {
	if c.Ignore {
		b.WriteString("- ")
	}
	if c.Session != "" {
		b.WriteString("@" + c.Session + " ")
	}
	if c.Shell != "" {
		b.WriteString("!" + c.Shell)
	}
	if c.Let != "" {
		b.WriteString(c.Let + " = ")
	}
	for _, w := range c.Words {
		b.WriteString("[" + dumpWord(w) + "]")
	}
	for _, r := range c.Redirs {
		b.WriteString(" " + r.Op + "[" + dumpWord(r.File) + "]")
	}
	if c.Here != nil {
		fmt.Fprintf(b, " <<%s[%s]", c.Here.Mark, dumpWord(c.Here.Body))
	}
	if c.Pipe != "" {
		b.WriteString(" |" + c.Pipe)
	}
}

func dumpWord(w Word) string {
	var b strings.Builder
	for _, p := range w.Parts {
		switch p := p.(type) {
		case Lit:
			b.WriteString(strings.NewReplacer("\r", "␍", "\n", "␊", "\t", "␉", "\x00", "␀").Replace(string(p)))
		case Var:
			b.WriteString("‹" + string(p) + "›")
		case Sub:
			b.WriteString("‹(" + dump(p.Script) + ")›")
		}
	}
	return b.String()
}
