package verb

import (
	"reflect"
	"strings"
	"time"
)

// Schema is a JSON Schema of what v takes and yields.
func (v Verb) Schema() map[string]any {
	args, flags := v.Params()
	props, req := map[string]any{}, []string{}
	for _, p := range append(args, flags...) {
		s := map[string]any{"type": jsonType(p.Type), "description": p.Help}
		if len(p.Enum) > 0 {
			s["enum"] = p.Enum
		}
		props[p.Name] = s
		if !p.Optional {
			req = append(req, p.Name)
		}
	}
	return map[string]any{
		"name": v.Name, "description": v.Short,
		"input":  map[string]any{"type": "object", "properties": props, "required": req},
		"output": map[string]any{"shape": v.Shape().String(), "fields": fields(v.Row())},
	}
}

func fields(t reflect.Type) map[string]string {
	m := map[string]string{}
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return m
	}
	for _, f := range reflect.VisibleFields(t) {
		if n, _, _ := strings.Cut(f.Tag.Get("json"), ","); n != "" && n != "-" {
			m[n] = jsonType(f.Type)
		}
	}
	return m
}

func jsonType(t reflect.Type) string {
	switch {
	case t == reflect.TypeFor[time.Time](), t == reflect.TypeFor[time.Duration]():
		return "string"
	case t.Kind() == reflect.Bool:
		return "boolean"
	case t.Kind() >= reflect.Int && t.Kind() <= reflect.Uint64:
		return "integer"
	case t.Kind() == reflect.Float32, t.Kind() == reflect.Float64:
		return "number"
	case t.Kind() == reflect.Slice && t.Elem().Kind() != reflect.Uint8:
		return "array"
	case t.Kind() == reflect.Map, t.Kind() == reflect.Struct:
		return "object"
	default:
		return "string"
	}
}
