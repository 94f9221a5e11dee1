package repl

import (
	"context"
	"maps"
	"slices"
	"strings"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/repl/config"
)

type BookmarkArgs struct {
	Do   string `arg:"do?" enum:"ls,add,rm,export,import" help:"ls if left out"`
	Name string `arg:"name?" help:"of the bookmark; of import and export the file, - or none for standard input and output"`
	URL  string `arg:"url?" help:"what it stands for; the current session if left out"`
}

type BookmarkRow struct {
	Name string `json:"name"`
	URL  string `json:"url"`
}

// Bookmark lists the names for URLs, adds one or removes one. A password in
// the URL is not kept.
func (sh *Shell) Bookmark(ctx context.Context, a BookmarkArgs) (any, error) {
	switch a.Do {
	case "add":
		if a.URL == "" {
			s := sh.here()
			if s == nil || s.target.URL == nil {
				return nil, fault.New(fault.Usage, "missing URL, and no session that has one is open")
			}
			a.URL = s.target.URL.String()
			if p, ok := s.Session.(protocols.Placed); ok {
				a.URL = p.URL()
			}
		}
		if err := sh.bookmarkable(a.Name, a.URL); err != nil {
			return nil, err
		}
		return nil, config.AddBookmarks(sh.Dir, map[string]string{a.Name: withoutPassword(a.URL)})
	case "rm":
		return nil, config.RemoveBookmark(sh.Dir, a.Name)
	case "import":
		return sh.importBookmarks(running(ctx), a.Name)
	case "export":
		return sh.exportBookmarks(a.Name)
	}
	all, err := sh.allBookmarks()
	if err != nil {
		return nil, err
	}
	var list []BookmarkRow
	for _, n := range sorted(all) {
		list = append(list, BookmarkRow{n, all[n]})
	}
	return rows(list), nil
}

func (sh *Shell) allBookmarks() (map[string]string, error) {
	all := maps.Clone(sh.Bookmarks)
	if all == nil {
		all = map[string]string{}
	}
	own, err := config.Bookmarks(sh.Dir)
	maps.Copy(all, own)
	return all, err
}

// bookmark is the URL that a name stands for.
func (sh *Shell) bookmark(name string) (string, bool) {
	if strings.ContainsAny(name, ":/ ") {
		return "", false
	}
	all, err := sh.allBookmarks()
	if err != nil && !sh.warned {
		sh.warned = true
		sh.tell("wireline: " + err.Error())
	}
	u, ok := all[name]
	return u, ok
}

// named is the session called name; a bookmark is connected to if no session
// has it open.
func (sh *Shell) named(name string) (*session, error) {
	s, err := sh.find(name)
	if err == nil {
		return s, nil
	}
	url, ok := sh.bookmark(name)
	if !ok {
		return nil, err
	}
	before := sh.here()
	if err := sh.words(context.Background(), "", []string{"connect", url}, false, sh.streams()); err != nil {
		return nil, &reported{err}
	}
	s = sh.here()
	s.label = name
	if before != nil {
		sh.mu.Lock()
		sh.current = before
		sh.mu.Unlock()
	}
	return s, nil
}

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

func withoutPassword(u string) string { return strings.Replace(redactURL(u), ":***@", "@", 1) }
