package verb

import (
	"reflect"
	"strings"
)

// Usage is the one-line synopsis of v.
func (v Verb) Usage() string {
	args, flags := v.Params()
	var b strings.Builder
	b.WriteString(v.Name)
	for _, f := range flags {
		b.WriteString(" [" + f.Usage() + "]")
	}
	for _, a := range args {
		b.WriteString(" " + a.Usage())
	}
	return b.String()
}

// Usage is how p stands in a synopsis.
func (p Param) Usage() string {
	if p.Flag {
		n := "--" + p.Name
		if p.Letter != "" {
			n = "-" + p.Letter
		}
		if !p.Bool() {
			n += " " + p.Placeholder()
		}
		return n
	}
	n := p.Placeholder()
	if p.Rest {
		n += "..."
	}
	if p.Optional {
		n = "[" + n + "]"
	}
	return n
}

// Placeholder is the word that stands for the value of p.
func (p Param) Placeholder() string {
	if len(p.Enum) > 0 {
		return strings.Join(p.Enum, "|")
	}
	if !p.Flag {
		return strings.ToUpper(p.Name)
	}
	switch t := p.Type; {
	case t == reflect.TypeFor[Size]():
		return "SIZE"
	case t.String() == "time.Duration":
		return "SEC"
	case t.Kind() >= reflect.Int && t.Kind() <= reflect.Uint64:
		return "N"
	default:
		return strings.ToUpper(p.Name)
	}
}
