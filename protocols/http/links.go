package http

import (
	"bytes"
	"net/url"
	"strings"

	"golang.org/x/net/html"

	"wireline/protocols/web"
)

// A Link is one of a page.
type Link struct {
	N    int    `json:"n"` // for follow
	Text string `json:"text"`
	URL  string `json:"url"`
}

// Limits of what is kept of a page.
const (
	maxPage  = 1 << 20 // bytes
	maxLinks = 10000
	maxText  = 200 // bytes of a link's text
)

// findLinks lists the links of an HTML page that came from u.
func findLinks(u *url.URL, page []byte) []Link {
	var all []Link
	var open *Link
	base := u
	end := func() {
		if open == nil {
			return
		}
		if open.Text = strings.Join(strings.Fields(open.Text), " "); open.Text == "" {
			open.Text = open.URL
		}
		open.Text = web.Cut(open.Text, maxText)
		all = append(all, *open)
		open = nil
	}
	for z := html.NewTokenizer(bytes.NewReader(page)); len(all) < maxLinks; {
		switch z.Next() {
		case html.ErrorToken: // the end, for it reads from memory
			end()
			return all
		case html.TextToken:
			if open != nil && len(open.Text) < 4*maxText {
				open.Text += string(z.Text())
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			switch t.Data {
			case "base":
				if b, err := u.Parse(attr(t, "href")); err == nil {
					base = b
				}
			case "a", "area":
				end()
				if to, ok := target(base, attr(t, "href")); ok {
					open = &Link{N: len(all) + 1, URL: to, Text: attr(t, "alt")}
				}
				if t.Data == "area" {
					end()
				}
			case "img":
				if open != nil {
					open.Text += " " + attr(t, "alt")
				}
			}
		case html.EndTagToken:
			if name, _ := z.TagName(); string(name) == "a" {
				end()
			}
		}
	}
	return all
}

// target is where href leads; nowhere if it stays on the page.
func target(base *url.URL, href string) (string, bool) {
	href = strings.TrimSpace(href)
	if href == "" || href[0] == '#' {
		return "", false
	}
	u, err := base.Parse(href)
	if err != nil || u.Scheme == "javascript" || u.Scheme == "data" {
		return "", false
	}
	if u.Host == base.Host && u.Scheme == base.Scheme {
		u.User = nil // the session knows who asks
	}
	return u.String(), true
}

func attr(t html.Token, key string) string {
	for _, a := range t.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}
