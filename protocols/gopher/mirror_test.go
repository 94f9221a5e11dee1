package gopher_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"wireline/protocols/conformance"
	"wireline/protocols/fault"
	"wireline/protocols/gopher"
)

// A hole answers selectors, and notes which were asked for, and when.
type hole struct {
	*conformance.Peer
	mu    sync.Mutex
	asked []string
	at    []time.Time
}

func dig(t *testing.T, replies map[string]string) *hole {
	h := &hole{}
	h.Peer = conformance.Serve(t, plain, func(c net.Conn) {
		line, err := bufio.NewReader(c).ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimRight(line, "\r\n")
		h.mu.Lock()
		h.asked, h.at = append(h.asked, line), append(h.at, time.Now())
		h.mu.Unlock()
		if text, ok := replies[line]; ok {
			io.WriteString(c, strings.ReplaceAll(text, "HERE", strings.Replace(c.LocalAddr().String(), ":", "\t", 1)))
			return
		}
		io.WriteString(c, "3not here\t\terror.host\t1\r\n.\r\n")
	})
	return h
}

// did runs a mirror to its end.
func did(t *testing.T, ctx context.Context, u *user, a gopher.MirrorArgs) (lines []string, last error) {
	t.Helper()
	done, err := u.Mirror(ctx, a)
	if err != nil {
		t.Fatal(err)
	}
	for d, err := range done {
		if err != nil {
			last = err
			break
		}
		lines = append(lines, strings.TrimSpace(fmt.Sprintf("%s %s %s", d.Did, d.Path, d.Why)))
	}
	return lines, last
}

var world = map[string]string{
	"":                    "iWelcome\t\tnull\t1\r\n0About\t/about.txt\tHERE\r\n1Docs\t/docs\tHERE\r\n1Far\t/far\tfar.example\t70\r\n7Find\t/find\tHERE\r\nhWeb\tURL:http://www.example/\t\t\r\n1Private\t/private\tHERE\r\n0Broken\t/x\t\t70\r\n.\r\n",
	"/about.txt":          "About\r\n.\r\n",
	"/docs":               "1Home\t\tHERE\r\n0About\t/about.txt\tHERE\r\n9Zip\t/docs/a.zip\tHERE\r\n0Evil\t../../../etc/passwd\tHERE\r\n1Deep\t/docs/deep\tHERE\r\n0Gone\t/docs/gone\tHERE\r\n.\r\n",
	"/docs/a.zip":         "PK\x00..",
	"../../../etc/passwd": "evil\r\n.\r\n",
	"/docs/deep":          "1Deeper\t/docs/deep/er\tHERE\r\n.\r\n",
	"robots.txt":          "# For all\r\nUser-agent: *\r\nDisallow: /private\r\nCrawl-delay: 0.01\r\n.\r\n",
}

// A mirror goes as deep as it may, stays at its server and in its directory,
// obeys robots.txt, and what it has made can be browsed (GOPH-15, GOPH-16).
func TestMirror(t *testing.T) {
	h := dig(t, world)
	ctx, dir := onDisk(t, nil)
	u := connect(t, h.Peer)
	lines, err := did(t, ctx, u, gopher.MirrorArgs{Item: ".", Dir: "./hole"})
	want := []string{
		"copied hole/gophermap", "copied hole/about.txt", "copied hole/docs/gophermap", "skipped hole/private/gophermap robots.txt says Disallow: /private",
		"copied hole/docs/a.zip", "copied hole/etc/passwd", "copied hole/docs/deep/gophermap", "failed hole/docs/gone",
	}
	for i, line := range lines {
		if i >= len(want) || !strings.HasPrefix(line, want[i]) {
			t.Errorf("line %d is %q", i, line)
		}
	}
	if len(lines) != len(want) || fault.Of(err) != fault.Refused {
		t.Errorf("%d lines, %v", len(lines), err)
	}
	if len(u.warned) != 0 {
		t.Errorf("remarks: %q", u.warned)
	}
	if u.Where() != "/" {
		t.Errorf("the session is at %s", u.Where())
	}
	if slices.Contains(h.asked, "/private") || slices.Contains(h.asked, "/docs/deep/er") || slices.Contains(h.asked, "/find") {
		t.Errorf("asked for %q", h.asked)
	}
	for name, want := range map[string]string{
		"hole/about.txt": "About\r\n", "hole/docs/a.zip": "PK\x00..", "hole/etc/passwd": "evil\r\n",
		"hole/gophermap": "iWelcome\t\tnull\t1\n0About\tabout.txt\n1Docs\tdocs/gophermap\n1Far\t/far\tfar.example\t70\n7Find\t/find\t" + strings.Replace(h.Target.Host, ":", "\t", 1) +
			"\nhWeb\tURL:http://www.example/\tnull\t1\n1Private\tprivate/gophermap\niBroken\t\tnull\t1\n",
	} {
		if got, err := os.ReadFile(filepath.Join(dir, name)); err != nil || string(got) != want {
			t.Errorf("%s is %q, want %q, %v", name, got, want, err)
		}
	}
	if found, _ := filepath.Glob(filepath.Join(dir, "*")); len(found) != 1 {
		t.Errorf("files: %q", found)
	}

	s := local(t, ctx, "./hole/gophermap")
	if _, err := all(s.Ls(ctx, gopher.LsArgs{Item: "2"})); err != nil {
		t.Fatal(err)
	}
	res, err := s.Cat(ctx, gopher.CatArgs{ItemArgs: gopher.ItemArgs{Item: "2"}})
	if got := body(t, res, err); got != "About\r\n" {
		t.Errorf("the copy of a text of the copy of a menu is %q", got)
	}
	if rows, err := all(s.Ls(ctx, gopher.LsArgs{Item: "1"})); err != nil || len(rows) != 8 || s.Where() != "hole/gophermap" {
		t.Errorf("back home: %d rows at %q, %v", len(rows), s.Where(), err)
	}

	// A second one fetches the menus and what has failed.
	before := len(h.asked)
	did(t, ctx, u, gopher.MirrorArgs{Item: "./hole"})
	if got := strings.Join(h.asked[before:], " "); got != "caps.txt robots.txt  /docs /docs/deep /docs/gone" {
		t.Errorf("the second time it asks for %q", got)
	}
}

// How much is copied can be bounded: by menus, by where they are, by number;
// and how fast (GOPH-15).
func TestMirrorBounds(t *testing.T) {
	for _, c := range []struct {
		args gopher.MirrorArgs
		want string
		kind *fault.Kind
	}{
		{gopher.MirrorArgs{Item: ".", Depth: 1}, "gophermap about.txt", nil},
		{gopher.MirrorArgs{Item: "/docs", Depth: 1, Below: true}, "gophermap docs/a.zip docs/gone", fault.Refused},
		{gopher.MirrorArgs{Item: ".", Most: 2}, "gophermap about.txt", fault.Limit},
		{gopher.MirrorArgs{Item: ".", Depth: 2, Rude: true, Wait: 30 * time.Millisecond}, "gophermap about.txt docs/gophermap private/gophermap docs/a.zip etc/passwd docs/gone", fault.Refused},
	} {
		h := dig(t, world)
		ctx, _ := onDisk(t, nil)
		c.args.Dir = "h"
		lines, err := did(t, ctx, connect(t, h.Peer), c.args)
		var got []string
		for _, l := range lines {
			got = append(got, strings.TrimPrefix(strings.Fields(l)[1], "h/"))
		}
		if text := strings.Join(got, " "); text != c.want || fault.Of(err) != c.kind {
			t.Errorf("%+v: %q, %v", c.args, text, err)
		}
		for i := 1; c.args.Wait > 0 && i < len(h.at); i++ {
			if d := h.at[i].Sub(h.at[i-1]); d < 25*time.Millisecond {
				t.Errorf("request %d came %v after the one before", i, d)
			}
		}
	}
	ctx, _ := onDisk(t, nil)
	u := connect(t, dig(t, world).Peer)
	for _, a := range []gopher.MirrorArgs{{Item: "/a.txt", Dir: "d"}, {Item: ".", Dir: "d", Depth: 100}, {Item: "gopher://h/", Dir: ""}} {
		a.Item = strings.Replace(a.Item, "/a.txt", "gopher://"+"127.0.0.1:1/0/a.txt", 1)
		if _, err := u.Mirror(ctx, a); fault.Of(err) != fault.Usage && fault.Of(err) != fault.BadArgument {
			t.Errorf("%+v: %v", a, err)
		}
	}
}

// What waits to be copied is bounded in bytes, too: selectors may be long
// (GOPH-15, L03).
func TestMirrorOfLongSelectors(t *testing.T) {
	long := strings.Repeat("x", 60<<10)
	u := connect(t, conformance.Serve(t, plain, func(c net.Conn) {
		if line, _ := bufio.NewReader(c).ReadString('\n'); line != "\r\n" {
			return // caps.txt and robots.txt
		}
		at := strings.Replace(c.LocalAddr().String(), ":", "\t", 1)
		for i := range 200 {
			if _, err := fmt.Fprintf(c, "0a\t/%d%s\t%s\r\n", i, long, at); err != nil {
				return
			}
		}
		io.WriteString(c, ".\r\n")
	}))
	ctx, _ := onDisk(t, nil)
	done, err := u.Mirror(ctx, gopher.MirrorArgs{Item: ".", Dir: "h", Depth: 1})
	if err != nil {
		t.Fatal(err)
	}
	for d, err := range done {
		if err != nil || !strings.Contains(d.Why, "more than 16 MiB") {
			t.Errorf("%+v, %v", d, err)
		}
		break
	}
}
