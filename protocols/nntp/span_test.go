package nntp

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"wireline/protocols/fault"
)

// Which articles words mean.
func TestChosen(t *testing.T) {
	g := &Group{Name: "g.x", Count: 91, Low: 10, High: 100}
	for words, want := range map[string]string{
		"5": "[]", "20": "[20]", "20-30": "[20-30]", "20:30": "[20-30]", "20,25-30,99-": "[20 25-30 99-100]", "1-1000": "[10-100]",
		"last": "[100]", "last 20": "[81-100]", "last 2000": "[10-100]", "first": "[10]", "first 5": "[10-14]", "last 0": "[]",
		"all": "[10-100]", "last 2 first 2": "[99-100 10-11]", "g.y 20": "g.y [20]", "g.y": "g.y []", "g.y/20": "g.y [20]", "/g.y": "g.y []",
		"g.y last 3": "g.y [98-100]", "<a@b>": "<a@b>", "<a@b> <c@d>": "<a@b> <c@d>",
		"nntp://h/g.y last 3": "g.y [98-100]", "nntp://h/g.y/20": "g.y [20]", "nntp://h/a@b": "<a@b>", "nntp://h/": "[]",
		"": "[]",
	} {
		s := &Session{}
		c, err := chosen(strings.Fields(words))
		if err != nil {
			t.Errorf("%q: %v", words, err)
			continue
		}
		spans, err := s.spans(c, g)
		got := fmt.Sprint(spans)
		if len(c.ids) > 0 {
			got = strings.Join(c.ids, " ")
		}
		if got = strings.TrimSpace(c.group + " " + got); err != nil || got != want {
			t.Errorf("%q: %s, %v; want %s", words, got, err, want)
		}
	}
	for _, words := range []string{
		"20-10", "-5", "99999999999999999999", "5 g.y", "<a b@c>", "<a@b", "<>", "<a@b> 5", "g.y/x", "g\x01", "5\r\n", "<a@b>\x00",
		"nntp://h/a%0d%0ab", "nntp://h/g/1/2", "nntp://h/%zz", "<" + strings.Repeat("x", 300) + "@y>",
	} {
		if _, err := chosen(strings.Split(words, " ")); fault.Of(err) != fault.BadArgument {
			t.Errorf("%q: %v", words, err)
		}
	}
}

// What a URL alone means (NEWS-11, RFC 5538).
func TestRoute(t *testing.T) {
	for u, want := range map[string]string{
		"nntp://h":                  "ls []",
		"nntp://h/":                 "ls []",
		"nntp://h/comp.lang.go":     "ls [comp.lang.go]",
		"nntp://h/comp.lang.*":      "ls [comp.lang.*]",
		"nntp://h/comp.lang.go/5":   "cat [comp.lang.go/5]",
		"nntp://h/comp.lang.go/5-9": "ls [comp.lang.go/5-9]",
		"nntp://h/<a@b>":            "cat [<a@b>]",
		"nntp://h/a@b":              "cat [<a@b>]",
		"nntp://h/%3Ca%25b@c%3E":    "cat [<a%b@c>]",
		"nntp://h/<a?b#c@d>":        "cat [<a?b#c@d>]",
		"nntp://h/a/b":              "cat [nntp://h/a/b]",
		"nntp://h/a%0d%0aDATE":      "cat [nntp://h/a%0d%0aDATE]",
	} {
		parsed, err := url.Parse(u)
		if err != nil {
			t.Fatal(err)
		}
		if name, words := route(parsed); fmt.Sprint(name, " ", words) != want {
			t.Errorf("%s: %s %q, want %s", u, name, words, want)
		}
	}
}

func FuzzURL(f *testing.F) {
	f.Add("nntp://h/comp.lang.go/5")
	f.Add("nntp://h/<a?b#c@d>")
	f.Fuzz(func(t *testing.T, text string) {
		u, err := url.Parse(text)
		if err != nil {
			return
		}
		words, err := parsePath(u)
		if err == nil && strings.ContainsAny(strings.Join(words, ""), "\r\n\x00") {
			t.Errorf("%q gives %q", text, words)
		}
		route(u)
	})
}

// FuzzChosen: whatever is typed, no command gets a line break or a blank.
func FuzzChosen(f *testing.F) {
	f.Add("g.x 1-5,7 last 3")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := chosen(strings.Split(text, " "))
		if err != nil {
			return
		}
		spans, _ := (&Session{}).spans(c, &Group{Low: 5, High: 50})
		for _, x := range spans {
			if x.from > x.to || x.from < 5 || x.to > 50 {
				t.Errorf("%q gives %v", text, x)
			}
		}
		for _, w := range append(c.ids, c.group) {
			if strings.ContainsAny(w, " \t\r\n\x00") {
				t.Errorf("%q gives %q", text, w)
			}
		}
	})
}

// The last number that there is ends a span (N01).
func TestNumbered(t *testing.T) {
	var got []string
	for n := range numbered([]span{{1, 2}, {last - 1, last}}) {
		if got = append(got, n); len(got) > 4 {
			break
		}
	}
	if strings.Join(got, " ") != "1 2 9223372036854775806 9223372036854775807" {
		t.Errorf("numbers %q", got)
	}
}
