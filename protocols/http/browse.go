package http

import (
	"context"
	"io"
	"net/url"
	"strings"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

// A page is the HTML that was fetched last.
type page struct {
	url  *url.URL
	text []byte // as much of it as has come, up to maxPage
}

// maxPrevious is how far back goes.
const maxPrevious = 100

// visit notes that u was fetched, and keeps what is read of x if it is a page.
func (s *Session) visit(u *url.URL, x *exchange) {
	if s.here != nil && s.here.String() != u.String() {
		s.previous = append(s.previous, s.here)
		if len(s.previous) > maxPrevious {
			s.previous = s.previous[1:]
		}
	}
	s.here = u
	b, ok := x.res.Body.(*body)
	if t := mediaType(x.res.Header.Get("Content-Type")); !ok || t != "text/html" && t != "application/xhtml+xml" {
		return
	}
	p := &page{url: u}
	s.page = p
	b.keep = func(read []byte) { p.text = append(p.text, read[:min(len(read), maxPage-len(p.text))]...) }
}

// LinksArgs are the arguments of links.
type LinksArgs struct {
	URL string `arg:"url?" help:"the page; the current one if left out" complete:"remote"`
}

// Links lists the links of a page, which becomes the current one.
func (s *Session) Links(ctx context.Context, a LinksArgs) (verb.Stream[Link], error) {
	if a.URL != "" || s.page == nil {
		if err := s.read(ctx, a.URL); err != nil {
			return nil, err
		}
	}
	return rows(findLinks(s.page.url, s.page.text)), nil
}

// read fetches a page for its links only.
func (s *Session) read(ctx context.Context, word string) error {
	before := s.page
	b, err := s.fetch(ctx, "GET", Args{URL: word, Follow: true}, verb.Input{})
	if err != nil {
		return err
	}
	if _, err = io.CopyN(io.Discard, b, maxPage); err == io.EOF {
		err = nil
	}
	if closed := b.Close(); err == nil {
		err = closed
	}
	if err == nil && s.page == before {
		err = located(fault.New(fault.Unsupported, "this is no page of HTML, so it has no links"), s.here)
	}
	return err
}

// FollowArgs are the arguments of follow.
type FollowArgs struct {
	N int `arg:"n" help:"number of the link, from links"`
}

// Follow fetches the page that a link leads to.
func (s *Session) Follow(ctx context.Context, a FollowArgs) (*verb.Blob, error) {
	if s.page == nil {
		if err := s.read(ctx, ""); err != nil {
			return nil, err
		}
	}
	links := findLinks(s.page.url, s.page.text)
	if a.N < 1 || a.N > len(links) {
		return nil, located(fault.New(fault.Usage, "no link %d: the page has %d", a.N, len(links)), s.page.url).WithHint("links lists them")
	}
	to := links[a.N-1].URL
	if u, err := url.Parse(to); err != nil || schemeOf(u.Scheme) == nil {
		return nil, located(fault.New(fault.Unsupported, "%s is not for http", to), s.page.url).WithHint("open URL goes there, if wireline speaks it")
	}
	return s.fetch(ctx, "GET", Args{URL: to, Follow: true}, verb.Input{})
}

// Back fetches the page before the current one.
func (s *Session) Back(ctx context.Context, _ struct{}) (*verb.Blob, error) {
	if len(s.previous) == 0 {
		return nil, located(fault.New(fault.Usage, "nothing was fetched before this"), s.base)
	}
	last := len(s.previous) - 1
	to, rest := s.previous[last], s.previous[:last]
	b, err := s.fetch(ctx, "GET", Args{URL: to.String(), Follow: true}, verb.Input{})
	if err == nil {
		s.previous = rest
	}
	return b, err
}

// Complete offers what the current page links to, which takes no request.
func (s *Session) Complete(_ context.Context, what, prefix string) ([]string, error) {
	var all []string
	if what != "remote" || s.page == nil {
		return nil, nil
	}
	home := origin(s.base)
	for _, l := range findLinks(s.page.url, s.page.text) {
		u, err := url.Parse(l.URL)
		if err != nil {
			continue
		}
		name := l.URL
		if origin(u) == home && !strings.Contains(prefix, "://") {
			name = u.RequestURI()
		}
		if strings.HasPrefix(name, prefix) {
			all = append(all, name)
		}
	}
	return all, nil
}
