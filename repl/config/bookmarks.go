package config

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"wireline/protocols/fault"
)

const bookmarksFile = "bookmarks"

// Bookmarks reads the user's names for URLs: a line each, name and URL with
// blanks between, # for a comment.
func Bookmarks(dir string) (map[string]string, error) {
	b, err := read(dir, bookmarksFile)
	if err != nil {
		return nil, err
	}
	all := map[string]string{}
	n := 0
	for line := range strings.Lines(string(b)) {
		n++
		f := strings.Fields(line)
		if len(f) == 0 || strings.HasPrefix(f[0], "#") {
			continue
		}
		if len(f) != 2 || strings.ContainsRune(line, 0) {
			return nil, fault.New(fault.ReadLocal, "%s:%d: want a name and a URL", filepath.Join(dir, bookmarksFile), n)
		}
		all[f[0]] = f[1]
	}
	return all, nil
}

// AddBookmarks keeps names for URLs.
func AddBookmarks(dir string, add map[string]string) error {
	return change(dir, func(all map[string]string) error {
		maps.Copy(all, add)
		return nil
	})
}

// RemoveBookmark forgets a name.
func RemoveBookmark(dir, name string) error {
	return change(dir, func(all map[string]string) error {
		if _, ok := all[name]; !ok {
			return fault.New(fault.Usage, "no bookmark %q", name).WithHint("bookmark lists them")
		}
		delete(all, name)
		return nil
	})
}

func change(dir string, f func(map[string]string) error) error {
	all, err := Bookmarks(dir)
	if err != nil {
		return err
	}
	if all == nil {
		all = map[string]string{}
	}
	if err := f(all); err != nil {
		return err
	}
	var b strings.Builder
	for _, n := range slices.Sorted(maps.Keys(all)) {
		fmt.Fprintf(&b, "%s %s\n", n, all[n])
	}
	return write(dir, bookmarksFile, []byte(b.String()))
}
