package gopher

import (
	"net/url"
	"slices"
	"testing"

	"wireline/protocols/fault"
)

// URLs as RFC 4266 has them and as people type them (GOPH-01).
func TestParseURL(t *testing.T) {
	for _, c := range []struct {
		url  string
		want Item
	}{
		{"gopher://h", Item{Type: '1', Host: "h", Port: 70}},
		{"gopher://h/", Item{Type: '1', Host: "h", Port: 70}},
		{"GOPHER://h:7070/1", Item{Type: '1', Host: "h", Port: 7070}},
		{"gopher://h/0/x", Item{Type: '0', Selector: "/x", Host: "h", Port: 70}},
		{"gopher://h/0x", Item{Type: '0', Selector: "x", Host: "h", Port: 70}},
		{"gopher://h/7/v2/vs%09unix", Item{Type: '7', Selector: "/v2/vs", Search: "unix", Host: "h", Port: 70}},
		{"gopher://h/7/v2/vs%09unix%20tools%09", Item{Type: '7', Selector: "/v2/vs", Search: "unix tools", Host: "h", Port: 70}},
		{"gopher://h/0/cgi?a=b&c", Item{Type: '0', Selector: "/cgi?a=b&c", Host: "h", Port: 70}},
		{"gopher://h/0/a%20b%3F%25#part", Item{Type: '0', Selector: "/a b?%", Host: "h", Port: 70}},
		{"gopher://user:pw@h/0/a@b", Item{Type: '0', Selector: "/a@b", Host: "h", Port: 70}},
		{"gopher://[::1]:71/%3Csound", Item{Type: '<', Selector: "sound", Host: "::1", Port: 71}},
		{"gopher://[::1]/1", Item{Type: '1', Host: "::1", Port: 70}},
		{"gophers://h/1", Item{Type: '1', Host: "h", Port: 70, Secure: true}},
		{"gopher://h/0/caf%E9", Item{Type: '0', Selector: "/caf\xe9", Host: "h", Port: 70}},
	} {
		got, err := parseURL(c.url)
		if err != nil || got != c.want {
			t.Errorf("%s:\n got %+v, %v\nwant %+v", c.url, got, err, c.want)
		}
	}
}

// What would say more than one request is a bad argument (I08).
func TestParseURLRefuses(t *testing.T) {
	for _, bad := range []string{
		"gopher://h:25/_HELO%0d%0aMAIL%20FROM:<a@x>",
		"gopher://h/0/x%0aEVIL", "gopher://h/0/x%0dEVIL", "gopher://h/0/x%00", "gopher://h/0/x\nEVIL",
		"gopher://h/7/x%09a%09b", "gopher://h/0/x%zz", "gopher://h/%01x", "gopher:///0/x",
		"gopher://h:99999/", "gopher://h:0x46/", "gopher://a b/", "gopher://h%0a/",
	} {
		if it, err := parseURL(bad); fault.Of(err) != fault.BadArgument {
			t.Errorf("%s is %+v, %v", bad, it, err)
		}
	}
}

// A URL alone has the verb that its type asks for, and the shell's own form
// of the URL still says the same.
func TestRoute(t *testing.T) {
	for _, c := range []struct {
		url   string
		verb  string
		words []string
	}{
		{"gopher://h:70", "ls", nil},
		{"gopher://h:70/", "ls", nil},
		{"gopher://h:70/1/docs", "ls", []string{"gopher://h:70/1/docs"}},
		{"gopher://h:70/7/v2/vs%09unix", "ls", []string{"gopher://h:70/7/v2/vs%09unix"}},
		{"gopher://h:70/0/a.txt", "cat", []string{"gopher://h:70/0/a.txt"}},
		{"gopher://h:70/9/a.zip", "get", []string{"gopher://h:70/9/a.zip"}},
		{"gopher://h:70/8guest", "cat", []string{"gopher://h:70/8guest"}},
		{"gopher://h:70/0/x%0d%0aEVIL", "cat", []string{"gopher://h:70/0/x%0d%0aEVIL"}},
	} {
		u, err := url.Parse(c.url)
		if err != nil {
			t.Fatal(err)
		}
		if verb, words := route(u); verb != c.verb || !slices.Equal(words, c.words) {
			t.Errorf("%s: %s %q, want %s %q", c.url, verb, words, c.verb, c.words)
		}
	}
}

// Any URL that is accepted is one request, and is written so that it means
// the same when it is read again.
func FuzzURL(f *testing.F) {
	for _, seed := range []string{"h/0/x", "h:7070/7/v2/vs%09unix", "[::1]:71/%3Csound", "h/0/x%0d%0ay", "u:p@h/1?q#f", "h/9/caf%E9%20"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, rest string) {
		it, err := parseURL("gopher://" + rest)
		if err != nil {
			if k := fault.Of(err); k != fault.BadArgument {
				t.Fatalf("%q: %v [%s]", rest, err, k.Name)
			}
			return
		}
		if i := indexControl(it.Selector + it.Search); i >= 0 {
			t.Fatalf("%q: a line of its own in %+v", rest, it)
		}
		if it.web() != "" {
			return
		}
		again, err := parseURL(it.URL())
		if err != nil || again != it {
			t.Fatalf("%q: %+v is written %s, and read as %+v, %v", rest, it, it.URL(), again, err)
		}
	})
}

func indexControl(s string) int {
	return slices.IndexFunc([]byte(s), func(c byte) bool { return c == '\r' || c == '\n' || c == 0 || c == '\t' })
}
