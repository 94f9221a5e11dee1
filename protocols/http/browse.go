package http

import (
	"context"
	"io"
	"net/url"
	"strings"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
	"wireline/protocols/web"
)

// A page is the HTML that was fetched last.
type page struct {
	url  *url.URL
	text []byte // as much of it as has come, up to maxPage
}

// maxPrevious is how far back goes.
const maxPrevious = 100

// visit notes that u was fetched, and keeps what is read of it if it is a
// page.
func (s *Session) visit(u *url.URL, ctype string, body io.ReadCloser) io.ReadCloser {
	s.leave(u, s.base)
	if !isHTML(ctype) {
		return body
	}
	s.page = &page{url: u}
	return &watched{body, s.page}
}

// A place is where back leads.
type place struct {
	url  *url.URL
	base *url.URL // at the time
}

// leave notes that the session is at u now, and where it was before, if
// anything was fetched there.
func (s *Session) leave(u, base *url.URL) {
	if s.here != nil && (s.here.Path != u.Path || s.here.String() != u.String()) {
		s.previous = append(s.previous, place{s.here, base})
		s.previous = s.previous[max(0, len(s.previous)-maxPrevious):]
	}
	s.here = u
}

// A watched body is read for its links, too.
type watched struct {
	io.ReadCloser
	page *page
}

func (w *watched) Read(p []byte) (int, error) {
	n, err := w.ReadCloser.Read(p)
	w.page.text = append(w.page.text, p[:min(n, maxPage-len(w.page.text))]...)
	return n, err
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
	b, err := s.open(ctx, word, Show{})
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
		err = web.Locate(fault.New(fault.Unsupported, "this is no page of HTML, so it has no links"), s.here)
	}
	return err
}

// FollowArgs are the arguments of follow.
type FollowArgs struct {
	N int `arg:"n" help:"number of the link, from links"`
	Show
}

// BackArgs are the arguments of back.
type BackArgs struct{ Show }

// Follow fetches the page that a link leads to.
func (s *Session) Follow(ctx context.Context, a FollowArgs) (*verb.Blob, error) {
	if err := a.check(); err != nil {
		return nil, err
	}
	if s.page == nil {
		if err := s.read(ctx, ""); err != nil {
			return nil, err
		}
	}
	to, err := s.link(a.N)
	if err != nil {
		return nil, err
	}
	if u, err := url.Parse(to); err != nil || web.Port(u.Scheme) == "" {
		return nil, web.Locate(fault.New(fault.Unsupported, "%s is not for http", to), s.page.url).WithHint("open URL goes there, if wireline speaks it")
	}
	return s.open(ctx, to, a.Show)
}

// link is where the n-th link of the page leads.
func (s *Session) link(n int) (string, error) {
	links := findLinks(s.page.url, s.page.text)
	if n < 1 || n > len(links) {
		return "", web.Locate(fault.New(fault.Usage, "no link %d: the page has %d", n, len(links)), s.page.url).WithHint("links lists them")
	}
	return links[n-1].URL, nil
}

// open fetches a page to look at.
func (s *Session) open(ctx context.Context, word string, show Show) (*verb.Blob, error) {
	r, err := s.request("GET", Args{URL: word, How: How{Follow: true}, Show: show}, verb.Input{})
	if err != nil {
		return nil, err
	}
	r.browsed = true
	return s.fetch(ctx, r)
}

// Back fetches the page before the current one, and is where the session was
// then.
func (s *Session) Back(ctx context.Context, a BackArgs) (*verb.Blob, error) {
	if err := a.check(); err != nil {
		return nil, err
	}
	if len(s.previous) == 0 {
		return nil, web.Locate(fault.New(fault.Usage, "nothing was fetched before this"), s.base)
	}
	last := len(s.previous) - 1
	to, rest := s.previous[last], s.previous[:last]
	b, err := s.open(ctx, to.url.String(), a.Show)
	if err == nil {
		s.previous, s.base = rest, to.base
	}
	return b, err
}

// Complete offers what the current page links to, which takes no request.
func (s *Session) Complete(_ context.Context, what, prefix string) ([]string, error) {
	var all []string
	if what != "remote" || s.page == nil {
		return nil, nil
	}
	home := web.Origin(s.base)
	for _, l := range findLinks(s.page.url, s.page.text) {
		u, err := url.Parse(l.URL)
		if err != nil {
			continue
		}
		name := l.URL
		if web.Origin(u) == home && !strings.Contains(prefix, "://") {
			name = u.RequestURI()
		}
		if strings.HasPrefix(name, prefix) {
			all = append(all, name)
		}
	}
	return all, nil
}
