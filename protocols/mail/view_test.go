package mail

import (
	"bytes"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"
)

func show(t *testing.T, text string, v View) string {
	t.Helper()
	var b bytes.Buffer
	if err := Show(&b, strings.NewReader(strings.ReplaceAll(text, "\n", "\r\n")), v); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

const nested = `From: a@x
Subject: s
X-More: m
Content-Type: multipart/mixed; boundary="o"

preamble
--o
Content-Type: multipart/alternative; boundary=i

--i

plain text
--i
Content-Type: text/html

<html><head><title>T</title><body><p>HTML <b>text</b><br>line &amp; more <a href="http://x/">link</a></p><ul><li>one<li>two</ul><script>x</script></body>
--i--
between
--o
Content-Type: image/png; name="=?utf-8?q?b=C3=BCld.png?="
Content-Transfer-Encoding: base64

AAAA
--o
Content-Disposition: attachment; filename*=utf-8''%C3%A4.txt

attached text
--o
Content-Type: message/rfc822

Subject: inner

inner text
--o--
epilogue
`

// POP-06, IMAP-10: the text of a message, and a line for what is not text.
func TestShow(t *testing.T) {
	want := "From: a@x\nSubject: s\n\nplain text\n\n[part 2: image/png \"büld.png\", 4 bytes]\n\n[part 3: text/plain \"ä.txt\", 13 bytes]\n\n[part 4: message/rfc822, 28 bytes]\n"
	if got := show(t, nested, View{}); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	got := show(t, nested, View{HTML: true, AllFields: true})
	if !strings.Contains(got, "<p>HTML <b>") || strings.Contains(got, "plain text") || !strings.Contains(got, "X-More: m\n") {
		t.Errorf("got %s", got)
	}
	html := strings.Replace(strings.Replace(nested, "--i\n\nplain text\n", "", 1), "</head>", "", 1)
	if got := show(t, html, View{}); !strings.Contains(got, "\n\nHTML text\nline & more link <http://x/>\n\n* one\n* two\n") {
		t.Errorf("got %s", got)
	}
}

func TestCharsets(t *testing.T) {
	for typ, want := range map[string]string{
		"text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\nGr=FC=\n=DFe":     "Grüße\n",
		"text/plain; charset=utf-8\nContent-Transfer-Encoding: BASE64\n\nR3LD\n vMOf!ZQ==\n":              "Grüße\n",
		"text/plain; charset=x-none\n\nas it is":                                                          "[the character set x-none is not known; this is it as it came]\nas it is\n",
		"text/plain\nContent-Transfer-Encoding: x-uu\n\nas it is":                                         "[the encoding x-uu is not known; this is it as it came]\nas it is\n",
		"text/plain\nContent-Transfer-Encoding: base64\n\nAAA=BBB=\n":                                     "\x00\x00\n[the rest of part 1 cannot be decoded]\n",
		"multipart/mixed\n\nno boundary":                                                                  "\n[part 1: multipart/mixed, 11 bytes]\n",
		"text/plain; charset=\"utf-8\"; format=flowed; broken\n\nx":                                       "x\n",
		"multipart/mixed; boundary=b\n\n--b\n\nend is missing":                                            "end is missing\n",
		"multipart/mixed; boundary=b\n\n--b\n\none\n--bogus\n--b--x\ntwo\n--b  \n\nthree\n--b--\n--b\n\n": "one\n--bogus\n--b--x\ntwo\nthree\n",
	} {
		if got := strings.Trim(show(t, "Content-Type: "+typ, View{}), "\n"); got != strings.Trim(want, "\n") {
			t.Errorf("%q: got %q, want %q", typ, got, want)
		}
	}
}

// L10: messages that are meant to take for ever, or all memory.
func TestHostileParts(t *testing.T) {
	deep := []byte("Subject: x\r\n")
	for i := range 5000 {
		deep = fmt.Appendf(deep, "Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n", i, i)
	}
	many := "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + strings.Repeat("--b\r\n\r\nx\r\n", 100_000)
	long := "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nX: " + strings.Repeat("x", 4<<20) + "\r\n\r\nx\r\n--b--\r\n"
	for what, text := range map[string]string{"nested more than 64 deep": string(deep), "more than 1000 parts": many, "a header is longer than 1 MiB": long} {
		began := worked()
		var b bytes.Buffer
		if err := Show(&b, strings.NewReader(text), View{}); err != nil {
			t.Errorf("%s: %v", what, err)
		}
		if !strings.Contains(b.String(), what) {
			t.Errorf("%s: not said in %.200q", what, b.String())
		}
		if took := worked() - began; took > 2*time.Second {
			t.Errorf("%s: took %v", what, took)
		}
	}
}

// Memory does not grow with the message.
func TestShowMemory(t *testing.T) {
	line := []byte(strings.Repeat("x", 76) + "\r\n")
	head := "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n"
	body := io.MultiReader(strings.NewReader(head), &endless{piece: line, left: 16 << 20}, strings.NewReader("--b\r\nContent-Type: x/y\r\n\r\n"), &endless{piece: bytes.Repeat([]byte("no line"), 1000), left: 16 << 20})
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if err := Show(io.Discard, body, View{}); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; used > 2<<20 {
		t.Errorf("%d bytes were allocated for a message of 32 MiB", used)
	}
}

type endless struct {
	piece []byte
	left  int
	at    int
}

func (e *endless) Read(p []byte) (int, error) {
	if e.left <= 0 {
		return 0, io.EOF
	}
	n := copy(p, e.piece[e.at:])
	e.at = (e.at + n) % len(e.piece)
	e.left -= n
	return n, nil
}

func TestFind(t *testing.T) {
	text := strings.ReplaceAll(nested, "\n", "\r\n")
	for number, want := range map[string]string{"1.1": "plain text", "2": "\x00\x00\x00", "3": "attached text", "4": "Subject: inner\r\n\r\ninner text"} {
		e, err := NewReader(strings.NewReader(text)).Find(number)
		if err != nil {
			t.Error(err)
			continue
		}
		if got, err := io.ReadAll(e.Data()); err != nil || string(got) != want {
			t.Errorf("%s: %q, %v", number, got, err)
		}
	}
	for _, number := range []string{"1", "5", "1.3", "4.1"} {
		if _, err := NewReader(strings.NewReader(text)).Find(number); err == nil {
			t.Errorf("part %s was found", number)
		}
	}
	var parts []string
	for p, err := range PartsOf(strings.NewReader(text)) {
		if err != nil {
			t.Fatal(err)
		}
		parts = append(parts, p.Number+" "+p.Type+" "+p.Name)
	}
	if got := strings.Join(parts, ", "); got != "1.1 text/plain , 1.2 text/html , 2 image/png büld.png, 3 text/plain ä.txt, 4 message/rfc822 " {
		t.Error(got)
	}
}

func FuzzShow(f *testing.F) {
	f.Add(nested)
	f.Add("Content-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<p>=\r\n")
	f.Fuzz(func(t *testing.T, text string) {
		for _, v := range []View{{}, {HTML: true, AllFields: true}} {
			if err := Show(io.Discard, strings.NewReader(text), v); err != nil {
				t.Errorf("%q: %v", text, err)
			}
		}
	})
}
