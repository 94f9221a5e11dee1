package render

import (
	"strings"
	"testing"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

type shapedRow struct {
	Name string `json:"name"`
	Size int64  `json:"size"`
	Note string `json:"note,omitempty" show:"wide"`
}

// rows and records as CSV and by a template, whole and exact for other
// programs, harmless on a terminal.
func TestShapes(t *testing.T) {
	rows := []shapedRow{{"a, \"b\"\n", 1, ""}, {"\x1b[2J", 22, "n"}}
	stream := verb.Stream[shapedRow](func(yield func(shapedRow, error) bool) {
		_ = yield(rows[0], nil) && yield(rows[1], nil)
	})
	for _, c := range []struct {
		res  any
		o    Options
		want string
	}{
		{stream, Options{CSV: true}, "name,size,note\n\"a, \"\"b\"\"\n\",1,\n\x1b[2J,22,n\n"},
		{rows, Options{CSV: true, Fields: []string{"size", "Name"}}, "size,name\n1,\"a, \"\"b\"\"\n\"\n22,\x1b[2J\n"},
		{stream, Options{CSV: true, Terminal: true, Color: true}, "name,size,note\n\"a, \"\"b\"\"\n\",1,\n\\x1b[2J,22,n\n"},
		{&rows[1], Options{CSV: true}, "name,size,note\n\x1b[2J,22,n\n"},
		{stream, Options{Template: "{size}\t{NAME}|"}, "1\ta, \"b\"\n|22\t\x1b[2J|"},
		{stream, Options{Template: "{size} {note}\n", Terminal: true}, "1 \n22 n\n"},
		{rows[1], Options{Template: "{} {no such} {{size}} {"}, "{} {no such} {22} {"},
		{stream, Options{Template: "x\n"}, "x\nx\n"},
		{"text", Options{CSV: true}, "text\n"},
		{stream, Options{Fields: []string{"size"}}, "1\n22\n"},
		{rows[1], Options{Fields: []string{"size"}}, "size: 22\n"},
	} {
		var out strings.Builder
		if err := Show(&out, &out, c.o, c.res); err != nil || out.String() != c.want {
			t.Errorf("%+v: %q, %v; want %q", c.o, out.String(), err, c.want)
		}
	}
	for _, o := range []Options{{Template: "{nam}"}, {CSV: true, Fields: []string{"nam"}}} {
		var out strings.Builder
		if err := Show(&out, &out, o, stream); fault.Of(err) != fault.Usage || !strings.Contains(fault.Hint(err), "name") || out.Len() > 0 {
			t.Errorf("%+v: %q, %v", o, out.String(), err)
		}
	}
}
