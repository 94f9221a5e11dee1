package syntax

import (
	"strings"

	"wireline/protocols/fault"
)

// An Env knows the values that words are made of. If it has a method
// Near(name string) string, that is asked for the variable that may have been
// meant by an unknown name.
type Env interface {
	Var(name string) (value string, ok bool)
	Run(*Script) (output string, err error)
}

// Literal returns the word if it is the same in every Env.
func (w Word) Literal() (string, bool) {
	var b strings.Builder
	for _, p := range w.Parts {
		l, ok := p.(Lit)
		if !ok {
			return "", false
		}
		b.WriteString(string(l))
	}
	return b.String(), true
}

// Expand returns the word with its variables and commands replaced. Line
// feeds at the end of a command's output are dropped. An unknown variable is
// a fault.Usage.
func (w Word) Expand(e Env) (string, error) {
	var b strings.Builder
	for _, p := range w.Parts {
		switch p := p.(type) {
		case Lit:
			b.WriteString(string(p))
		case Var:
			v, ok := e.Var(string(p))
			if !ok {
				return "", unknown(e, string(p))
			}
			b.WriteString(v)
		case Sub:
			out, err := e.Run(p.Script)
			if err != nil {
				return "", err
			}
			b.WriteString(strings.TrimRight(out, "\r\n"))
		}
	}
	return b.String(), nil
}

func unknown(e Env, name string) error {
	err := fault.New(fault.Usage, "no variable $%s", name)
	if n, ok := e.(interface{ Near(string) string }); ok {
		if near := n.Near(name); near != "" {
			return err.WithHint("did you mean $%s?", near)
		}
	}
	return err.WithHint("let %s = VALUE sets it; '$%s' in quotes is text", name, name)
}
