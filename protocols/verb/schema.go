package verb

import (
	"encoding"
	"encoding/json"
	"reflect"
	"strings"
	"time"
)

// Schema is a JSON Schema of what v takes and yields: of its arguments and
// flags as an object, and of its result, each row of it or its bytes.
func (v Verb) Schema() map[string]any {
	args, flags := v.Params()
	props, required := map[string]any{}, []string{}
	for _, p := range append(args, flags...) {
		props[p.Name] = p.Schema()
		if !p.Optional {
			required = append(required, p.Name)
		}
	}
	return map[string]any{
		"name": v.Name, "description": v.Short, "shape": v.Shape().String(),
		"input":  map[string]any{"type": "object", "properties": props, "required": required, "additionalProperties": false},
		"output": v.outputSchema(),
	}
}

// Schema is the JSON Schema of the value of p.
func (p Param) Schema() map[string]any {
	s := typeSchema(p.Type, nil)
	if p.Help != "" {
		s["description"] = p.Help
	}
	if len(p.Enum) > 0 {
		s["enum"] = p.Enum
	}
	return s
}

func (v Verb) outputSchema() map[string]any {
	if v.Shape() == Bytes {
		return map[string]any{"type": "string", "contentEncoding": "base64"}
	}
	if v.Run.result == nil {
		return map[string]any{}
	}
	return typeSchema(v.Row(), nil)
}

// typeSchema is the schema of a Go type as JSON has it. What an interface
// holds it cannot tell, nor what is within itself: those are {}.
func typeSchema(t reflect.Type, within []reflect.Type) map[string]any {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case t == reflect.TypeFor[time.Time]():
		return map[string]any{"type": []string{"string", "null"}, "format": "date-time"}
	case t == reflect.TypeFor[time.Duration]():
		return map[string]any{"type": "number"}
	case t == reflect.TypeFor[Size]():
		return map[string]any{"type": "integer"}
	case t == reflect.TypeFor[Input](), t == reflect.TypeFor[Output](), as[encoding.TextMarshaler](t):
		return map[string]any{"type": "string"}
	case as[json.Marshaler](t):
		return map[string]any{}
	}
	switch k := t.Kind(); {
	case k == reflect.Bool:
		return map[string]any{"type": "boolean"}
	case k >= reflect.Int && k <= reflect.Uint64:
		return map[string]any{"type": "integer"}
	case k == reflect.Float32, k == reflect.Float64:
		return map[string]any{"type": "number"}
	case k == reflect.String:
		return map[string]any{"type": "string"}
	case k == reflect.Slice && t.Elem().Kind() == reflect.Uint8:
		return map[string]any{"type": []string{"string", "object"}} // {"base64": …} where it is no text
	case k == reflect.Slice, k == reflect.Array:
		return map[string]any{"type": "array", "items": typeSchema(t.Elem(), within)}
	case k == reflect.Map:
		return map[string]any{"type": "object", "additionalProperties": typeSchema(t.Elem(), within)}
	case k == reflect.Struct:
		return structSchema(t, within)
	}
	return map[string]any{}
}

func as[M any](t reflect.Type) bool {
	m := reflect.TypeFor[M]()
	return t.Implements(m) || reflect.PointerTo(t).Implements(m)
}

func structSchema(t reflect.Type, within []reflect.Type) map[string]any {
	for _, outer := range within {
		if outer == t {
			return map[string]any{}
		}
	}
	within = append(within[:len(within):len(within)], t)
	props := map[string]any{}
	for _, f := range reflect.VisibleFields(t) {
		if n, _, _ := strings.Cut(f.Tag.Get("json"), ","); n != "" && n != "-" && f.IsExported() {
			props[n] = typeSchema(f.Type, within)
		}
	}
	return map[string]any{"type": "object", "properties": props}
}
