package gopher

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"wireline/protocols"
	"wireline/protocols/fault"
)

// View is how to take an item.
type View struct {
	Type string `flag:"type" help:"take the item for one of this type: 0 text, 1 menu, 9 binary and so on"`
	Look
}

// Look is how to take a reply.
type Look struct {
	Encoding string `flag:"encoding" enum:"auto,utf-8,latin1,cp437" help:"encoding of names and texts"`
	Strict   bool   `flag:"strict" help:"make it an error if the end of the reply cannot be verified"`
}

func (s *Session) encodingFor(l Look) string {
	if l.Encoding != "" {
		return l.Encoding
	}
	return s.encoding
}

// item is the one that a word means: a number of the menu, a URL, a selector,
// a name or the end of a path of the menu, or any selector of the same server. No word means
// the menu itself.
func (s *Session) item(ctx context.Context, word string, v View) (it Item, err error) {
	if err := protocols.OneLine("item", word); err != nil {
		return it, err
	}
	if t := v.Type; t != "" && (len(t) != 1 || t[0] <= ' ' || t[0] > '~') {
		return it, fault.New(fault.BadArgument, "%q is not the type of an item, which is one character", t)
	}
	switch n, number := strconv.Atoi(word); {
	case word == "" || word == ".":
		it = s.here
	case number == nil && n >= 0:
		it, err = s.numbered(ctx, n)
	case isURL(word):
		it, err = parseURL(word)
	case isLocal(word):
		it, err = localItem(ctx, word)
	default:
		it, err = s.named(word)
	}
	if err == nil && v.Type != "" {
		it.Type = v.Type[0]
	}
	return it, err
}

// numbered is an item of the menu, which is fetched if it has not been.
func (s *Session) numbered(ctx context.Context, n int) (Item, error) {
	if s.menu == nil {
		if err := s.load(ctx); err != nil {
			return Item{}, err
		}
	}
	it, ok := s.menu.item(n)
	if !ok && s.menu.full && s.menu.brief && n <= s.menu.items {
		if err := s.load(ctx); err != nil {
			return Item{}, err
		}
		it, ok = s.menu.item(n)
	}
	if ok {
		return s.belonging(it), nil
	}
	e := &fault.Error{Kind: fault.Usage, At: s.here.URL(), Text: fmt.Sprintf("no item %d", n)}
	switch {
	case n <= s.menu.items && n > 0:
		return it, e.WithHint("only the first 8 MiB of a menu are kept; name the item by its URL")
	case s.menu.items == 0:
		return it, e.WithHint("the menu has no items")
	}
	return it, e.WithHint("the menu has items 1 to %d; ls shows them", s.menu.items)
}

// load fetches the menu without showing it.
func (s *Session) load(ctx context.Context) error {
	l, err := s.open(ctx, s.here, Look{}, false)
	if err == nil {
		err = drain(l.stream(), s.here)
	}
	if err == nil {
		s.menu = l.menu
	}
	return err
}

func (s *Session) named(word string) (Item, error) {
	if strings.Contains(word, "://") {
		return Item{}, fault.New(fault.BadArgument, "%q is not a URL of gopher", word)
	}
	var byName, byPath *Item
	if s.menu != nil {
		between := s.delimiter(s.here)
		path := strings.TrimRight(word, between)
		for _, it := range s.menu.all() {
			if it.Selector == word && it.web() == "" {
				return s.belonging(it), nil
			}
			if byName == nil && strings.EqualFold(decode(s.encoding, it.Name), word) {
				byName = &it
			}
			if byPath == nil && path != "" && strings.HasSuffix(strings.TrimRight(it.Selector, between), between+path) && it.web() == "" {
				byPath = &it
			}
		}
	}
	for _, it := range []*Item{byName, byPath} {
		if it != nil {
			return s.belonging(*it), nil
		}
	}
	if s.here.Local {
		it, _ := parseLocal([]byte("0\t"+word+"\t\t"), 0, s.here)
		it.Type = localType(it.Selector)
		return it, nil
	}
	return Item{Selector: word, Host: s.here.Host, Port: s.here.Port, Secure: s.here.Secure}, nil
}

// belonging gives an item of the menu its TLS: that of the menu if it is on
// the same server. Menus cannot say.
func (s *Session) belonging(it Item) Item {
	it.Secure = s.here.Secure
	it.Secure = it.at(s.here) && s.here.Secure
	return it
}

// Complete gives numbers, selectors and names of the menu, if it has been
// fetched.
func (s *Session) Complete(_ context.Context, what, prefix string) ([]string, error) {
	var found []string
	if s.menu == nil || what != "remote" {
		return nil, nil
	}
	for n, it := range s.menu.all() {
		for _, word := range []string{strconv.Itoa(n), decode(s.encoding, it.Selector)} {
			if word != "" && strings.HasPrefix(word, prefix) && len(found) < 1000 {
				found = append(found, word)
			}
		}
	}
	return found, nil
}
