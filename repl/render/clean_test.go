package render

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
	"wireline/protocols/wire"
)

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"plain né 日本 👍":                    "plain né 日本 👍",
		"a\x1b[31mb":                       `a\x1b[31mb`,
		"a\r\nb\tc\x00\a":                  `a\x0d\x0ab\x09c\x00\x07`,
		"\x7f\b":                           `\x7f\x08`,
		"\u009b31m\x9b31m":                 `<U+009B>31m\x9b31m`,
		"\xff\xfe":                         `\xff\xfe`,
		"gpj.\u202eexe":                    "gpj.<U+202E>exe",
		"a\u200bb\ufeff\u2028":             "a<U+200B>b<U+FEFF><U+2028>",
		"\u3164\u034f":                     "<U+3164><U+034F>",
		`back\slash`:                       `back\slash`,
		"e" + strings.Repeat("\u0301", 10): "e" + strings.Repeat("\u0301", 8) + "<U+0301><U+0301>",
	} {
		if got := Clean(in); got != want {
			t.Errorf("%q\n got %s\nwant %s", in, got, want)
		}
	}
	if got, want := CleanText("a\r\n\tb\rc\x1b\n"), "a\n\tb\\x0dc\\x1b\n"; got != want {
		t.Errorf("text: got %q, want %q", got, want)
	}
}

// corpus is what servers have done to terminals (X01 to X04, X-35).
func corpus() []string {
	var all []string
	for c := range 0x20 {
		all = append(all, string(rune(c)))
	}
	for c := 0x7f; c < 0xa0; c++ {
		all = append(all, string([]byte{byte(c)}), string(rune(c)))
	}
	for r := rune(0x202a); r <= 0x202e; r++ {
		all = append(all, string(r))
	}
	for r := rune(0x2060); r <= 0x206f; r++ {
		all = append(all, string(r))
	}
	for _, s := range []string{"[2J", "[H", "[6n", "[c", "[>c", "[0c", "[5n", "[?1049h", "[?25l", "[?2004h", "[?1000h", "[?1003h", "[8m", "[31m", "[1;31;5m",
		"[99999;99999H", "[21t", "[14t", "[8;1;1t", "[4h", "[20h", "[!p", "[1$w", "]0;t\a", "]2;t\x1b\\", "]52;c;aGk=\a", "]52;c;?\a", "]4;1;?\a",
		"]10;?\a", "]11;?\x1b\\", "]8;;http://evil\x1b\\x", "]1337;File=:aGk=\a", "]777;notify;a;b\a", "]9;x\a", "]50;?\a", "]7;file://x\a",
		"P$qm\x1b\\", "P+q544e\x1b\\", "P1;2|x\x1b\\", "Ptmux;\x1b\x1b]0;x\a\x1b\\", "_G;x\x1b\\", "^x\x1b\\", "Xx\x1b\\", "c", "7", "8", "=", ">",
		"#8", "(0", ")B", "*0", "%G", "%@", "n", "o", "Z", "D", "M", "E", "N", "O", "\x1b", "[", "]", "P", "[200~ls\r", "[201~"} {
		all = append(all, "\x1b"+s)
	}
	all = append(all, "\xc0\x9b", "\xe0\x80\x9b", "\xc2", "\xc2\x1b[2J", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80",
		"\u200b", "\u200c", "\u200d", "\u200e", "\u200f", "\ufeff", "\u00ad", "\u061c", "\u180e", "\U000e0001", "\U000e0041", "\u2028", "\u2029",
		"\ue000", "\U000f0000", "\uffff", "\x0e\x0f", "a\rb", "\b\b\b   ", "\r\n\x1b", "~/\x1b]0;", "\x9d0;t\x9c", "\u009d0;t\u009c", "\x90$qm\x9c", "\x82\xa0\x83", "&AAAA\x1b-")
	return all
}

// harmless reports why s is not.
func harmless(s string) error {
	for i, r := range s {
		switch {
		case r == utf8.RuneError && s[i] != "\ufffd"[0]:
			return fmt.Errorf("byte %x at %d", s[i], i)
		case r == '\n' || r == '\t':
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Co, r), r == 0x2028, r == 0x2029:
			return fmt.Errorf("%U at %d", r, i)
		}
	}
	return nil
}

// No sequence of the corpus reaches a terminal through any field that is shown.
func TestCorpus(t *testing.T) {
	all := corpus()
	if len(all) < 200 {
		t.Fatalf("only %d sequences", len(all))
	}
	type row struct {
		Name string   `json:"name"`
		List []string `json:"list"`
		Data []byte   `json:"data"`
		Err  error    `json:"err"`
	}
	o := Options{Terminal: true}
	for _, s := range all {
		s = "a" + s + "b"
		for _, res := range []any{
			row{s, []string{s}, []byte(s), errors.New(s)}, &row{Name: s}, []row{{Name: s}}, []string{s}, s, map[string]string{s: s},
			struct{ In []row }{[]row{{Name: s}}}, struct{ In map[string]row }{map[string]row{s: {Name: s}}},
			verb.Stream[row](func(yield func(row, error) bool) { yield(row{Name: s}, nil) }), message(s), raw(s), errors.New(s), text2(s),
		} {
			if got := shown(t, o, res); harmless(got) != nil {
				t.Errorf("%q in a %T: %v in %q", s, res, harmless(got), got)
			}
		}
		var b bytes.Buffer
		if err := Show(&b, &b, o, &verb.Blob{ReadCloser: io.NopCloser(strings.NewReader("some text: " + s))}); err == nil && harmless(b.String()) != nil {
			t.Errorf("%q in a blob: %q", s, b.String())
		}
		b.Reset()
		Error(&b, o, "wireline", &fault.Error{Op: s, At: s, Phase: s, Code: s, Text: s, Kind: fault.Refused, Hint: s})
		Error(&b, o, s, &fault.Error{Text: s})
		for _, mode := range []string{"line", "hex", "jsonl"} {
			Trace(&b, mode, o)(wire.Event{What: "recv", Data: []byte(s), Note: s})
			Trace(&b, mode, o)(wire.Event{What: s, Note: s})
		}
		(&Envelope{Session: s, Text: s, Data: row{Name: s}}).Write(&b)
		if err := harmless(b.String()); err != nil {
			t.Errorf("%q in messages: %v in %q", s, err, b.String())
		}
	}
}

type message string

func (m message) Message() string { return string(m) }

type raw string

func (r raw) Raw() []byte { return []byte(r) }

type text2 string

func (s text2) String() string { return string(s) }

// What a Cleaner does is the same wherever the stream is cut.
func TestCleanerCuts(t *testing.T) {
	for _, s := range append(corpus(), "é\r\n日本\r\r\n👍\xf0\x9f", "\r", "\xf0\x9f\x91\x8d\x1b") {
		for i := range len(s) + 1 {
			var b strings.Builder
			c := NewCleaner(&b)
			io.WriteString(c, s[:i])
			io.WriteString(c, s[i:])
			c.Close()
			if got, want := b.String(), CleanText(s); got != want {
				t.Errorf("%q cut at %d: got %q, want %q", s, i, got, want)
			}
		}
	}
}

func FuzzClean(f *testing.F) {
	for _, s := range []string{"a\x1b]0;x\ab", "\u202e\xff\x9b\r\n", "é日👍"} {
		f.Add(s, 1)
	}
	f.Fuzz(func(t *testing.T, s string, cut int) {
		for _, got := range []string{Clean(s), CleanText(s)} {
			if err := harmless(got); err != nil {
				t.Fatalf("%q: %v", s, err)
			}
		}
		if strings.ContainsAny(Clean(s), "\n\t") {
			t.Fatalf("%q: more than a line", s)
		}
		cut = min(max(cut, 0), len(s))
		var b strings.Builder
		c := NewCleaner(&b)
		io.WriteString(c, s[:cut])
		io.WriteString(c, s[cut:])
		c.Close()
		if b.String() != CleanText(s) {
			t.Fatalf("%q cut at %d: %q", s, cut, b.String())
		}
	})
}
