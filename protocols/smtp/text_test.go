package smtp

import (
	"bytes"
	"strings"
	"testing"

	"wireline/protocols/fault"
)

// wired is what becomes of a message on the wire, in pieces of n bytes.
func wired(text string, n int, dots bool) (string, error) {
	var b bytes.Buffer
	t := &textWriter{w: &b, dots: dots}
	for rest := []byte(text); len(rest) > 0; {
		k := min(n, len(rest))
		if _, err := t.Write(rest[:k]); err != nil {
			return "", err
		}
		rest = rest[k:]
	}
	err := t.Close()
	return b.String(), err
}

// I05, SMTP-06: whatever is in a message, on the wire every end of a line is
// CR LF, and no line is a dot by itself.
func TestText(t *testing.T) {
	for text, want := range map[string]string{
		"":                       "",
		"a":                      "a\r\n",
		"a\n":                    "a\r\n",
		"a\r\n":                  "a\r\n",
		"a\r":                    "a\r\n",
		".":                      "..\r\n",
		"\n.\n":                  "\r\n..\r\n",
		"x\n.\r\ny":              "x\r\n..\r\ny\r\n",
		"x\r.\r\ny":              "x\r\n..\r\ny\r\n",
		"x\r.\ry":                "x\r\n..\r\ny\r\n",
		"x\r\n.\r\ny":            "x\r\n..\r\ny\r\n",
		"x\n\n.\n":               "x\r\n\r\n..\r\n",
		"x\r\r\n.\r\n":           "x\r\n\r\n..\r\n",
		"\r\n.\r\nMAIL FROM:<a>": "\r\n..\r\nMAIL FROM:<a>\r\n",
		"..a\n.b\nc.\n":          "...a\r\n..b\r\nc.\r\n",
		"\r":                     "\r\n",
		"\r\n\r":                 "\r\n\r\n",
	} {
		for n := 1; n <= 4; n++ {
			if got, err := wired(text, n, true); err != nil || got != want {
				t.Errorf("%q in pieces of %d is %q, %v; want %q", text, n, got, err, want)
			}
		}
		plain, _ := wired(text, 100, false)
		if got := string(stuffed([]byte(plain))); got != want {
			t.Errorf("%q stuffed as a whole is %q, want %q", text, got, want)
		}
	}
}

// I05: what no server must be sent.
func TestTextRefused(t *testing.T) {
	for text, why := range map[string]string{
		"a\nb\x00c\n":                           "a NUL in line 2",
		"x\n" + strings.Repeat("y", 999) + "\n": "line 2 of the message is longer than 998 bytes",
	} {
		_, err := wired(text, 100, true)
		if fault.Of(err) != fault.BadArgument || !strings.Contains(err.Error(), why) {
			t.Errorf("%.20q: %v, want %s", text, err, why)
		}
	}
	if _, err := wired(strings.Repeat("y", 998)+"\r\n", 7, true); err != nil {
		t.Error(err)
	}
}

func FuzzText(f *testing.F) {
	f.Add("a\r\n.\r\nb", 3)
	f.Add("\r.\r\n.", 1)
	f.Fuzz(func(t *testing.T, text string, n int) {
		if n <= 0 || n > 1000 {
			n = 1
		}
		got, err := wired(text, n, true)
		if err != nil {
			return
		}
		if whole, _ := wired(text, len(text)+1, true); whole != got {
			t.Errorf("%q gives %q in pieces and %q as a whole", text, got, whole)
		}
		rest := strings.ReplaceAll(got, "\r\n", "")
		if strings.ContainsAny(rest, "\r\n") || got != "" && !strings.HasSuffix(got, "\r\n") {
			t.Errorf("%q has a bare CR or LF: %q", text, got)
		}
		if strings.Contains("\r\n"+got, "\r\n.\r\n") {
			t.Errorf("%q ends the message: %q", text, got)
		}
	})
}

func FuzzReply(f *testing.F) {
	f.Add("250-a\r\n250 b\r\n")
	f.Fuzz(func(t *testing.T, text string) {
		var r Reply
		for line := range strings.Lines(text) {
			done, ok := r.add(line)
			if !ok || done {
				break
			}
		}
		if len(r.Lines) > 0 && (r.Code < 200 || r.Code > 599) {
			t.Errorf("%q has code %d", text, r.Code)
		}
		_, _ = capsOf(r), r.enhanced()
	})
}

// BDAT chunks are of the size they say, and the last is LAST.
func TestChunks(t *testing.T) {
	var b bytes.Buffer
	n := 0
	c := &chunkWriter{w: &b, room: 4, before: func(bool) error { n++; return nil }}
	for _, p := range []string{"ab", "cdef", "g", "", "hijklmnop"} {
		c.Write([]byte(p))
	}
	c.Close()
	if got := b.String(); got != "BDAT 4\r\nabcdBDAT 4\r\nefghBDAT 4\r\nijklBDAT 4 LAST\r\nmnop" || n != 4 {
		t.Errorf("%d chunks: %q", n, got)
	}
}

func TestXtext(t *testing.T) {
	if got := xtext("a+b=c d\u00e4"); got != "a+2Bb+3Dc+20d+C3+A4" {
		t.Error(got)
	}
}
