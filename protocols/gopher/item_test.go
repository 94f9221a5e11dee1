package gopher

import "testing"

// Lines of menus as they come, and as nobody should send them (G01, GOPH-07).
func TestParse(t *testing.T) {
	for _, c := range []struct {
		line   string
		before byte
		want   Item
		broken string
	}{
		{"0About\t/a\th.example\t70", 0, Item{Type: '0', Name: "About", Selector: "/a", Host: "h.example", Port: 70}, ""},
		{"0About\t/a\th.example\t70\r", 0, Item{Type: '0', Name: "About", Selector: "/a", Host: "h.example", Port: 70}, ""},
		{"1\t\th\t65535\t+\textra", 0, Item{Type: '1', Host: "h", Port: 65535}, ""},
		{"+Mirror\t/a\th2\t70", '9', Item{Type: '9', Name: "Mirror", Selector: "/a", Host: "h2", Port: 70}, ""},
		{"+Mirror\t/a\th2\t70", 0, Item{Type: '+', Name: "Mirror", Selector: "/a", Host: "h2", Port: 70}, ""},
		{"iwelcome", 0, Item{Type: 'i', Name: "welcome"}, ""},
		{"3no such thing\t\terror.host\t1", 0, Item{Type: '3', Name: "no such thing"}, ""},
		{"", 0, Item{Type: 'i'}, ""},
		{"hWeb\tURL:http://h/\t\t", 0, Item{Type: 'h', Name: "Web", Selector: "URL:http://h/"}, ""},
		{"hWeb\t/url:http://h/\th\t70", 0, Item{Type: 'h', Name: "Web", Selector: "/url:http://h/", Host: "h"}, ""},
		{"hWeb\tURL:", 0, Item{Type: 'h', Name: "hWeb\tURL:"}, "fields are missing"},
		{"0About", 0, Item{Type: '0', Name: "0About"}, "fields are missing"},
		{"0a\t/a\t\t70", 0, Item{Type: '0', Name: "a", Selector: "/a"}, `"" is no host`},
		{"0a\t/a\th/x@y\t70", 0, Item{Type: '0', Name: "a", Selector: "/a", Host: "h/x@y"}, `"h/x@y" is no host`},
		{"0a\t/a\th\t0", 0, Item{Type: '0', Name: "a", Selector: "/a", Host: "h"}, `"0" is no port`},
		{"0a\t/a\th\t99999", 0, Item{Type: '0', Name: "a", Selector: "/a", Host: "h"}, `"99999" is no port`},
		{"0a\t/a\th\tgopher", 0, Item{Type: '0', Name: "a", Selector: "/a", Host: "h"}, `"gopher" is no port`},
		{"0a\t/a\rX\th\t70", 0, Item{Type: '0', Name: "a", Selector: "/a\rX", Host: "h"}, "a control character is in the selector"},
		{"\x1b[2Ja\t/a\th\t70", 0, Item{Name: "\x1b[2Ja\t/a\th\t70"}, "no type"},
		{"\xc3\xa9\t/a\th\t70", 0, Item{Name: "\xc3\xa9\t/a\th\t70"}, "no type"},
	} {
		got, broken := parse([]byte(c.line), c.before)
		if got != c.want || broken != c.broken {
			t.Errorf("%q after %q:\n got %+v, %q\nwant %+v, %q", c.line, c.before, got, broken, c.want, c.broken)
		}
	}
}

// Every type of the table can be told from the others by what is done with
// it, and an unknown one is fetched as bytes (GOPH-07).
func TestKinds(t *testing.T) {
	for typ, want := range map[byte]kind{
		'0': asText, '1': asMenu, '2': asPeople, '3': asNothing, '4': asText, '5': asBytes, '6': asText,
		'7': asSearch, '8': asElsewhere, '9': asBytes, 'T': asElsewhere, 'g': asBytes, 'I': asBytes, 's': asBytes,
		'h': asBytes, 'i': asNothing, 'd': asBytes, 'p': asBytes, 'P': asBytes, 'r': asBytes, 'M': asBytes,
		';': asBytes, ':': asBytes, '<': asBytes, '~': asBytes,
	} {
		if got := (Item{Type: typ}).kind(); got != want {
			t.Errorf("type %c: kind %d, want %d", typ, got, want)
		}
	}
	if got := (Item{Type: 'h', Selector: "URL:http://h/"}).kind(); got != asElsewhere {
		t.Errorf("a link to the web: kind %d", got)
	}
	if got := (Item{Type: 'h', Selector: "/a.html"}).kind(); got != asBytes {
		t.Errorf("a page: kind %d", got)
	}
}

// A name for a file leads nowhere but where the user is (D01, GOPH-06).
func TestFileName(t *testing.T) {
	for _, c := range []struct{ selector, name, want string }{
		{"/files/a.zip", "An archive", "a.zip"},
		{"/files/", "Files", "files"},
		{"/..", "Up we go", "Up we go"},
		{"../../etc/passwd", "x", "passwd"},
		{`C:\windows\x.exe`, "x", "x.exe"},
		{"/.bashrc", "x", "bashrc"},
		{"/-rf", "x", "rf"},
		{"/a\x1b[2J\u202eb", "x", "a[2Jb"},
		{"/caf\xe9.txt", "x", "café.txt"},
		{"", "a/b\\c", "a_b_c"},
		{"", "", "gopher"},
		{"/...", "...", "gopher"},
	} {
		if got := fileName(Item{Selector: c.selector, Name: c.name}); got != c.want {
			t.Errorf("%q, %q: %q, want %q", c.selector, c.name, got, c.want)
		}
	}
	long := make([]byte, 500)
	for i := range long {
		long[i] = 'x'
	}
	if got := fileName(Item{Selector: string(long)}); len(got) > 200 {
		t.Errorf("a name of %d bytes", len(got))
	}
}

func TestParent(t *testing.T) {
	for selector, want := range map[string]string{
		"": "", "/": "", "/a": "", "/a/": "", "/a/b": "/a", "/a/b/": "/a/", "a/b/c": "a/b", "x": "",
	} {
		if got := new(Session).parent(Item{Selector: selector, Host: "h", Port: 70}); got.Selector != want || got.Type != '1' || got.Host != "h" {
			t.Errorf("above %q is %+v, want %q", selector, got, want)
		}
	}
}
