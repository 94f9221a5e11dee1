package render

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

// A field is one of a struct, under its JSON name.
type field struct {
	name  string
	index []int
	omit  bool // when it is empty
	wide  bool // tagged show:"wide": in no table on a terminal, unless it was asked for
}

// fieldsOf lists the fields of struct type t that JSON would have, those of
// embedded structs in their place.
func fieldsOf(t reflect.Type) []field { return gather(nil, t, nil) }

func gather(fs []field, t reflect.Type, index []int) []field {
	for i := range t.NumField() {
		f := t.Field(i)
		name, opts, _ := strings.Cut(f.Tag.Get("json"), ",")
		at := append(append([]int(nil), index...), i)
		inner := f.Type
		if inner.Kind() == reflect.Pointer {
			inner = inner.Elem()
		}
		switch {
		case name == "-" && opts == "":
		case f.Anonymous && name == "" && inner.Kind() == reflect.Struct && !scalar(inner):
			fs = gather(fs, inner, at)
		case f.IsExported():
			if name == "" {
				name = f.Name
			}
			fs = append(fs, field{name, at, strings.Contains(opts, "omit"), f.Tag.Get("show") == "wide"})
		}
	}
	return fs
}

// of returns the field's value in v, or an invalid one behind a nil pointer.
func (f field) of(v reflect.Value) reflect.Value {
	for _, i := range f.index {
		if v = indirect(v); !v.IsValid() {
			return v
		}
		v = v.Field(i)
	}
	return v
}

// narrow are the fields for a table on a terminal.
func narrow(fs []field) []field {
	return slices.DeleteFunc(fs, func(f field) bool { return f.wide })
}

// chosen are the fields that want names, in that order; all, if it is empty.
func chosen(fs []field, want []string) ([]field, error) {
	if len(want) == 0 {
		return fs, nil
	}
	var names []string
	for _, f := range fs {
		names = append(names, f.name)
	}
	var some []field
next:
	for _, w := range want {
		for _, f := range fs {
			if strings.EqualFold(f.name, w) {
				some = append(some, f)
				continue next
			}
		}
		hint := fmt.Sprintf("there are %s", strings.Join(names, ", "))
		if near := verb.Nearest(w, names); near != "" {
			hint = fmt.Sprintf("did you mean %s?", near)
		}
		return nil, fault.New(fault.Usage, "no field %s", w).WithHint("%s", hint)
	}
	return some, nil
}
