package repl

import (
	"slices"
	"strings"
)

// isContent reports whether a URL is its own content, as data: is, or names a file
// of this machine that is nobody's menu. There is nobody to connect to, so to
// open it is to show it.
func (sh *Shell) isContent(w string) bool {
	scheme, _, _ := strings.Cut(w, ":")
	switch p := sh.speaks(scheme); {
	case strings.EqualFold(scheme, "data"):
		return true
	case !strings.EqualFold(scheme, "file") || p == nil || p.Route == nil:
		return false
	default:
		t, _, err := target(*p, []string{w}, false)
		if err != nil {
			return false
		}
		name, _ := p.Route(t.URL)
		return name != "ls" && name != "connect"
	}
}

// content routes open and such a URL.
func (sh *Shell) content(c *call, w string) (*call, error) {
	scheme, _, _ := strings.Cut(w, ":")
	if p := sh.speaks(scheme); p != nil {
		c.words = slices.Insert(c.words, 0, "cat")
		return sh.nounVerb(c, p, nil)
	}
	c.name, c.words = "url", slices.Insert(c.words, 0, "data")
	return sh.toolWord(c, nil)
}
