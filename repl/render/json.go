package render

import (
	"encoding"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"reflect"
	"strconv"
	"time"
	"unicode/utf8"

	"wireline/protocols/fault"
)

// An encoder writes JSON as encoding/json does, but for what people and
// scripts expect here: a time.Duration is a number of seconds, []byte is text
// or {"base64":"..."}, a time that is not known is null, a nil slice is [],
// and what could harm a terminal is escaped.
type encoder struct {
	buf    []byte
	fields map[reflect.Type][]field
	depth  int
	want   []string // the fields of outermost records; nil: all
	inside bool     // a record
}

// line writes v and a line feed.
func (e *encoder) line(w io.Writer, v reflect.Value) error {
	e.buf, e.depth = e.buf[:0], 0
	if err := e.value(v); err != nil {
		return err
	}
	e.buf = append(e.buf, '\n')
	_, err := w.Write(e.buf)
	return err
}

const maxNesting = 100

func (e *encoder) value(v reflect.Value) error {
	if empty(v) {
		e.raw("null")
		return nil
	}
	if e.depth++; e.depth > maxNesting {
		return fault.New(fault.Internal, "a result is nested more than %d levels deep", maxNesting)
	}
	defer func() { e.depth-- }()
	if done, err := e.special(v); done {
		return err
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		return e.value(v.Elem())
	case reflect.String:
		e.string(v.String())
	case reflect.Bool:
		e.raw(strconv.FormatBool(v.Bool()))
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		e.buf = strconv.AppendInt(e.buf, v.Int(), 10)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		e.buf = strconv.AppendUint(e.buf, v.Uint(), 10)
	case reflect.Float32, reflect.Float64:
		e.float(v.Float())
	case reflect.Slice, reflect.Array:
		return e.slice(v)
	case reflect.Map:
		return e.object(v)
	case reflect.Struct:
		return e.record(v)
	default:
		return fault.New(fault.Internal, "a result holds a %s, which JSON has no form for", v.Type())
	}
	return nil
}

// special encodes values whose type says more than their kind.
func (e *encoder) special(v reflect.Value) (done bool, err error) {
	x := v.Interface()
	switch x := x.(type) {
	case time.Duration:
		e.float(x.Seconds())
		return true, nil
	case time.Time:
		if x.IsZero() {
			e.raw("null")
		} else {
			e.string(x.Format(time.RFC3339Nano))
		}
		return true, nil
	case json.RawMessage:
		if len(x) == 0 {
			x = json.RawMessage("null")
		}
		e.buf = append(e.buf, x...)
		return true, nil
	case []byte:
		e.bytes(x)
		return true, nil
	case json.Marshaler:
		b, err := x.MarshalJSON()
		e.buf = append(e.buf, b...)
		return true, err
	case encoding.TextMarshaler:
		b, err := x.MarshalText()
		e.string(string(b))
		return true, err
	case error:
		e.string(x.Error())
		return true, nil
	}
	return false, nil
}

func (e *encoder) raw(s string) { e.buf = append(e.buf, s...) }

func (e *encoder) bytes(p []byte) {
	if utf8.Valid(p) {
		e.string(string(p))
	} else {
		e.raw(`{"base64":"` + base64.StdEncoding.EncodeToString(p) + `"}`)
	}
}

func (e *encoder) float(f float64) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		e.raw("null")
		return
	}
	b, _ := json.Marshal(f)
	e.buf = append(e.buf, b...)
}

// string writes s with all escaped that is not seen.
func (e *encoder) string(s string) {
	e.raw(`"`)
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			e.buf = append(e.buf, '\\', byte(r))
		case r == '\n':
			e.raw(`\n`)
		case r == '\r':
			e.raw(`\r`)
		case r == '\t':
			e.raw(`\t`)
		case r == utf8.RuneError || r < utf8.RuneSelf && r >= ' ' && r != 0x7f || r >= utf8.RuneSelf && seen(r):
			e.buf = utf8.AppendRune(e.buf, r)
		case r > 0xffff:
			r -= 0x10000
			e.buf = fmt.Appendf(e.buf, `\u%04x\u%04x`, 0xd800+r>>10, 0xdc00+r&0x3ff)
		default:
			e.buf = fmt.Appendf(e.buf, `\u%04x`, r)
		}
	}
	e.raw(`"`)
}

func (e *encoder) slice(v reflect.Value) error {
	if v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Uint8 {
		e.bytes(v.Bytes())
		return nil
	}
	e.raw("[")
	for i := range v.Len() {
		if i > 0 {
			e.raw(",")
		}
		if err := e.value(v.Index(i)); err != nil {
			return err
		}
	}
	e.raw("]")
	return nil
}

func (e *encoder) object(v reflect.Value) error {
	e.raw("{")
	for i, k := range sortedKeys(v) {
		if i > 0 {
			e.raw(",")
		}
		e.string(text(k))
		e.raw(":")
		if err := e.value(v.MapIndex(k)); err != nil {
			return err
		}
	}
	e.raw("}")
	return nil
}

func (e *encoder) record(v reflect.Value) error {
	if e.want != nil && !e.inside {
		return e.some(v)
	}
	fs, ok := e.fields[v.Type()]
	if !ok {
		if e.fields == nil {
			e.fields = map[reflect.Type][]field{}
		}
		fs = fieldsOf(v.Type())
		e.fields[v.Type()] = fs
	}
	return e.members(v, fs)
}

// some writes those fields of an outermost record that are wanted, in their
// order.
func (e *encoder) some(v reflect.Value) error {
	fs, err := chosen(fieldsOf(v.Type()), e.want)
	if err != nil {
		return err
	}
	e.inside = true
	defer func() { e.inside = false }()
	return e.members(v, fs)
}

func (e *encoder) members(v reflect.Value, fs []field) error {
	e.raw("{")
	first := true
	for _, f := range fs {
		x := f.of(v)
		if !x.IsValid() || f.omit && vacant(x) {
			continue
		}
		if !first {
			e.raw(",")
		}
		first = false
		e.string(f.name)
		e.raw(":")
		if err := e.value(x); err != nil {
			return err
		}
	}
	e.raw("}")
	return nil
}

// vacant reports whether omitempty leaves v out; a time that is not known is.
func vacant(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Slice, reflect.Map:
		return v.Len() == 0
	}
	return v.IsZero()
}

// Pick is the JSON of data with only those fields of its records, or of the
// record that it is.
func Pick(data any, fields []string) (any, error) {
	e := &encoder{want: fields}
	if err := e.value(reflect.ValueOf(data)); err != nil {
		return nil, err
	}
	return json.RawMessage(e.buf), nil
}
