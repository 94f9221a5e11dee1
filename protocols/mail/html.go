package mail

import (
	"bufio"
	"io"
	"strings"

	"golang.org/x/net/html"
)

// fromHTML writes what a browser without pictures would show: the text, with
// lines where blocks begin, and where links lead.
func fromHTML(w io.Writer, r io.Reader) error {
	z := html.NewTokenizer(r)
	z.SetMaxBuf(mostHeader)
	p := &page{out: bufio.NewWriter(w), blank: 2}
	for {
		switch z.Next() {
		case html.ErrorToken:
			err := z.Err()
			if err == io.EOF {
				err = nil
			}
			if ferr := p.out.Flush(); err == nil {
				err = ferr
			}
			return err
		case html.TextToken:
			if p.silent == 0 {
				p.words(string(z.Text()))
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			name, more := z.TagName()
			href := ""
			for more {
				var k, v []byte
				if k, v, more = z.TagAttr(); string(k) == "href" {
					href = string(v)
				}
			}
			p.start(string(name), href)
		case html.EndTagToken:
			name, _ := z.TagName()
			p.end(string(name))
		}
	}
}

// A page is text on its way out.
type page struct {
	out    *bufio.Writer
	silent int  // within elements that nobody sees
	pre    int  // within text whose lines are as they are
	blank  int  // ends of lines that were written last
	space  bool // is due before the next word
	href   string
	label  strings.Builder // of the link, as far as it matters
}

// start begins an element.
func (p *page) start(name, href string) {
	switch name {
	case "script", "style", "head", "title", "template":
		p.silent++
	case "body":
		p.silent = 0 // though the head may not have been ended
	case "pre":
		p.lines(2)
		p.pre++
	case "br":
		p.lines(p.blank + 1)
	case "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote":
		p.lines(2)
	case "div", "tr", "section", "article", "header", "footer", "address", "hr", "dt", "dd":
		p.lines(1)
	case "li":
		p.lines(1)
		p.write("* ")
	case "td", "th":
		p.space = true
	case "a":
		p.href = href
		p.label.Reset()
	}
}

// end ends one.
func (p *page) end(name string) {
	switch name {
	case "script", "style", "head", "title", "template":
		p.silent = max(0, p.silent-1)
	case "pre":
		p.pre = max(0, p.pre-1)
		p.lines(2)
	case "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote":
		p.lines(2)
	case "div", "tr", "section", "article", "header", "footer", "address", "li":
		p.lines(1)
	case "a":
		if strings.Contains(p.href, ":") && strings.TrimPrefix(p.href, "mailto:") != p.label.String() {
			p.space = true
			p.write("<" + p.href + ">")
		}
		p.href = ""
	}
}

// words writes text with its white space as in a browser.
func (p *page) words(text string) {
	if p.pre > 0 {
		p.write(text)
		return
	}
	for i, w := range strings.FieldsFunc(text, white) {
		if i > 0 || white(rune(text[0])) {
			p.space = true
		}
		p.write(w)
	}
	if text != "" && white(rune(text[len(text)-1])) {
		p.space = true
	}
}

func white(r rune) bool { return r == ' ' || r == '\t' || r == '\n' || r == '\r' || r == '\f' }

func (p *page) write(text string) {
	if p.space && p.blank == 0 {
		p.out.WriteByte(' ')
	}
	p.space = false
	if p.href != "" && p.label.Len() < mostField {
		p.label.WriteString(text)
	}
	p.out.WriteString(text)
	p.blank = 0
	if strings.HasSuffix(text, "\n") {
		p.blank = 1
	}
}

// lines ends the line, and leaves n-1 empty ones.
func (p *page) lines(n int) {
	for ; p.blank < n; p.blank++ {
		p.out.WriteByte('\n')
	}
	p.space = false
}
