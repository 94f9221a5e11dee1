package http

import (
	"io"
	"testing"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

// RFC 2397; Python: urllib.request.DataHandler.
func TestDataURL(t *testing.T) {
	for word, want := range map[string][2]string{
		"data:,A%20brief%20note":                 {"text/plain;charset=US-ASCII", "A brief note"},
		"data:text/plain;charset=utf-8,%C3%BC,x": {"text/plain;charset=utf-8", "ü,x"},
		"data:;charset=utf-8,x":                  {"text/plain;charset=utf-8", "x"},
		"data:;base64,aGVsbG8=":                  {"text/plain;charset=US-ASCII", "hello"},
		"DATA:image/gif;base64,R0lGODdh%20":      {"image/gif", "GIF87a"},
		"data:,":                                 {"text/plain;charset=US-ASCII", ""},
		"data:,x#fragment":                       {"text/plain;charset=US-ASCII", "x"},
	} {
		res, err := tool(t, "data", word)
		if err != nil {
			t.Errorf("%s: %v", word, err)
			continue
		}
		b := res.(*verb.Blob)
		text, _ := io.ReadAll(b)
		if b.Type != want[0] || string(text) != want[1] || b.Size != int64(len(want[1])) {
			t.Errorf("%s: %s, %q of %d bytes", word, b.Type, text, b.Size)
		}
	}
	for _, word := range []string{"data:x", "http://h/,", "", "data:;base64,!", "data:a b/c,x", "data:,\r\n"} {
		if _, err := tool(t, "data", word); fault.Of(err) != fault.BadArgument {
			t.Errorf("%q: %v", word, err)
		}
	}
}
