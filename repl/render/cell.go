package render

import (
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// text is v on one line, as people read it, not yet clean.
func text(v reflect.Value) string {
	if v = indirect(v); !v.IsValid() {
		return ""
	}
	switch x := v.Interface().(type) {
	case time.Time:
		if x.IsZero() {
			return ""
		}
		return x.Local().Format("2006-01-02 15:04:05")
	case time.Duration:
		return span(x)
	case []byte:
		return string(x)
	case json.RawMessage:
		return string(x)
	case error:
		return x.Error()
	case fmt.Stringer:
		return x.String()
	case encoding.TextMarshaler:
		b, _ := x.MarshalText()
		return string(b)
	}
	if s, ok := pointed(v).(fmt.Stringer); ok {
		return s.String()
	}
	switch v.Kind() {
	case reflect.String:
		return v.String()
	case reflect.Bool:
		return map[bool]string{true: "yes", false: "no"}[v.Bool()]
	case reflect.Float32, reflect.Float64:
		return strings.TrimSuffix(strings.TrimRight(strconv.FormatFloat(v.Float(), 'f', 3, 64), "0"), ".")
	case reflect.Slice, reflect.Array:
		var all []string
		for i := range v.Len() {
			all = append(all, text(v.Index(i)))
		}
		return strings.Join(all, ", ")
	case reflect.Map:
		var all []string
		for _, k := range sortedKeys(v) {
			all = append(all, text(k)+"="+text(v.MapIndex(k)))
		}
		return strings.Join(all, " ")
	case reflect.Struct:
		var all []string
		for _, f := range fieldsOf(v.Type()) {
			if x := f.of(v); !blankValue(x) {
				all = append(all, f.name+"="+text(x))
			}
		}
		return strings.Join(all, " ")
	}
	return fmt.Sprint(v.Interface())
}

// lineOf is what v is as a line of its own, on a terminal or not.
func lineOf(v reflect.Value, o Options) string {
	s := text(v)
	if o.Terminal && !o.Raw {
		s = Clean(s)
	}
	return s
}

// cell is v in a table: clean on a terminal; elsewhere it only must not break
// the table.
func cell(v reflect.Value, o Options) string {
	s := text(v)
	if o.Terminal {
		return Clean(s)
	}
	if !strings.ContainsAny(s, "\t\r\n") {
		return s
	}
	return strings.NewReplacer("\t", `\x09`, "\r", `\x0d`, "\n", `\x0a`).Replace(s)
}

// span is a time span to three digits or so.
func span(d time.Duration) string {
	for _, unit := range []time.Duration{time.Second, time.Millisecond, time.Microsecond} {
		if d >= unit || d <= -unit {
			return d.Round(unit / 1000).String()
		}
	}
	return d.String()
}

// blankValue reports whether a record leaves v out: there is nothing in it.
func blankValue(v reflect.Value) bool {
	v = indirect(v)
	if !v.IsValid() {
		return true
	}
	switch x := v.Interface().(type) {
	case time.Time:
		return x.IsZero()
	case time.Duration:
		return x == 0
	}
	switch v.Kind() {
	case reflect.String, reflect.Slice, reflect.Map:
		return v.Len() == 0
	}
	return false
}

// scalar reports whether values of type t are one piece of text, though their
// kind is a struct, a slice or a map.
func scalar(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Struct, reflect.Map, reflect.Slice, reflect.Array:
	default:
		return true
	}
	return t == reflect.TypeFor[time.Time]() || t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Uint8 ||
		t.Implements(reflect.TypeFor[encoding.TextMarshaler]()) || t.Implements(reflect.TypeFor[error]())
}

// pointed is the address of v as an interface, for methods that need one.
func pointed(v reflect.Value) any {
	if v.CanAddr() {
		return v.Addr().Interface()
	}
	return nil
}

func sortedKeys(v reflect.Value) []reflect.Value {
	keys := v.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	return keys
}
