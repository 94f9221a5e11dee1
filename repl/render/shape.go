package render

import (
	"encoding/csv"
	"reflect"
	"strings"
)

// shaped reports whether rows and records have a form for other programs, in
// which nothing is aligned, left out or painted.
func (o Options) shaped() bool { return o.CSV || o.Template != "" }

// aligned reports whether tables are for people.
func (o Options) aligned() bool { return o.Terminal && !o.shaped() }

// cell is a value as a table has it.
func (t *table) cell(v reflect.Value) string {
	switch {
	case !t.o.shaped():
		return cell(v, t.o)
	case t.o.Terminal:
		return CleanText(text(v))
	}
	return text(v)
}

// shape writes a row in the form that was asked for.
func (t *table) shape(cells []string) {
	var b strings.Builder
	if t.o.CSV {
		w := csv.NewWriter(&b)
		w.Write(cells) // a Builder takes all
		w.Flush()
	} else {
		for i, s := range cells {
			b.WriteString(t.texts[i] + s)
		}
		b.WriteString(t.texts[len(cells)])
	}
	t.write(b.String())
}

// holes are the names in the braces of a template, and the texts before,
// between and behind them.
func holes(template string) (texts, names []string) {
	text := ""
	for {
		before, rest, open := strings.Cut(template, "{")
		name, after, closed := strings.Cut(rest, "}")
		switch {
		case !open:
			return append(texts, text+template), names
		case !closed || strings.Trim(strings.ToLower(name), "abcdefghijklmnopqrstuvwxyz0123456789_-") != "" || name == "":
			text, template = text+before+"{", rest
		default:
			texts, names = append(texts, text+before), append(names, name)
			text, template = "", after
		}
	}
}

// one is a struct as a slice of it.
func one(v reflect.Value) reflect.Value {
	return reflect.Append(reflect.MakeSlice(reflect.SliceOf(v.Type()), 0, 1), v)
}
