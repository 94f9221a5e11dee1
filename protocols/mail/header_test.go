package mail

import (
	"strings"
	"testing"
	"time"
)

func TestDecode(t *testing.T) {
	for in, want := range map[string]string{
		"plain":                               "plain",
		"=?utf-8?q?Gr=C3=BC=C3=9Fe?=":         "Grüße",
		"=?ISO-8859-1?Q?a?= =?utf-8?b?w6Q=?=": "aä",
		"=?koi8-r?B?8NLJ18XU?=":               "Привет",
		"=?gb2312?B?xOO6ww==?=":               "你好",
		"=?x-unknown?q?a?=":                   "=?x-unknown?q?a?=",
		"=?utf-8?q?a=0D=0ABcc:_x?=":           "a Bcc: x",
		"Gr\xfc\xdfe":                         "Grüße",
		"Grüße":                               "Grüße",
		"=?utf-8?q?broken":                    "=?utf-8?q?broken",
	} {
		if got := Decode(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestHeader(t *testing.T) {
	h := ParseHeader([]byte("From: a@x\r\nSubject: one\r\n two\r\n\tthree\r\nnot a field\r\n: nameless\r\nSubject : again\r\nDate: Mon, 2 Mar 2026 10:00:00 +0100 (CET)\r\n\r\nBody: x\r\n"))
	if got := h.Get("subject"); got != "one two three" {
		t.Errorf("%q", got)
	}
	if got := h.All("Subject"); len(got) != 2 || got[1] != "again" {
		t.Errorf("%q", got)
	}
	if h.Get("Body") != "" || len(h.Fields()) != 4 {
		t.Errorf("%+v", h.Fields())
	}
	if want := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC); !h.Date().Equal(want) {
		t.Error(h.Date())
	}
}

// L11: fields that are meant to take for ever.
func TestHostileHeader(t *testing.T) {
	began := worked()
	for _, v := range []string{
		strings.Repeat("=?utf-8?q?=ZZ?= ", 100_000), strings.Repeat(";", 100_000), strings.Repeat("(", 100_000),
		strings.Repeat("=?utf-8?q?=ZZ?= ", 4000), strings.Repeat("=?", 30_000), strings.Repeat("a=?x", 16_000),
	} {
		h := ParseHeader([]byte("From: " + v + "\r\nDate: " + v + "\r\nContent-Type: " + v + "\r\n\r\n"))
		var s Summary
		s.Describe(h)
		if len(s.From) > mostField+10 || !s.Date.IsZero() {
			t.Errorf("%.20q was not cut", v)
		}
		(&Entity{Header: h}).describe()
	}
	if took := worked() - began; took > 4*time.Second {
		t.Errorf("took %v", took)
	}
	if _, err := ReadHeader(strings.NewReader("A: " + strings.Repeat("x", 2<<20))); err == nil {
		t.Error("a header of 2 MiB was read")
	}
}

func FuzzHeader(f *testing.F) {
	f.Add("From: =?utf-8?q?a?= <a@x>\r\n b\r\n\r\n")
	f.Fuzz(func(t *testing.T, text string) {
		h := ParseHeader([]byte(text))
		var s Summary
		s.Describe(h)
		for _, f := range h.Fields() {
			if strings.ContainsAny(f.Name+f.Value, "\r\n") {
				t.Errorf("%q has the field %q", text, f)
			}
		}
	})
}

// Dates as they are, as they were, and what is none.
func TestDate(t *testing.T) {
	for in, want := range map[string]string{
		"Mon, 2 Mar 2026 10:00:00 +0100":     "2026-03-02T10:00:00+01:00",
		"2 Mar 2026 10:00:00 -0000":          "2026-03-02T10:00:00Z",
		"Mon, 02 Mar 2026 10:00:00 GMT":      "2026-03-02T10:00:00Z",
		" Mon, 2 Mar 2026 10:00 +0000 (UTC)": "2026-03-02T10:00:00Z",
		"Mon, 2 Mar 26 10:00:00 +0000":       "2026-03-02T10:00:00Z",
		"":                                   "0001-01-01T00:00:00Z",
		"yesterday":                          "0001-01-01T00:00:00Z",
		"Mon, 2 Mar 99999 10:00:00 +0000":    "0001-01-01T00:00:00Z",
		strings.Repeat("x", 300):             "0001-01-01T00:00:00Z",
	} {
		if got := Date(in).Format(time.RFC3339); got != want {
			t.Errorf("%.40q: %s, want %s", in, got, want)
		}
	}
}
