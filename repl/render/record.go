package render

import (
	"io"
	"reflect"
	"strings"
)

// showRecord writes a struct or a map as lines "key: value".
func showRecord(out io.Writer, o Options, v reflect.Value) error {
	keys, values, err := pairs(v, o.Fields)
	if err != nil {
		return err
	}
	var b strings.Builder
	record(&b, o, keys, values, "")
	_, err = io.WriteString(out, b.String())
	return err
}

// pairs are the keys and the values of a struct or a map that are not blank.
func pairs(v reflect.Value, want []string) (keys []string, values []reflect.Value, err error) {
	add := func(k string, x reflect.Value) {
		if !blankValue(x) {
			keys, values = append(keys, k), append(values, x)
		}
	}
	if v.Kind() == reflect.Map {
		for _, k := range sortedKeys(v) {
			add(text(k), v.MapIndex(k))
		}
		return keys, values, nil
	}
	fs, err := chosen(fieldsOf(v.Type()), want)
	for _, f := range fs {
		if x := f.of(v); x.IsValid() && !(f.omit && x.IsZero()) {
			add(f.name, x)
		}
	}
	return keys, values, err
}

const maxIndent = 16

func record(b *strings.Builder, o Options, keys []string, values []reflect.Value, indent string) {
	widest := 0
	for i, k := range keys {
		if !nested(values[i]) {
			widest = max(widest, columns(cell(reflect.ValueOf(k), o)))
		}
	}
	for i, k := range keys {
		v := indirect(values[i])
		k = cell(reflect.ValueOf(k), o)
		b.WriteString(indent + o.paint(key, k+":"))
		if s := text(v); !nested(v) && strings.Contains(strings.TrimRight(s, "\n"), "\n") {
			b.WriteByte('\n')
			for line := range strings.Lines(s) {
				b.WriteString(indent + "  " + cell(reflect.ValueOf(strings.TrimRight(line, "\r\n")), o) + "\n")
			}
			continue
		}
		if !nested(v) || len(indent) >= maxIndent {
			b.WriteString(strings.Repeat(" ", max(0, widest-columns(k))+1) + cell(v, o) + "\n")
			continue
		}
		b.WriteByte('\n')
		inner := indent + "  "
		if v.Kind() == reflect.Slice || v.Kind() == reflect.Array {
			rows(b, o, v, inner)
			continue
		}
		ks, vs, _ := pairs(v, nil)
		record(b, o, ks, vs, inner)
	}
}

// rows writes a slice of structs within a record as an aligned table.
func rows(b *strings.Builder, o Options, v reflect.Value, indent string) {
	o.Terminal, o.Header, o.Fields = true, true, nil
	var inner strings.Builder
	// A Builder does not fail, and nothing is chosen that may be unknown.
	_ = showSlice(&inner, o, v)
	for line := range strings.Lines(inner.String()) {
		b.WriteString(indent + line)
	}
}

// nested reports whether v takes lines of its own within a record.
func nested(v reflect.Value) bool {
	v = indirect(v)
	if !v.IsValid() || scalar(v.Type()) || stringer(v) {
		return false
	}
	if v.Kind() != reflect.Slice && v.Kind() != reflect.Array {
		return true
	}
	t := v.Type().Elem()
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t.Kind() == reflect.Struct && !scalar(t)
}
