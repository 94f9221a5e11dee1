package gopher_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/gopher"
	"wireline/protocols/verb"
)

// What leads out of gopher says what to type instead, and words of the server
// cannot become words of the shell (G01, GOPH-09).
func TestElsewhereHints(t *testing.T) {
	u := connect(t, serve(t, plain, map[string]string{"": "8Chess\tguest\tbbs.example\t23\r\n" +
		"hWeb\tURL:http://x/it's;exit\t\t\r\nhShell\tURL:http://x/' ; !rm -rf ~ ; '\t\t\r\nhFile\tURL:file:///etc/passwd\t\t\r\n7Find\t/f\tHERE\r\n9Zip\t/z\tHERE\r\n.\r\n"}))
	for n, want := range []string{
		"connect telnet 'bbs.example:23' goes there; log in as 'guest'",
		"http get 'http://x/it%27s;exit' fetches it",
		"http get 'http://x/%27%20;%20%21rm%20-rf%20~%20;%20%27' fetches it",
		"",
		"search ITEM WORDS",
	} {
		_, err := u.Follow(t.Context(), gopher.FollowArgs{Item: fmt.Sprint(n + 1)})
		if got := fault.Hint(err); err == nil || !strings.Contains(got, want) || want == "" && got != "" {
			t.Errorf("item %d: %v\nhint %q, want %q", n+1, err, got, want)
		}
		var way protocols.Way
		if errors.As(err, &way) != (n < 3) {
			t.Errorf("item %d leads to %q", n+1, way)
		}
	}
}

// A number saves what is not for reading, whatever its type is, and goes on
// where a link of the web's kind leads back to gopher (GOPH-07, GOPH-08).
func TestFollow(t *testing.T) {
	p := serve(t, plain, map[string]string{"/z": "PK", "/i.png": "PNG", "/odd": "odd", "/m": "0A\t/a\th\t70\r\n.\r\n"})
	u := connect(t, serve(t, plain, map[string]string{"": strings.ReplaceAll("9Zip\t/z\tTHERE\r\nIPicture\t/i.png\tTHERE\r\n~Odd\t/odd\tTHERE\r\nhMenu\tURL:gopher://"+
		p.Target.Host+"/1/m\t\t\r\n.\r\n", "THERE", strings.Replace(p.Target.Host, ":", "\t", 1))}))
	for n, want := range []struct{ name, media, text string }{{"z", "", "PK"}, {"i.png", "image/*", "PNG"}, {"odd", "", "odd"}} {
		res, err := u.Follow(t.Context(), gopher.FollowArgs{Item: fmt.Sprint(n + 1)})
		if got := body(t, res, err); got != want.text {
			t.Errorf("item %d: %q", n+1, got)
		}
		if b := res.(*verb.Blob); !b.Save || b.Name != want.name || b.Type != want.media {
			t.Errorf("item %d: %+v", n+1, b)
		}
	}
	if _, err := u.Follow(t.Context(), gopher.FollowArgs{Item: "4"}); err != nil || u.Where() != "//"+p.Target.Host+"/m" {
		t.Errorf("at %s, %v", u.Where(), err)
	}
}

// A search that is followed without words asks for them, where somebody can be
// asked (GOPH-04).
func TestQuestion(t *testing.T) {
	u := connect(t, serve(t, plain, map[string]string{"": "7Find\t/find\tHERE\r\n2Who\t\tHERE\r\n.\r\n"}))
	link, err := u.Link(t.Context(), gopher.LinkArgs{Item: "1"})
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []string{"1", "2"} {
		_, err := u.Follow(t.Context(), gopher.FollowArgs{Item: n})
		var q *protocols.Question
		if fault.Of(err) != fault.Usage || !errors.As(err, &q) {
			t.Fatalf("item %s: %v", n, err)
		}
		if q.Text != "search for:" || n == "1" && strings.Join(q.Words, " ") != "gopher search "+link+" --" {
			t.Errorf("item %s asks %q, and goes on with %q", n, q.Text, q.Words)
		}
	}
}

// Attributes of no end are an error, and a file of this machine has none; both
// ask nobody (GOPH-12, L03).
func TestAttributesOfNothing(t *testing.T) {
	u := connect(t, serve(t, plain, map[string]string{"/a\t!": "+-1\r\n+INFO: 0a\t/a\th\t70\t+\r\n+ABSTRACT:\r\n" + strings.Repeat(" word\r\n", 60_000) + ".\r\n"}))
	if _, err := u.Attributes(t.Context(), gopher.AttributesArgs{Item: "/a"}); fault.Of(err) != fault.Limit {
		t.Errorf("many: %v", err)
	}
	if _, err := u.Attributes(t.Context(), gopher.AttributesArgs{Item: "./gophermap"}); fault.Of(err) != fault.Unsupported {
		t.Errorf("a file: %v", err)
	}
}

// A URL of a file, or without a host, is not followed, wherever it says that it
// leads (G01).
func TestNotFollowed(t *testing.T) {
	menu := ""
	urls := []string{"file://h/etc/passwd", "http:///x", "telnet:///", "ftp://h/x", "imap://h/", "javascript:alert(1)", "unix:/run/x"}
	for _, to := range urls {
		menu += "hX\tURL:" + to + "\t\t\r\n"
	}
	u := connect(t, serve(t, plain, map[string]string{"": menu + ".\r\n"}))
	for n, to := range urls {
		_, err := u.Follow(t.Context(), gopher.FollowArgs{Item: fmt.Sprint(n + 1)})
		var way protocols.Way
		if fault.Of(err) != fault.Unsupported || errors.As(err, &way) || fault.Hint(err) != "" {
			t.Errorf("%s: %v, %q (%s)", to, err, way, fault.Hint(err))
		}
	}
}

// A tab goes on the wire only before the words of a search (I08).
func TestTabs(t *testing.T) {
	u := connect(t, serve(t, plain, nil))
	for _, item := range []string{"/a\tb", "gopher://127.0.0.1:1/7/a%09b%09c"} {
		if _, err := u.Cat(t.Context(), gopher.CatArgs{ItemArgs: gopher.ItemArgs{Item: item}}); fault.Of(err) != fault.BadArgument {
			t.Errorf("%q: %v", item, err)
		}
	}
	if _, err := u.Search(t.Context(), gopher.SearchArgs{Item: "/a", Words: []string{"b\tc"}}); fault.Of(err) != fault.BadArgument {
		t.Errorf("words: %v", err)
	}
}

// What a menu under TLS leads to at the same server is under TLS (GOPH-11).
func TestItemsUnderTLS(t *testing.T) {
	u := connect(t, serve(t, secure, map[string]string{"": "0Text\t/x\tHERE\r\n.\r\n", "/x": "here\r\n.\r\n"}))
	for _, item := range []string{"1", "/x", "text"} {
		res, err := u.Cat(t.Context(), gopher.CatArgs{ItemArgs: gopher.ItemArgs{Item: item}})
		if got := body(t, res, err); got != "here\r\n" {
			t.Errorf("%s gives %q", item, got)
		}
		if _, err := all(u.Ls(t.Context(), gopher.LsArgs{})); err != nil {
			t.Fatal(err)
		}
	}
}
