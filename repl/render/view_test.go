package render_test

import (
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"wireline/protocols/verb"
	"wireline/repl/render"
)

// HTTP-01: on a terminal JSON is laid out, wherever it is cut; what is none
// passes as it is.
func TestJSONLayout(t *testing.T) {
	deep := strings.Repeat("[", 100_000)
	for in, want := range map[string]string{
		`{"a":1,"b":[true,null],"c":{},"d":[],"e":"x\"y"}`: "{\n  \"a\": 1,\n  \"b\": [\n    true,\n    null\n  ],\n  \"c\": {},\n  \"d\": [],\n  \"e\": \"x\\\"y\"\n}\n",
		" 12 ":                             "12\n",
		`"x"`:                              "\"x\"\n",
		"[1]\n[2]\n":                       "[\n  1\n]\n[\n  2\n]\n",
		"Not JSON, [1]":                    "Not JSON, [1]\n",
		"":                                 "",
		`{"a":1}} x y`:                     "{\n  \"a\": 1\n}\n} x y\n",
		`["cut`:                            "[\n  \"cut\n\n",
		`["\u001b[31m` + "\x1b[31m" + `"]`: "[\n  \"\\u001b[31m\\x1b[31m\"\n]\n",
	} {
		for _, ctype := range []string{"application/json; charset=utf-8", "application/problem+json"} {
			for name, r := range map[string]io.Reader{"whole": strings.NewReader(in), "bytes": iotest.OneByteReader(strings.NewReader(in))} {
				var out strings.Builder
				b := &verb.Blob{Size: -1, Type: ctype, ReadCloser: io.NopCloser(r)}
				if err := render.Show(&out, io.Discard, render.Options{Terminal: true}, b); err != nil || out.String() != want {
					t.Errorf("%s, %s: %q, %v; want %q", in, name, out.String(), err, want)
				}
			}
		}
	}
	var out strings.Builder
	b := &verb.Blob{Type: "application/json", ReadCloser: io.NopCloser(strings.NewReader(deep))}
	if err := render.Show(&out, io.Discard, render.Options{Terminal: true}, b); err != nil || out.Len() > 100*len(deep) {
		t.Errorf("%v: %d bytes became %d", err, len(deep), out.Len())
	}
}

type parted struct {
	io.ReadCloser
	parts []*verb.Blob
}

func (p *parted) View() (*verb.Blob, error) {
	if len(p.parts) == 0 {
		return nil, nil
	}
	one := p.parts[0]
	p.parts = p.parts[1:]
	return one, nil
}

// HTTP-13: on a terminal the parts of a result are shown each in its own
// manner, in colour; elsewhere the bytes are what they are.
func TestView(t *testing.T) {
	text := func(ctype, s string) *verb.Blob {
		return &verb.Blob{Type: ctype, ReadCloser: io.NopCloser(strings.NewReader(s))}
	}
	make := func() *verb.Blob {
		b := text("", "as it came")
		b.ReadCloser = &parted{b.ReadCloser, []*verb.Blob{
			text("message/http", "GET / HTTP/1.1\nHost: h\n\n"), text("message/http", "HTTP/1.1 404 Not Found\nA: \x1b[1mb\n\n"), text("application/json", `{"a":1}`),
		}}
		return b
	}
	for _, c := range []struct {
		o    render.Options
		want string
	}{
		{render.Options{}, "as it came"},
		{render.Options{Terminal: true}, "GET / HTTP/1.1\nHost: h\n\nHTTP/1.1 404 Not Found\nA: \\x1b[1mb\n\n{\n  \"a\": 1\n}\n"},
		{render.Options{Terminal: true, Color: true}, "\x1b[1mGET / HTTP/1.1\x1b[0m\n\x1b[36mHost\x1b[0m: h\n\n\x1b[31mHTTP/1.1 404 Not Found\x1b[0m\n\x1b[36mA\x1b[0m: \\x1b[1mb\n\n{\n  \x1b[36m\"a\"\x1b[0m: \x1b[33m1\x1b[0m\n}\n"},
	} {
		var out strings.Builder
		if err := render.Show(&out, io.Discard, c.o, make()); err != nil || out.String() != c.want {
			t.Errorf("%+v: %q, %v; want %q", c.o, out.String(), err, c.want)
		}
	}
}
