package wire

import "testing"

func FuzzAliases(f *testing.F) {
	f.Add([]byte("\x00\x01\x81\x80\x00\x01\x00\x01\x00\x00\x00\x00\x01a\x00\x00\x01\x00\x01\xc0\x0c\x00\x05\x00\x01\x00\x00\x00\x3c\x00\x02\xc0\x0c"), "a")
	f.Add([]byte("\x00\x01\x81\x80\x00\x00\x00\x01\x00\x00\x00\x00\xc0\x0c"), "")
	f.Fuzz(func(t *testing.T, p []byte, name string) {
		circle(aliases(p), name) // ends, and does not panic
	})
}

func TestCircle(t *testing.T) {
	for _, x := range []struct {
		aliases map[string]string
		want    string
	}{
		{map[string]string{"a": "a"}, "a, a"},
		{map[string]string{"a": "b", "b": "c", "c": "b"}, "a, b, c, b"},
		{map[string]string{"a": "b", "b": "c"}, ""},
		{nil, ""},
	} {
		if got := circle(x.aliases, "A"); got != x.want {
			t.Errorf("%v: %q, want %q", x.aliases, got, x.want)
		}
	}
}
