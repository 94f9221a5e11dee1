package render

import (
	"fmt"
	"io"
	"reflect"
	"strings"

	"wireline/protocols/verb"
)

// Show writes the result of a verb: data to out, remarks to msg. What a
// result is decides its form:
//
//	*verb.Blob               its bytes; it is closed
//	verb.Texter              what its Text writes, where plain lines are wanted
//	verb.Stream              rows of a table, or lines of JSON, as they come
//	verb.Message             a line on msg
//	Raw() []byte             those bytes
//	string, fmt.Stringer     a line or lines
//	slice                    a table, or lines
//	struct, map              "key: value" lines
//
// With o.JSON all but blobs and streams is one line of JSON. An error of a
// stream is returned after the rows before it are written.
func Show(out, msg io.Writer, o Options, res any) error {
	w := &output{w: out}
	if o.Terminal && !o.Raw {
		cut := &cutter{w: out}
		w.w = cut
		defer cut.end(nil)
	}
	err := show(w, msg, o, res)
	if w.err != nil {
		return w.err
	}
	return err
}

func show(out *output, msg io.Writer, o Options, res any) error {
	v := reflect.ValueOf(res)
	if empty(v) {
		return nil
	}
	b, blob := res.(*verb.Blob)
	switch {
	case blob && !o.JSON:
		return showBlob(out, o, b)
	case o.plain() && texter(res):
		return showPlain(out, res.(verb.Texter))
	case IsStream(res):
		return showStream(out, o, v)
	case o.JSON:
		data, err := Data(res)
		if err != nil {
			return err
		}
		return (&encoder{want: o.Fields}).line(out, reflect.ValueOf(data))
	}
	switch r := res.(type) {
	case verb.Document:
		text := io.NopCloser(strings.NewReader(r.String()))
		return showBlob(out, o, &verb.Blob{Type: r.MediaType(), ReadCloser: text})
	case verb.Message:
		_, err := io.WriteString(msg, ended(CleanText(r.Message())))
		return err
	case interface{ Raw() []byte }:
		return showBytes(out, o, r.Raw())
	case string:
		return showString(out, o, r)
	case error:
		return showString(out, o, r.Error())
	}
	switch v = indirect(v); v.Kind() {
	case reflect.Slice, reflect.Array:
		if !scalar(v.Type()) {
			return showSlice(out, o, v)
		}
	case reflect.Struct, reflect.Map:
		if !scalar(v.Type()) && !stringer(v) {
			if o.shaped() && v.Kind() == reflect.Struct {
				return showSlice(out, o, one(v))
			}
			return showRecord(out, o, v)
		}
	}
	return showString(out, o, text(v))
}

// IsStream reports whether res is a verb.Stream.
func IsStream(res any) bool {
	t := reflect.TypeOf(res)
	return t != nil && t.Kind() == reflect.Func && t.CanSeq2()
}

// Reports reports whether the rows of res tell what was done (verb.Report).
func Reports(res any) bool {
	return IsStream(res) && reflect.TypeOf(res).In(0).In(0).Implements(reflect.TypeFor[verb.Report]())
}

// empty reports whether there is nothing to show.
func empty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Invalid:
		return true
	case reflect.Pointer, reflect.Func, reflect.Interface:
		return v.IsNil()
	}
	return false
}

// indirect follows pointers and interfaces to what they hold, or to an
// invalid Value.
func indirect(v reflect.Value) reflect.Value {
	for v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface {
		v = v.Elem()
	}
	return v
}

func stringer(v reflect.Value) bool {
	if _, ok := pointed(v).(fmt.Stringer); ok {
		return true
	}
	_, ok := v.Interface().(fmt.Stringer)
	return ok
}

// showString writes lines of text.
func showString(out io.Writer, o Options, s string) error {
	if o.Terminal && !o.Raw {
		s = CleanText(s)
	}
	_, err := io.WriteString(out, ended(s))
	return err
}

// ended is s with a line feed at its end.
func ended(s string) string {
	if strings.HasSuffix(s, "\n") {
		return s
	}
	return s + "\n"
}
