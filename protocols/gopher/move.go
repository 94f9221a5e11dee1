package gopher

import (
	"context"
	pathpkg "path"
	"strings"

	"wireline/protocols/fault"
)

// CdArgs are the arguments of Cd.
type CdArgs struct {
	Item string `arg:"item?" help:"number, URL, selector or name of a menu; where connect went if left out" complete:"remote"`
}

// Cd goes to a menu without showing it.
func (s *Session) Cd(ctx context.Context, a CdArgs) (any, error) {
	it, err := s.home, error(nil)
	switch a.Item {
	case "":
	case "..":
		it = s.parent(s.here)
	default:
		it, err = s.item(ctx, a.Item, View{})
	}
	if err != nil {
		return nil, err
	}
	if it.Type == 0 {
		it.Type = '1'
	}
	rows, err := s.list(ctx, it, Look{}, false)
	if err != nil {
		return nil, err
	}
	return nil, drain(rows, it)
}

// None are the arguments of a verb without any.
type None struct{}

// MoveArgs are the arguments of the verbs that go to a menu and show it.
type MoveArgs struct {
	Long bool `flag:"l,long" help:"show the URL of every item"`
	Look
}

// Back goes to the menu before this one.
func (s *Session) Back(ctx context.Context, a MoveArgs) (Rows, error) {
	return s.step(ctx, a, &s.back, &s.ahead, "back")
}

// Forward undoes Back.
func (s *Session) Forward(ctx context.Context, a MoveArgs) (Rows, error) {
	return s.step(ctx, a, &s.ahead, &s.back, "forward")
}

// step goes to the last place of from, and notes in to where it was.
func (s *Session) step(ctx context.Context, a MoveArgs, from, to *[]Item, way string) (Rows, error) {
	last := len(*from) - 1
	if last < 0 {
		return nil, &fault.Error{Kind: fault.Usage, At: s.here.URL(), Text: "there is no way " + way + " from here"}
	}
	it := (*from)[last]
	l, err := s.open(ctx, it, a.Look, a.Long)
	if err != nil {
		return nil, err
	}
	*from = (*from)[:last]
	*to = append(*to, s.here)
	s.here, s.menu = it, l.menu
	return l.stream(), nil
}

// Up goes to the menu that the selector seems to be in.
func (s *Session) Up(ctx context.Context, a MoveArgs) (Rows, error) {
	return s.list(ctx, s.parent(s.here), a.Look, a.Long)
}

// parent is the menu that the selector seems to be in: that of the path
// before its last part. Selectors need not be paths, but mostly are.
func (s *Session) parent(it Item) Item {
	up := it.root()
	if it.Local {
		if it.Selector == up.Selector {
			return up
		}
		dir := pathpkg.Dir(pathpkg.Dir(it.Selector))
		return localAt(pathpkg.Join(dir, mapName), it.Base)
	}
	between := s.delimiter(it)
	path, closed := strings.CutSuffix(it.Selector, between)
	if i := strings.LastIndex(path, between); i > 0 {
		up.Selector = path[:i]
		if closed {
			up.Selector += between
		}
	}
	return up
}

// Root goes to the main menu of the server.
func (s *Session) Root(ctx context.Context, a MoveArgs) (Rows, error) {
	return s.list(ctx, s.here.root(), a.Look, a.Long)
}

// Reload asks for the menu again.
func (s *Session) Reload(ctx context.Context, a MoveArgs) (Rows, error) {
	return s.list(ctx, s.here, a.Look, a.Long)
}

// Pwd is the selector of the menu, and before it the server if that is not the
// one that connect went to.
func (s *Session) Pwd(context.Context, None) (string, error) {
	return strings.TrimPrefix(s.Where(), " "), nil
}

// EncodingArgs are the arguments of SetEncoding.
type EncodingArgs struct {
	Name string `arg:"name?" enum:"auto,utf-8,latin1,cp437" help:"how names and texts are encoded; auto is a guess"`
}

// SetEncoding sets the encoding that names and texts are taken to have, and
// tells which it is.
func (s *Session) SetEncoding(_ context.Context, a EncodingArgs) (any, error) {
	if a.Name != "" {
		s.encoding = a.Name
		return nil, nil
	}
	if s.encoding == "" {
		return auto, nil
	}
	return s.encoding, nil
}

// LinkArgs are the arguments of Link.
type LinkArgs struct {
	Item string `arg:"item?" help:"number, selector or name; the menu itself if left out" complete:"remote"`
}

// Link is the URL of an item (RFC 4266).
func (s *Session) Link(ctx context.Context, a LinkArgs) (string, error) {
	it, err := s.item(ctx, a.Item, View{})
	if err != nil {
		return "", err
	}
	return it.URL(), nil
}
