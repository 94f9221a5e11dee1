package http

import (
	"bytes"
	"fmt"
	"io"
	"net/url"
	"strings"

	"golang.org/x/net/html"
)

// pageText is a page as text. A link has its number behind it.
func pageText(body io.Reader, u *url.URL) (string, error) {
	page, err := io.ReadAll(io.LimitReader(body, maxPage))
	if err != nil {
		return "", err
	}
	return plainText(page, u), nil
}

// What the elements of a page do to its text.
const (
	blocks = " address article aside blockquote body center dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section table title tr ul "
	silent = " script style template noscript svg "
)

func among(list, name string) bool { return strings.Contains(list, " "+name+" ") }

// A typesetter makes text of a page, a paragraph at a time.
type typesetter struct {
	b     strings.Builder
	line  strings.Builder
	blank bool // a blank is due before the next word
	pre   int
	links int
	open  bool // within a link that has a number
	base  *url.URL
}

func plainText(page []byte, u *url.URL) string {
	t := &typesetter{base: u}
	hush := ""
	for z := html.NewTokenizer(bytes.NewReader(page)); ; {
		switch kind := z.Next(); kind {
		case html.ErrorToken: // the end, for it reads from memory
			t.link()
			t.end()
			return strings.TrimLeft(t.b.String(), "\n")
		case html.TextToken:
			if hush == "" {
				t.text(string(z.Text()))
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			tok := z.Token()
			if hush == "" && among(silent, tok.Data) && kind == html.StartTagToken {
				hush = tok.Data
			}
			t.start(tok)
		case html.EndTagToken:
			name, _ := z.TagName()
			if string(name) == hush {
				hush = ""
			}
			t.finish(string(name))
		}
	}
}

func (t *typesetter) start(tok html.Token) {
	switch tok.Data {
	case "base":
		if b, err := t.base.Parse(attr(tok, "href")); err == nil {
			t.base = b
		}
	case "a", "area":
		t.link()
		if _, ok := target(t.base, attr(tok, "href")); ok && t.links < maxLinks {
			t.links++
			t.open = true
		}
		if tok.Data == "area" {
			t.text(" " + attr(tok, "alt"))
			t.link()
		}
	case "img":
		t.text(attr(tok, "alt"))
	case "br":
		t.end()
	case "pre":
		t.end()
		t.pre++
	case "li":
		t.end()
		t.text("* ")
	case "td", "th":
		t.text("  ")
	case "hr":
		t.end()
		t.text("----")
		t.end()
	default:
		if among(blocks, tok.Data) {
			t.end()
		}
	}
}

func (t *typesetter) finish(name string) {
	switch {
	case name == "a":
		t.link()
	case name == "pre" && t.pre > 0:
		t.end()
		t.pre--
	case among(blocks, name):
		t.end()
		if name[0] == 'h' || name == "p" || name == "title" {
			t.b.WriteByte('\n')
		}
	}
}

// link ends a link.
func (t *typesetter) link() {
	if t.open {
		fmt.Fprintf(&t.line, "[%d]", t.links)
		t.open = false
	}
}

func (t *typesetter) text(s string) {
	if t.pre > 0 {
		t.line.WriteString(s)
		return
	}
	for i, w := range strings.Fields(s) {
		if (i > 0 || t.blank || strings.TrimLeft(s, " \t\r\n") != s) && t.line.Len() > 0 {
			t.line.WriteByte(' ')
		}
		t.line.WriteString(w)
		t.blank = false
	}
	if s != "" && strings.TrimRight(s, " \t\r\n") != s {
		t.blank = true
	}
}

// end ends a line.
func (t *typesetter) end() {
	if s := strings.TrimRight(t.line.String(), " \n"); s != "" {
		t.b.WriteString(s + "\n")
	}
	t.line.Reset()
	t.blank = false
}
