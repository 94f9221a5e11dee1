package gemini

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/url"
	"strings"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

// A Line is a line of a page.
type Line struct {
	Number int    `json:"number,omitempty"` // of a link
	Kind   string `json:"kind"`             // text, link, heading, item, quote, pre
	Text   string `json:"text"`             // without the marks of links, with those of all else
	URL    string `json:"url,omitempty"`    // of a link, as the page has it

	away string // the server of a link, if it is another one, or all of its URL
}

// String is the line for people.
func (l Line) String() string {
	if l.Kind != "link" {
		return l.Text
	}
	text := fmt.Sprintf("%4d %s", l.Number, l.Text)
	if l.away != "" && l.away != l.Text {
		text += "  (" + l.away + ")"
	}
	return text
}

// Page is a verb.Stream of the lines of a page that can write itself as text.
type Page func(yield func(Line, error) bool)

// Text writes the page as lines for people.
func (p Page) Text(w io.Writer) error {
	out := bufio.NewWriter(w)
	for l, err := range p {
		if err != nil {
			return errors.Join(err, out.Flush())
		}
		out.WriteString(l.String() + "\n")
	}
	return out.Flush()
}

// isPage reports whether a media type is that of pages that are read here.
func isPage(media string) bool {
	if media == "" {
		return true
	}
	kind, params, err := mime.ParseMediaType(media)
	set := strings.ToLower(params["charset"])
	return err == nil && kind == "text/gemini" && (set == "" || set == "utf-8" || set == "us-ascii")
}

// mostLinks is how many links of a page have numbers.
const mostLinks = 10_000

// lines reads a page. Its links are those of the session from then on, as far
// as they have come.
func (s *Session) lines(b *verb.Blob, at *url.URL) Page {
	return func(yield func(Line, error) bool) {
		defer b.Close()
		in := bufio.NewReaderSize(b, 64<<10)
		pre, whole := false, true
		for {
			text, err := in.ReadSlice('\n')
			end := err != nil && !errors.Is(err, bufio.ErrBufferFull)
			if end && !errors.Is(err, io.EOF) {
				yield(Line{}, err)
				return
			}
			if end && len(text) == 0 {
				return
			}
			line := Line{Kind: "text", Text: strings.TrimRight(string(text), "\r\n")}
			switch {
			case !whole: // what goes on a line that is too long
			case strings.HasPrefix(line.Text, "```"):
				pre = !pre
				whole = err == nil
				continue
			case pre:
				line.Kind = "pre"
			default:
				line = s.line(line.Text, at)
			}
			whole = err == nil
			if line.Kind == "link" {
				if len(s.links) == mostLinks {
					yield(Line{}, &fault.Error{Kind: fault.Limit, At: at.String(), Text: "the page has more than 10,000 links"})
					return
				}
				line.Number = len(s.links) + 1
				if s.links = append(s.links, line); len(line.URL) > mostURL {
					s.links[line.Number-1].URL = "" // it cannot be asked for
				}
			}
			if !yield(line, nil) || end {
				return
			}
		}
	}
}

// line reads a line that is not preformatted.
func (s *Session) line(text string, at *url.URL) Line {
	rest, isLink := strings.CutPrefix(text, "=>")
	f := strings.Fields(rest)
	switch {
	case isLink && len(f) > 0:
		l := Line{Kind: "link", URL: f[0], Text: strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(rest), f[0]))}
		if l.Text == "" {
			l.Text = l.URL
		}
		if u, err := at.Parse(l.URL); err != nil || !strings.EqualFold(u.Scheme, "gemini") {
			l.away = l.URL
		} else if !same(u, at) {
			l.away = u.Host
		}
		return l
	case strings.HasPrefix(text, "#"):
		return Line{Kind: "heading", Text: text}
	case strings.HasPrefix(text, "* "):
		return Line{Kind: "item", Text: text}
	case strings.HasPrefix(text, ">"):
		return Line{Kind: "quote", Text: text}
	}
	return Line{Kind: "text", Text: text}
}
