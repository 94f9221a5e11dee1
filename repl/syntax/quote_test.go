package syntax

import "testing"

func TestQuote(t *testing.T) {
	for in, want := range map[string]string{
		"": "''", "a": "a", "a b": "'a b'", "it's": `"it's"`, "INBOX;UID=5": "'INBOX;UID=5'",
		"$x": "'$x'", "'$x": `"'\$x"`, "a\r\nb": `"a\r\nb"`, "\x00\x1b\xff": `"\x00\x1b\xff"`,
		"@3": "'@3'", "!ls": "'!ls'", "-x": "-x", "é": "'é'", "http://h/?a=1": "http://h/?a=1",
		`a\b`: `'a\b'`, "a\u202eb": `"a\u{202e}b"`,
	} {
		if got := Quote(in); got != want {
			t.Errorf("%q: got %s, want %s", in, got, want)
		}
	}
}

// Only the documented escapes are read (I10).
func TestEscape(t *testing.T) {
	for in, want := range map[string]string{
		"plain": "plain", `\r\n\t\0`: "\r\n\t\x00", `\x00\xfF`: "\x00\xff", `\u{1F600}\u{41}`: "😀A",
		`\\n\"\$`: `\n"$`, `\a\e\d\'\`: `\a\e\d\'\`, `\01`: "\x001", "\xff": "\xff",
	} {
		if got, err := Escape(in); string(got) != want || err != nil {
			t.Errorf("%s: got %q, %v; want %q", in, got, err, want)
		}
	}
	for _, in := range []string{`\x`, `\x4`, `\x4g`, `\x+4`, `\u`, `\u41`, `\u{`, `\u{}`, `\u{110000}`, `\u{d800}`, `\u{0000000041}`, `\u{+41}`} {
		if got, err := Escape(in); err == nil {
			t.Errorf("%s: got %q, want an error", in, got)
		}
	}
}
