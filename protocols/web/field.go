package web

import (
	"net/http"
	"slices"
	"strings"
)

// A Field is one header.
type Field struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// named compares names, which are ASCII.
func (f *Field) named(name string) bool {
	return len(f.Name) == len(name) && strings.EqualFold(f.Name, name)
}

// Fields are headers in the order and the spelling in which they are sent, or
// have come. Names are compared without regard to case.
type Fields []Field

// Get is the first value of name, or "".
func (f Fields) Get(name string) string {
	if i := f.index(name); i >= 0 {
		return f[i].Value
	}
	return ""
}

// Has reports whether there is a header of that name.
func (f Fields) Has(name string) bool { return f.index(name) >= 0 }

func (f Fields) index(name string) int {
	return slices.IndexFunc(f, func(x Field) bool { return x.named(name) })
}

// Values are all values of name.
func (f Fields) Values(name string) (all []string) {
	for _, x := range f {
		if x.named(name) {
			all = append(all, x.Value)
		}
	}
	return all
}

// Add appends a header.
func (f *Fields) Add(name, value string) { *f = append(*f, Field{name, value}) }

// Set replaces all headers of that name by one, in the place of the first.
func (f *Fields) Set(name, value string) {
	i := f.index(name)
	if i < 0 {
		f.Add(name, value)
		return
	}
	f.Del(name)
	*f = slices.Insert(*f, i, Field{name, value})
}

// Del removes all headers of that name.
func (f *Fields) Del(name string) {
	*f = slices.DeleteFunc(*f, func(x Field) bool { return x.named(name) })
}

// has reports whether a header that is a list has word in it.
func (f Fields) has(name, word string) bool {
	for _, x := range f {
		if !x.named(name) {
			continue
		}
		for w := range strings.SplitSeq(x.Value, ",") {
			if strings.EqualFold(strings.TrimSpace(w), word) {
				return true
			}
		}
	}
	return false
}

// Header is f as net/http has it.
func (f Fields) Header() http.Header {
	h := http.Header{}
	for _, x := range f {
		h.Add(x.Name, x.Value)
	}
	return h
}

// fieldsOf is h in the order of its names.
func fieldsOf(h http.Header) (all Fields) {
	for name, values := range h {
		for _, v := range values {
			all.Add(name, v)
		}
	}
	slices.SortStableFunc(all, func(a, b Field) int { return strings.Compare(a.Name, b.Name) })
	return all
}
