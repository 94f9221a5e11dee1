package verb

import (
	"fmt"
	"reflect"
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
