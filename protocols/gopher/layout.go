package gopher

import (
	"path"
	"strings"
)

// A layout gives each selector of a server a file in a directory: menus are
// called gophermap, each in a directory of its own. No two selectors have the
// same file, and none leads out of the directory.
type layout struct {
	dir   string
	slash string            // what is between the parts of a path
	taken map[string]bool   // paths of files and of directories
	files map[string]string // paths by selector and whether it is a menu
}

func newLayout(dir, slash string) layout {
	return layout{dir: dir, slash: slash, taken: map[string]bool{}, files: map[string]string{}}
}

func (l *layout) key(it Item) string {
	if it.kind() == asMenu {
		return "1" + it.Selector
	}
	return "0" + it.Selector
}

// known is the file that an item has already.
func (l *layout) known(it Item) (string, bool) {
	p, ok := l.files[l.key(it)]
	return p, ok
}

// menu gives a menu its file. That of the start is at the top.
func (l *layout) menu(it, start Item) string {
	var parts []string
	if it.Selector != start.Selector {
		parts = l.safeParts(it.Selector)
		if len(parts) == 0 {
			parts = []string{"root"}
		}
	}
	return l.claim(it, append(parts, mapName))
}

// file gives any other item its file.
func (l *layout) file(it Item) string {
	parts := l.safeParts(it.Selector)
	if len(parts) == 0 || strings.HasSuffix(it.Selector, l.slash) {
		parts = append(parts, fileName(it))
	}
	return l.claim(it, parts)
}

// claim takes a path that is free: no file where another path has a
// directory, and no directory where there is a file.
func (l *layout) claim(it Item, parts []string) string {
	at := l.dir
	for i, part := range parts {
		whole := i == len(parts)-1
		p := path.Join(at, part)
		for l.taken["file "+p] || whole && l.taken["dir "+p] {
			p += "~"
		}
		if at = p; !whole {
			l.taken["dir "+p] = true
		}
	}
	l.taken["file "+at] = true
	l.files[l.key(it)] = at
	return at
}

// safeParts are the names that a selector is made of, each as one of a file.
func (l *layout) safeParts(selector string) (parts []string) {
	for part := range strings.SplitSeq(selector, l.slash) {
		name := safeName(part)
		if name == "" {
			continue
		}
		if len(parts) == 32 {
			break // a deeper path is cut; what would be the same file gets another name
		}
		parts = append(parts, name)
	}
	return parts
}

// relative is the way from a menu to a file.
func relative(from, to string) string {
	a, b := strings.Split(path.Dir(path.Clean(from)), "/"), strings.Split(path.Clean(to), "/")
	for len(a) > 0 && len(b) > 1 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	if len(a) == 1 && a[0] == "." {
		a = nil
	}
	return strings.Repeat("../", len(a)) + strings.Join(b, "/")
}
