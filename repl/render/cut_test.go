package render

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"wireline/protocols/verb"
)

// X05: of a line of 10 MB a terminal is shown 64 KiB and a notice; all else is
// as it was, and a file or a pipe gets everything.
func TestCut(t *testing.T) {
	const n = 10_000_000
	long := strings.Repeat("x", n)
	text := "before\n" + long + "\nafter\n" + strings.Repeat("y", maxShown) + "\nend\n"
	notice := fmt.Sprintf("(%d more bytes of this line are not shown; -o FILE or | has them all)\n", n-maxShown)
	want := "before\n" + long[:maxShown] + "\n" + notice + "after\n" + strings.Repeat("y", maxShown) + "\nend\n"
	for name, res := range map[string]func() any{
		"string": func() any { return text },
		"blob":   func() any { return &verb.Blob{ReadCloser: io.NopCloser(strings.NewReader(text))} },
		"pieces": func() any {
			return &verb.Blob{ReadCloser: io.NopCloser(io.MultiReader(strings.NewReader(text[:3]), strings.NewReader(text[3:70_000]), strings.NewReader(text[70_000:])))}
		},
	} {
		var out, plain bytes.Buffer
		if err := Show(&out, io.Discard, Options{Terminal: true}, res()); err != nil || out.String() != want {
			t.Errorf("%s: %d bytes, want %d: %v", name, out.Len(), len(want), err)
		}
		if err := Show(&plain, io.Discard, Options{}, res()); err != nil || plain.String() != text {
			t.Errorf("%s: a pipe got %d bytes, want %d: %v", name, plain.Len(), len(text), err)
		}
	}
}
