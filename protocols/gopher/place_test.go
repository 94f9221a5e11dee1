package gopher_test

import (
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"wireline/protocols/conformance"
	"wireline/protocols/fault"
	"wireline/protocols/gopher"
	"wireline/protocols/wire"
)

// A word is the end of a path of the menu; a reply that is no menu leaves the
// session where it was; and a selector that is no path stands apart from the
// name of the server (GOPH-03).
func TestWords(t *testing.T) {
	u := connect(t, serve(t, plain, map[string]string{
		"":           "1Documents, and more\t/docs/\tHERE\r\n0Read me\t/README\tHERE\r\n1Odd\todd\tHERE\r\n7Find\t/find\tHERE\r\n.\r\n",
		"/docs/":     "0Text of today\t/docs/today.txt\tHERE\r\n.\r\n",
		"/README":    "read\r\n.\r\n",
		"README":     "another\r\n.\r\n",
		"odd":        "iodd\t\tnull\t1\r\n.\r\n",
		"/find\tx":   "Nothing of that kind.\r\n",
		"/docs/gone": "not a menu either\r\n",
	}))
	if _, err := all(u.Ls(t.Context(), gopher.LsArgs{})); err != nil {
		t.Fatal(err)
	}
	res, err := u.Cat(t.Context(), gopher.CatArgs{ItemArgs: gopher.ItemArgs{Item: "README"}})
	if got := body(t, res, err); got != "read\r\n" {
		t.Errorf("cat README gives %q", got)
	}
	if _, err := u.Cd(t.Context(), gopher.CdArgs{Item: "docs"}); err != nil || u.Where() != "/docs/" {
		t.Errorf("cd docs: at %s, %v", u.Where(), err)
	}
	if got, err := u.Link(t.Context(), gopher.LinkArgs{Item: "today.txt"}); err != nil || !strings.HasSuffix(got, "/0/docs/today.txt") {
		t.Errorf("today.txt is %s, %v", got, err)
	}
	if _, err := u.Cd(t.Context(), gopher.CdArgs{Item: "/docs/gone"}); fault.Of(err) != fault.Protocol || u.Where() != "/docs/" {
		t.Errorf("what is no menu: at %s, %v", u.Where(), err)
	}
	if _, err := all(u.Back(t.Context(), gopher.MoveArgs{})); err != nil || u.Where() != "/" {
		t.Errorf("back: at %s, %v", u.Where(), err)
	}
	if _, err := all(u.Search(t.Context(), gopher.SearchArgs{Item: "4", Words: []string{"x"}})); fault.Of(err) != fault.Protocol || u.Where() != "/" {
		t.Errorf("a search that gives no menu: at %s, %v", u.Where(), err)
	}
	if got, err := u.Link(t.Context(), gopher.LinkArgs{Item: "3"}); err != nil || !strings.HasSuffix(got, "/1odd") {
		t.Errorf("item 3 is %s then, %v", got, err)
	}
	if _, err := u.Cd(t.Context(), gopher.CdArgs{Item: "3"}); err != nil || u.Where() != " odd" {
		t.Errorf("cd 3: at %q, %v", u.Where(), err)
	}
	if got, err := u.Pwd(t.Context(), gopher.None{}); err != nil || got != "odd" {
		t.Errorf("pwd: %q, %v", got, err)
	}
}

// A server that calls itself by its address is the one that was asked, the
// second time as well.
func TestNamesOfOne(t *testing.T) {
	p := serve(t, plain, map[string]string{"": "0A\t/a\tHERE\r\n.\r\n"})
	u := connect(t, &conformance.Peer{Target: wire.Target{URL: &url.URL{Scheme: "gopher", Host: "hole.example"}, Scheme: plain}})
	u.wire.Map = func(string, string) string { return p.Target.Host }
	for range 2 {
		rows, err := all(u.Ls(t.Context(), gopher.LsArgs{}))
		if err != nil || len(rows) != 1 || rows[0].URL != "gopher://hole.example/0/a" {
			t.Errorf("%+v, %v", rows, err)
		}
	}
}

// A directory is a menu: the one in it, or else one of its files. Nothing is
// above it, and its URL is good from anywhere (GOPH-16, X-11).
func TestDirectories(t *testing.T) {
	ctx, dir := onDisk(t, map[string]string{"hole/b.zip": "PK", "hole/a.txt": "text\n", "hole/.hidden": "x", "hole/docs/gophermap": "Docs\n0Above\t../a.txt\n", "hole/empty/x": ""})
	s := local(t, ctx, "./hole")
	rows, err := all(s.Ls(ctx, gopher.LsArgs{}))
	var got []string
	for _, r := range rows {
		got = append(got, r.Kind+" "+r.Name)
	}
	if text := strings.Join(got, ", "); err != nil || text != "menu docs, menu empty, text a.txt, binary b.zip" {
		t.Errorf("the directory has %s, %v", text, err)
	}
	if rows, err = all(s.Up(ctx, gopher.MoveArgs{})); err != nil || len(rows) != 4 || s.Where() != "hole/gophermap" {
		t.Errorf("up: %d rows at %s, %v", len(rows), s.Where(), err)
	}
	if rows, err = all(s.Ls(ctx, gopher.LsArgs{Item: "docs"})); err != nil || len(rows) != 2 || rows[0].Name != "Docs" {
		t.Errorf("docs: %+v, %v", rows, err)
	}
	if res, err := s.Cat(ctx, gopher.CatArgs{ItemArgs: gopher.ItemArgs{Item: "1"}}); body(t, res, err) != "text\n" {
		t.Error("a link from docs gives something else")
	}
	t.Chdir(dir)
	if path, ok := strings.CutPrefix(s.URL(), "file:"); !ok || !filepath.IsAbs(filepath.FromSlash(path)) || !strings.HasSuffix(path, "/hole/docs/gophermap") {
		t.Errorf("the URL is %s", s.URL())
	}
	if _, err := all(s.Ls(ctx, gopher.LsArgs{Item: "./nowhere/"})); fault.Of(err) != fault.NotFound {
		t.Errorf("a directory that is not there: %v", err)
	}
}
