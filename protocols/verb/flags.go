package verb

import (
	"fmt"
	"reflect"
	"strings"
)

// Get is the value of flag p in a struct of flags, as text; "" when it is not
// set.
func Get(set any, p Param) string {
	f := reflect.ValueOf(set).Elem().FieldByIndex(p.index)
	if f.IsZero() {
		return ""
	}
	if f.Kind() == reflect.Pointer {
		f = f.Elem()
	}
	return fmt.Sprint(f.Interface())
}

// Clear puts the flag called name back to nothing in whichever of sets has it.
func Clear(name string, sets ...any) bool {
	for _, s := range sets {
		for _, p := range Flags(s) {
			if p.Name == name {
				reflect.ValueOf(s).Elem().FieldByIndex(p.index).SetZero()
				return true
			}
		}
	}
	return false
}

// Span is how many words the flag w takes, its value included, if it is one of
// flags, or letters of several; else 0.
func Span(flags []Param, w string) int {
	b := binder{}
	for _, f := range flags {
		b.flags = append(b.flags, flagIn{Param: f})
	}
	if name, long := strings.CutPrefix(w, "--"); long {
		name, _, has := strings.Cut(name, "=")
		return span(b.find(name, false), has)
	}
	for rest := strings.TrimPrefix(w, "-"); rest != ""; rest = rest[1:] {
		f := b.find(rest[:1], true)
		if f == nil || !f.Bool() || len(rest) == 1 {
			return span(f, len(rest) > 1)
		}
	}
	return 0
}

func span(f *flagIn, has bool) int {
	switch {
	case f == nil:
		return 0
	case has || f.Bool():
		return 1
	}
	return 2
}
