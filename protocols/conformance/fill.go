package conformance

import (
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"time"

	"wireline/protocols"
	"wireline/protocols/verb"
)

// tripType takes a value of type t, with nothing left empty, through JSON
// and back. What a type cannot tell, such as any, is left to transcripts.
func tripType(t reflect.Type) error {
	if t == reflect.TypeFor[*verb.Blob]() || t.Implements(reflect.TypeFor[protocols.Session]()) || t.Kind() == reflect.Interface {
		return nil
	}
	v := reflect.New(t).Elem()
	fill(v, 0)
	text, err := trip(v.Interface())
	if err != nil {
		return err
	}
	back := reflect.New(t)
	if err := json.Unmarshal(text, back.Interface()); err != nil {
		return err
	}
	if !reflect.DeepEqual(v.Interface(), back.Elem().Interface()) {
		return fmt.Errorf("%v loses something in JSON: %+v becomes %+v", t, v.Interface(), back.Elem().Interface())
	}
	return nil
}

var (
	fromJSON = reflect.TypeFor[json.Unmarshaler]()
	fromText = reflect.TypeFor[encoding.TextUnmarshaler]()
)

// fill sets all of v that JSON may show.
func fill(v reflect.Value, depth int) {
	if v.Type() == reflect.TypeFor[time.Time]() {
		v.Set(reflect.ValueOf(time.Date(2026, 3, 1, 12, 30, 0, 0, time.UTC)))
		return
	}
	if p := reflect.PointerTo(v.Type()); depth > 6 || p.Implements(fromJSON) || p.Implements(fromText) {
		return // its values have a form of their own
	}
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(true)
	case reflect.String:
		v.SetString("täxt \x01 \"<&\r\n")
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), depth+1)
	case reflect.Array:
		for i := range v.Len() {
			fill(v.Index(i), depth+1)
		}
	case reflect.Map:
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(key, depth+1)
		fill(value, depth+1)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), depth+1)
	case reflect.Struct:
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if f.IsExported() && f.Tag.Get("json") != "-" {
				fill(v.Field(i), depth+1)
			}
		}
	default:
		switch {
		case v.CanInt():
			v.SetInt(7)
		case v.CanUint():
			v.SetUint(7)
		case v.CanFloat():
			v.SetFloat(7.5)
		}
	}
}
