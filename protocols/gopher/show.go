package gopher

import (
	"context"
	"strings"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

// LsArgs are the arguments of Ls.
type LsArgs struct {
	Item string `arg:"item?" help:"number, URL, selector or name of a menu; the one shown last if left out" complete:"remote"`
	Long bool   `flag:"l,long" help:"show the URL of every item"`
	View
}

// Ls shows a menu and goes there: its numbers are those of the items from
// then on.
func (s *Session) Ls(ctx context.Context, a LsArgs) (Rows, error) {
	it, err := s.item(ctx, a.Item, a.View)
	if err != nil {
		return nil, err
	}
	if it.Type == 0 {
		it.Type = '1'
	}
	if s.menu != nil && s.menu.whole && it.same(s.here) && a.Item == "" {
		return s.again(a.Look, a.Long), nil
	}
	return s.list(ctx, it, a.Look, a.Long)
}

// list shows a menu and goes there.
func (s *Session) list(ctx context.Context, it Item, look Look, long bool) (Rows, error) {
	switch kind := it.kind(); {
	case kind == asMenu:
	case kind == asSearch && it.Search != "":
	case kind == asPeople && it.Search != "":
		return s.people(ctx, it, look)
	case kind == asText, kind == asBytes:
		return nil, (&fault.Error{Kind: fault.Usage, At: it.URL(), Text: "the item is no menu but of type " + classOf(it.Type).word}).
			WithHint("cat shows it, get saves it; --type 1 takes it for a menu")
	default:
		return nil, s.fetchable(it, kind)
	}
	l, err := s.open(ctx, it, look, long)
	if err != nil {
		return nil, err
	}
	l.left = s.arrive(it, l.menu)
	return l.stream(), nil
}

// again shows the menu without asking for it again.
func (s *Session) again(look Look, long bool) Rows {
	m, rows := s.menu, reader{place: s.menu.place, encoding: s.encodingFor(look), long: long}
	return func(yield func(Row, error) bool) {
		if yield == nil {
			return
		}
		for line := range m.lines() {
			if !yield(rows.row(line), nil) {
				return
			}
		}
	}
}

// ItemArgs are the arguments of the verbs that show an item.
type ItemArgs struct {
	Item string `arg:"item?" help:"number, URL, selector or name; the menu itself if left out" complete:"remote"`
	View
}

// CatArgs are the arguments of Cat.
type CatArgs struct {
	ItemArgs
	Raw bool `flag:"raw" help:"show a menu as the server has it, too, without its end mark"`
}

// Cat shows a file, or a menu as Ls does.
func (s *Session) Cat(ctx context.Context, a CatArgs) (any, error) {
	it, err := s.item(ctx, a.Item, a.View)
	if err != nil {
		return nil, err
	}
	if a.Raw {
		return s.fetch(ctx, it, a.Look)
	}
	return s.show(ctx, it, a.Look)
}

func (s *Session) show(ctx context.Context, it Item, look Look) (any, error) {
	if k := it.kind(); k == asMenu || (k == asSearch || k == asPeople) && it.Search != "" {
		return s.list(ctx, it, look, false)
	}
	return s.fetch(ctx, it, look)
}

// Get gives the bytes of an item. Those of a menu are as the server sent
// them, but for the end mark.
func (s *Session) Get(ctx context.Context, a ItemArgs) (*verb.Blob, error) {
	it, err := s.item(ctx, a.Item, a.View)
	if err != nil {
		return nil, err
	}
	if it.Type == 0 {
		it.Type = '9'
	}
	b, err := s.fetch(ctx, it, a.Look)
	if err != nil {
		return nil, err
	}
	b.Save = true
	return b, nil
}

// FollowArgs are the arguments of Follow.
type FollowArgs struct {
	Item  string   `arg:"item" help:"number in the menu" complete:"remote"`
	Words []string `arg:"word..." help:"what to search for, if the item is a search"`
	View
}

// Follow goes where an item leads: it shows a menu or a text, saves anything
// else, and searches.
func (s *Session) Follow(ctx context.Context, a FollowArgs) (any, error) {
	if err := oneLine(a.Words); err != nil {
		return nil, err
	}
	it, err := s.item(ctx, a.Item, a.View)
	if err != nil {
		return nil, err
	}
	if len(a.Words) > 0 {
		return s.search(ctx, it, a.Words, a.Look)
	}
	return s.follow(ctx, it, a.Look)
}

// follow goes to an item. What is not for reading is to be saved, or handed to
// the program that the user has set for such things.
func (s *Session) follow(ctx context.Context, it Item, look Look) (any, error) {
	if w := it.web(); isURL(w) {
		there, err := parseURL(w)
		if err != nil {
			return nil, err
		}
		it = there
	}
	res, err := s.show(ctx, it, look)
	if b, ok := res.(*verb.Blob); ok && err == nil && it.kind() == asBytes && it.Type != 'h' {
		b.Save = true
	}
	return res, err
}

// SearchArgs are the arguments of Search.
type SearchArgs struct {
	Item  string   `arg:"item" help:"number, URL, selector or name of a search" complete:"remote"`
	Words []string `arg:"word..." help:"what to search for"`
	View
}

// Search asks a search for words (RFC 1436, type 7). What it finds is a menu.
func (s *Session) Search(ctx context.Context, a SearchArgs) (Rows, error) {
	if err := oneLine(a.Words); err != nil {
		return nil, err
	}
	it, err := s.item(ctx, a.Item, a.View)
	if err != nil {
		return nil, err
	}
	if len(a.Words) == 0 && it.Search == "" {
		return nil, fault.New(fault.Usage, "missing WORD").WithHint("such as: search 5 unix tools")
	}
	return s.search(ctx, it, a.Words, a.Look)
}

func (s *Session) search(ctx context.Context, it Item, words []string, look Look) (Rows, error) {
	if it.Type == 0 {
		it.Type = '7'
	}
	if k := it.kind(); k != asSearch && k != asPeople {
		return nil, &fault.Error{Kind: fault.Usage, At: it.URL(), Text: "the item is no search but of type " + classOf(it.Type).word}
	}
	if len(words) > 0 {
		it.Search = strings.Join(words, " ")
	}
	return s.list(ctx, it, look, false)
}

func oneLine(words []string) error {
	for _, w := range words {
		if err := protocols.OneLine("word", w); err != nil {
			return err
		}
		if strings.Contains(w, "\t") {
			return fault.New(fault.BadArgument, "word: a tab is not allowed here")
		}
	}
	return nil
}

// veronica is the index of all of gopherspace that is still kept up.
const veronica = "gopher://gopher.floodgap.com/7/v2/vs"

// VeronicaArgs are the arguments of Veronica.
type VeronicaArgs struct {
	First  string   `arg:"word" help:"what to search for"`
	More   []string `arg:"more..." help:"further words"`
	Server string   `flag:"server" help:"URL of another search"`
	View
}

// Veronica searches gopherspace.
func (s *Session) Veronica(ctx context.Context, a VeronicaArgs) (Rows, error) {
	server := a.Server
	if server == "" {
		server = veronica
	}
	return s.Search(ctx, SearchArgs{Item: server, Words: append([]string{a.First}, a.More...), View: a.View})
}
