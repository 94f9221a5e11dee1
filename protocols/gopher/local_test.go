package gopher_test

import (
	"context"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/files"
	"wireline/protocols/gopher"
	"wireline/protocols/verb"
	"wireline/protocols/wire"
	"wireline/repl/transfer"
)

// onDisk is a context whose disk is a directory with some files.
func onDisk(t *testing.T, texts map[string]string) (context.Context, string) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range texts {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return files.WithDisk(t.Context(), &transfer.Disk{Dir: dir}), dir
}

// local is a session with a file of this machine.
func local(t *testing.T, ctx context.Context, word string) *gopher.Session {
	t.Helper()
	v, _ := verb.Find(gopher.Protocol().Open, "connect")
	to := wire.Target{URL: &url.URL{Scheme: "file", Opaque: word}}
	res, err := v.Do(ctx, protocols.Peer{Dialer: &wire.Dialer{}, Target: to}, verb.Env{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return res.(*gopher.Session)
}

// A hole on the disk is browsed as one of a server: text without tabs, items
// without a host, what is above, and links to real servers (GOPH-16).
func TestLocal(t *testing.T) {
	far := serve(t, plain, map[string]string{"/x": "far away\r\n.\r\n"})
	ctx, _ := onDisk(t, map[string]string{
		"hole/gophermap": "!My hole\nWelcome\n\n0About\tabout.txt\n1Docs\tdocs\n0Far\t/x\t" + strings.Replace(far.Target.Host, ":", "\t", 1) +
			"\nhWeb\tURL:http://www.example/\t\t\n9Zip\t/docs/a.zip\n0Gone\tgone.txt\n0Half\t/x\thost.example\n.\n0Behind\tthe end\n",
		"hole/about.txt":      "gr\xfc\xdfe\n.\nall\n",
		"hole/docs/gophermap": "1Up\t..\n0About\t../about.txt\n0Root's\t/about.txt\n",
		"hole/docs/a.zip":     "PK",
	})
	s := local(t, ctx, "./hole/gophermap")
	rows, err := all(s.Ls(ctx, gopher.LsArgs{}))
	if err != nil || len(rows) != 10 {
		t.Fatalf("%d rows, %v: %+v", len(rows), err, rows)
	}
	var got []string
	for _, r := range rows {
		got = append(got, strings.TrimRight(r.String(), " "))
	}
	if text := strings.Join(got, "\n"); !strings.Contains(text, "My hole\n             Welcome\n\n   1 text    About\n   2 menu    Docs\n   3 text    Far") {
		t.Errorf("the menu is\n%s", text)
	}
	if rows[9].Host != "host.example" || rows[9].Port != 70 {
		t.Errorf("an item without a port: %+v", rows[9])
	}
	for word, want := range map[string]string{"1": "gr\xfc\xdfe\n.\nall\n", "3": "far away\r\n", "./hole/about.txt": "gr\xfc\xdfe\n.\nall\n", "about.txt": "gr\xfc\xdfe\n.\nall\n"} {
		res, err := s.Cat(ctx, gopher.CatArgs{ItemArgs: gopher.ItemArgs{Item: word}})
		if text := body(t, res, err); text != want {
			t.Errorf("cat %s: %q", word, text)
		}
	}
	if b, err := s.Get(ctx, gopher.ItemArgs{Item: "5"}); body(t, b, err) != "PK" || b.Name != "a.zip" {
		t.Error("the archive is another")
	}
	if _, err := s.Cat(ctx, gopher.CatArgs{ItemArgs: gopher.ItemArgs{Item: "6"}}); fault.Of(err) != fault.NotFound {
		t.Errorf("a file that is not there: %v", err)
	}
	if rows, err = all(s.Ls(ctx, gopher.LsArgs{Item: "2"})); err != nil || len(rows) != 3 || s.Where() != "hole/docs/gophermap" {
		t.Fatalf("docs: %v, %v, at %s", rows, err, s.Where())
	}
	for _, n := range []string{"2", "3"} {
		res, err := s.Cat(ctx, gopher.CatArgs{ItemArgs: gopher.ItemArgs{Item: n, View: gopher.View{Look: gopher.Look{Encoding: "latin1"}}}})
		if text := body(t, res, err); text != "grüße\n.\nall\n" {
			t.Errorf("item %s of docs: %q", n, text)
		}
	}
	if rows, err = all(s.Up(ctx, gopher.MoveArgs{})); err != nil || len(rows) != 10 {
		t.Errorf("up: %d rows, %v", len(rows), err)
	}
	if got, err := s.Link(ctx, gopher.LinkArgs{Item: "2"}); err != nil || got != "file:hole/docs/gophermap" {
		t.Errorf("link: %s, %v", got, err)
	}
}

// A server cannot lead to a file of ours (G01).
func TestNoLocal(t *testing.T) {
	ctx, _ := onDisk(t, map[string]string{"secret": "x"})
	u := connect(t, serve(t, plain, map[string]string{"": "0A\t./secret\t\t\r\n0B\tfile:./secret\tHERE\r\n1C\t./secret\tHERE\r\nhD\tURL:file:./secret\t\t\r\n.\r\n"}))
	rows, err := all(u.Ls(ctx, gopher.LsArgs{}))
	if err != nil || len(rows) != 4 || rows[0].Broken == "" {
		t.Fatalf("%+v, %v", rows, err)
	}
	for _, n := range []string{"1", "2", "3"} {
		if _, err := u.Follow(ctx, gopher.FollowArgs{Item: n}); err == nil {
			t.Errorf("item %s gave something", n)
		}
	}
}

// Marks are kept in a gophermap, which other clients read, and which is a menu
// of its own; visited tells the way (GOPH-10).
func TestMarks(t *testing.T) {
	ctx, dir := onDisk(t, map[string]string{"links.gophermap": "0Old\t/old\told.example\t70"})
	p := serve(t, plain, map[string]string{"": "0About\t/about.txt\tHERE\r\n1Docs\t/docs\tHERE\r\n.\r\n", "/docs": "iempty\r\n.\r\n", "/about.txt": "text\r\n.\r\n"})
	u := connect(t, p)
	if _, err := all(u.Ls(ctx, gopher.LsArgs{})); err != nil {
		t.Fatal(err)
	}
	for _, a := range []gopher.MarkArgs{{Item: "1"}, {Item: "2", Name: "The docs\t!"}} {
		a.File = "links.gophermap"
		if m, err := u.Mark(ctx, a); err != nil || m.File != "links.gophermap" {
			t.Errorf("%+v: %+v, %v", a, m, err)
		}
	}
	host := strings.Replace(p.Target.Host, ":", "\t", 1)
	want := "0Old\t/old\told.example\t70\n0About\t/about.txt\t" + host + "\n1The docs !\t/docs\t" + host + "\n"
	if got, err := os.ReadFile(filepath.Join(dir, "links.gophermap")); err != nil || string(got) != want {
		t.Errorf("the file is %q, want %q, %v", got, want, err)
	}
	rows, err := all(u.Marks(ctx, gopher.MarksArgs{File: "links.gophermap"}))
	if err != nil || len(rows) != 3 || rows[2].Number != 3 || rows[2].Name != "The docs !" {
		t.Fatalf("%+v, %v", rows, err)
	}
	res, err := u.Follow(ctx, gopher.FollowArgs{Item: "2"})
	if got := body(t, res, err); got != "text\r\n" {
		t.Errorf("a mark leads to %q", got)
	}
	if _, err := u.Follow(ctx, gopher.FollowArgs{Item: "3"}); err != nil || u.Where() != "/docs" {
		t.Errorf("at %s, %v", u.Where(), err)
	}
	var way []string
	stops, _ := u.Visited(ctx, gopher.None{})
	for s := range stops {
		way = append(way, s.URL)
	}
	if got := strings.Join(way, " "); got != "gopher://"+p.Target.Host+"/ file:links.gophermap gopher://"+p.Target.Host+"/1/docs" {
		t.Errorf("visited %s", got)
	}
}
