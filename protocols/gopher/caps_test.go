package gopher_test

import (
	"slices"
	"strings"
	"testing"

	"wireline/protocols/gopher"
)

// Paths have between their parts what caps.txt says, in a copy as well as on
// the way up; what cannot be between parts is not believed (GOPH-15).
func TestDelimiter(t *testing.T) {
	for _, c := range []struct{ caps, files, up string }{
		{"CAPS\r\nCapsVersion=1\r\n# PathDelimeter=!\r\nPathDelimeter=:\r\n.\r\n", "h/gophermap h/docs/gophermap h/docs/a_b.txt", " docs:"},
		{"CAPS\r\nPathDelimiter=:\r\n.\r\n", "h/gophermap h/docs/gophermap h/docs/a_b.txt", " docs:"},
		{"CAPS\r\nPathDelimeter=d\r\n.\r\n", "h/gophermap h/docs_/gophermap h/docs_a/b.txt", "/"},
		{"no caps\r\n.\r\n", "h/gophermap h/docs_/gophermap h/docs_a/b.txt", "/"},
		{"3none\t\tnull\t1\r\n.\r\n", "h/gophermap h/docs_/gophermap h/docs_a/b.txt", "/"},
	} {
		h := dig(t, map[string]string{
			"": "1Docs\tdocs:\tHERE\r\n.\r\n", "docs:": "0AB\tdocs:a/b.txt\tHERE\r\n.\r\n", "docs:a/b.txt": "text\r\n.\r\n",
			"docs:old:": "iOld\t\tnull\t1\r\n.\r\n", "caps.txt": c.caps,
		})
		ctx, _ := onDisk(t, nil)
		u := connect(t, h.Peer)
		lines, err := did(t, ctx, u, gopher.MirrorArgs{Item: ".", Dir: "h"})
		if got := strings.ReplaceAll(strings.Join(lines, " "), "copied ", ""); err != nil || got != c.files {
			t.Errorf("%q: copied %s, %v", c.caps, got, err)
		}
		if len(u.warned) > 0 || !slices.Contains(h.asked, "caps.txt") || !slices.Contains(h.asked, "robots.txt") {
			t.Errorf("%q: asked for %q, warned of %q", c.caps, h.asked, u.warned)
		}
		if _, err := u.Cd(ctx, gopher.CdArgs{Item: "docs:old:"}); err != nil {
			t.Fatal(err)
		}
		if _, err := all(u.Up(ctx, gopher.MoveArgs{})); err != nil || u.Where() != c.up {
			t.Errorf("%q: up leads to %q, %v", c.caps, u.Where(), err)
		}
	}
}
