package gemini

import (
	"context"
	"net/url"
	"path"
	"strings"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

// None are the arguments of a verb without any.
type None struct{}

// PageArgs are the arguments of the verbs that are about a page.
type PageArgs struct {
	Page string `arg:"page?" help:"number of a link, or URL; the page shown last if left out" complete:"remote"`
}

// Cat shows a page and goes there, or gives a file.
func (s *Session) Cat(ctx context.Context, a PageArgs) (any, error) {
	u, err := s.page(ctx, a.Page)
	if err != nil {
		return nil, err
	}
	return s.show(ctx, u, s.arrive)
}

func (s *Session) show(ctx context.Context, u *url.URL, arrive func(*url.URL)) (any, error) {
	b, at, err := s.fetch(ctx, u)
	if err != nil || !isPage(b.Type) {
		return b, err
	}
	arrive(at)
	return s.lines(b, at), nil
}

// load goes to a page and reads it to its end.
func (s *Session) load(ctx context.Context, u *url.URL) error {
	res, err := s.show(ctx, u, s.arrive)
	switch res := res.(type) {
	case Page:
		for _, err := range res {
			if err != nil {
				return err
			}
		}
	case *verb.Blob:
		if err == nil {
			res.Close()
			err = (&fault.Error{Kind: fault.Usage, At: u.String(), Text: "this is no page but of type " + res.Type}).WithHint("cat shows it, get saves it")
		}
	}
	return err
}

// Ls lists the links of a page and goes there.
func (s *Session) Ls(ctx context.Context, a PageArgs) (verb.Stream[Line], error) {
	u, err := s.page(ctx, a.Page)
	if err == nil && (s.links == nil || u != s.here) {
		err = s.load(ctx, u)
	}
	if err != nil {
		return nil, err
	}
	return func(yield func(Line, error) bool) {
		for _, l := range s.links {
			if !yield(l, nil) {
				return
			}
		}
	}, nil
}

// Get gives a page or a file as it is.
func (s *Session) Get(ctx context.Context, a PageArgs) (*verb.Blob, error) {
	u, err := s.page(ctx, a.Page)
	if err != nil {
		return nil, err
	}
	b, _, err := s.fetch(ctx, u)
	if err == nil {
		b.Save = true
	}
	return b, err
}

// FollowArgs are the arguments of Follow and Search.
type FollowArgs struct {
	Page  string   `arg:"page" help:"number of a link, or URL" complete:"remote"`
	Words []string `arg:"word..." help:"what to answer, if the page asks"`
}

// Follow goes where a link leads. What is no page is saved.
func (s *Session) Follow(ctx context.Context, a FollowArgs) (any, error) {
	if len(a.Words) > 0 {
		return s.Search(ctx, a)
	}
	res, err := s.Cat(ctx, PageArgs{a.Page})
	if b, ok := res.(*verb.Blob); ok && err == nil && !strings.HasPrefix(b.Type, "text/") {
		b.Save = true
	}
	return res, err
}

// Search answers what a page asks for.
func (s *Session) Search(ctx context.Context, a FollowArgs) (any, error) {
	answer := strings.Join(a.Words, " ")
	if err := protocols.OneLine("word", answer); err != nil {
		return nil, err
	}
	if answer == "" {
		return nil, fault.New(fault.Usage, "missing WORD").WithHint("such as: search 5 unix tools")
	}
	u, err := s.page(ctx, a.Page)
	if err != nil {
		return nil, err
	}
	asked := *u
	asked.RawQuery = strings.ReplaceAll(url.QueryEscape(answer), "+", "%20")
	return s.show(ctx, &asked, s.arrive)
}

// Cd goes to a page without showing it.
func (s *Session) Cd(ctx context.Context, a PageArgs) (any, error) {
	if a.Page == "" {
		return nil, s.load(ctx, s.home)
	}
	u, err := s.page(ctx, a.Page)
	if err != nil {
		return nil, err
	}
	return nil, s.load(ctx, u)
}

// Back goes to the page before this one.
func (s *Session) Back(ctx context.Context, _ None) (any, error) {
	return s.step(ctx, &s.back, &s.ahead, "back")
}

// Forward undoes Back.
func (s *Session) Forward(ctx context.Context, _ None) (any, error) {
	return s.step(ctx, &s.ahead, &s.back, "forward")
}

func (s *Session) step(ctx context.Context, from, to *[]*url.URL, way string) (any, error) {
	last := len(*from) - 1
	if last < 0 {
		return nil, &fault.Error{Kind: fault.Usage, At: s.here.String(), Text: "there is no way " + way + " from here"}
	}
	return s.show(ctx, (*from)[last], func(u *url.URL) {
		*from, *to = (*from)[:last], append(*to, s.here)
		s.here, s.links = u, []Line{}
	})
}

// Up goes to the page above this one.
func (s *Session) Up(ctx context.Context, _ None) (any, error) {
	up := *s.here
	up.RawQuery, up.Path = "", path.Dir("/"+strings.Trim(up.Path, "/"))
	if !strings.HasSuffix(up.Path, "/") {
		up.Path += "/"
	}
	return s.show(ctx, &up, s.arrive)
}

// Root goes to the first page of the server.
func (s *Session) Root(ctx context.Context, _ None) (any, error) {
	return s.Cat(ctx, PageArgs{"/"})
}

// Reload fetches the page again.
func (s *Session) Reload(ctx context.Context, _ None) (any, error) { return s.Cat(ctx, PageArgs{}) }

// Pwd is the path of the page.
func (s *Session) Pwd(context.Context, None) (string, error) { return s.Where(), nil }

// Link is the URL of a page.
func (s *Session) Link(ctx context.Context, a PageArgs) (string, error) {
	u, err := s.page(ctx, a.Page)
	if err != nil {
		return "", err
	}
	return u.String(), nil
}

// RawArgs are the arguments of Raw.
type RawArgs struct {
	Line string `arg:"line?" help:"what to send before the CRLF; nothing if left out" dash:"yes" escapes:"yes"`
}

// Raw sends a line as it is typed and gives the reply as it comes.
func (s *Session) Raw(ctx context.Context, a RawArgs) (*verb.Blob, error) {
	if err := protocols.OneLine("line", a.Line); err != nil {
		return nil, err
	}
	c, err := s.send(ctx, s.here, a.Line)
	if err != nil {
		return nil, err
	}
	return &verb.Blob{Name: fileName(s.here), Size: -1, ReadCloser: c}, nil
}
