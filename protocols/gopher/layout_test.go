package gopher

import (
	"strings"
	"testing"
)

// No two selectors get one file, none leads out, and a file is never where
// another needs a directory (GOPH-15, D01).
func TestLayout(t *testing.T) {
	start := Item{Type: '1'}
	l := newLayout("h", "/")
	files := map[string]bool{}
	for _, c := range []struct {
		typ            byte
		selector, want string
	}{
		{'1', "", "gophermap"},
		{'0', "/a", "a"},
		{'0', "a", "a~"},
		{'0', "/a/b", "a~~/b"},
		{'1', "/docs", "docs/gophermap"},
		{'1', "/docs/", "docs/gophermap~"},
		{'0', "/docs", "docs~"},
		{'0', "/x/gophermap", "x/gophermap"},
		{'1', "/x", "x/gophermap~"},
		{'1', "/", "root/gophermap"},
		{'9', "../../etc/passwd", "etc/passwd"},
		{'9', `..\..\boot.ini`, "_.._boot.ini"},
		{'9', "/C:/x", "C_/x"},
		{'9', "/.ssh/-rf", "ssh/rf"},
		{'9', "////", "An item"},
		{'0', "/d/", "d/d"},
		{'9', strings.Repeat("/deep", 100), "deep" + strings.Repeat("/deep", 31)},
		{'9', strings.Repeat("/deep", 101), "deep" + strings.Repeat("/deep", 31) + "~"},
		{'0', "/" + strings.Repeat("x", 500), "" + strings.Repeat("x", 200)},
	} {
		it := Item{Type: c.typ, Name: "An item", Selector: c.selector}
		got := ""
		if c.typ == '1' {
			got = l.menu(it, start)
		} else {
			got = l.file(it)
		}
		if got != "h/"+c.want {
			t.Errorf("%c %.40q gets %q, want %q in h", c.typ, c.selector, got, c.want)
		}
		if files[got] {
			t.Errorf("two have %q", got)
		}
		files[got] = true
		if again, ok := l.known(it); !ok || again != got {
			t.Errorf("%c %.40q is %q later", c.typ, c.selector, again)
		}
		for other := range files {
			if strings.HasPrefix(other, got+"/") || strings.HasPrefix(got, other+"/") {
				t.Errorf("%q and %q cannot be both", got, other)
			}
		}
	}
	for _, c := range [][3]string{{"h/gophermap", "h/a", "a"}, {"h/d/gophermap", "h/a", "../a"}, {"gophermap", "d/a", "d/a"}, {"h/a/b/gophermap", "h/c/d/x", "../../c/d/x"}, {"./h/gophermap", "h/x", "x"}} {
		if got := relative(c[0], c[1]); got != c[2] {
			t.Errorf("from %s to %s: %s", c[0], c[1], got)
		}
	}
}

// What is said to other robots does not hold for us (GOPH-15).
func TestRobots(t *testing.T) {
	r := parseRobots("User-agent: evil\nDisallow: /\n\nUser-agent: other\nUser-agent: WIRELINE\nDisallow: /private # really\nDisallow:\nCrawl-delay: 2.5\nUser-agent: last\nDisallow: /x\n")
	for selector, want := range map[string]bool{"/private/a": true, "private": true, "/pub": false, "": false, "/x": false} {
		if _, got := r.forbids(selector); got != want {
			t.Errorf("%q: %v", selector, got)
		}
	}
	if r.delay.Seconds() != 2.5 {
		t.Errorf("delay %v", r.delay)
	}
}
