package http

import (
	"net/url"
	"strings"
	"testing"

	"wireline/protocols/fault"
	"wireline/protocols/wire"
)

// HTTP-03: items are read as HTTPie reads them.
func TestParseItem(t *testing.T) {
	for word, want := range map[string]item{
		"X-Id:7":         {"X-Id", ":", "7"},
		"X-Id:":          {"X-Id", ":", ""},
		"X-Id;":          {"X-Id", ";", ""},
		"q==v":           {"q", "==", "v"},
		"q==a==b":        {"q", "==", "a==b"},
		"k=v":            {"k", "=", "v"},
		"k=a:b=c@d":      {"k", "=", "a:b=c@d"},
		"k:=1":           {"k", ":=", "1"},
		"k:=@f":          {"k", ":=@", "f"},
		"k=@f":           {"k", "=@", "f"},
		"k@f":            {"k", "@", "f"},
		"@f":             {"", "@", "f"},
		`a\=b=c`:         {"a=b", "=", "c"},
		`a\\=c`:          {`a\`, "=", "c"},
		`X\:Y:z`:         {"X:Y", ":", "z"},
		"Date:a;b":       {"Date", ":", "a;b"},
		"Referer:http:x": {"Referer", ":", "http:x"},
	} {
		if got, err := parseItem(word); got != want || err != nil {
			t.Errorf("%s: %+v, %v; want %+v", word, got, err, want)
		}
	}
	for _, word := range []string{"plain", "", "a;b", `a\=b`} {
		if got, err := parseItem(word); fault.Of(err) != fault.Usage {
			t.Errorf("%q: %+v, %v", word, got, err)
		}
	}
}

// HTTP-03: the bytes of a JSON body are HTTPie's.
func TestObject(t *testing.T) {
	var f fields
	for _, w := range []string{"name=Ann", "age:=30", `l:=[1,2.50,{"a":null,"b":[]}]`, "u=ü😀\"\\\n\x01", "t:=true", "name=Bob", "e:={}"} {
		it, err := parseItem(w)
		if err == nil {
			err = f.add(it)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	want := `{"name": "Bob", "age": 30, "l": [1, 2.50, {"a": null, "b": []}], "u": "\u00fc\ud83d\ude00\"\\\n\u0001", "t": true, "e": {}}`
	if got := f.object(); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	for _, bad := range []string{"", "{", "[1,", "1 2", "x", `{"a"}`, `{1:2}`, "[1 2]", `"`} {
		if got, err := reformat("k", bad); fault.Of(err) != fault.Usage {
			t.Errorf("%q: %s, %v", bad, got, err)
		}
	}
}

// I07, I12: nothing that a user types ends a line, frames the message, or is
// sent when it is no URL. No connection is made.
func TestRefusedBeforeSending(t *testing.T) {
	s := open(t, &wire.Dialer{}, "localhost:1")
	for _, c := range []struct {
		method, url string
		items       []string
		kind        *fault.Kind
	}{
		{"GET", "/a\r\nX: y", nil, fault.BadArgument},
		{"GET", "/a\x00", nil, fault.BadArgument},
		{"GET", "/a\x1b", nil, fault.BadArgument},
		{"GET", "http://a\nb/", nil, fault.BadArgument},
		{"GET", `http://a\b/`, nil, fault.BadArgument},
		{"GET", "http://", nil, fault.BadArgument},
		{"GET", "ftp://localhost/", nil, fault.BadArgument},
		{"GET", "http://localhost:99999/", nil, fault.BadArgument},
		{"GET", "/%zz", nil, fault.BadArgument},
		{"GET /x", "/", nil, fault.BadArgument},
		{"GET\r\nX:", "/", nil, fault.BadArgument},
		{"", "/", nil, fault.BadArgument},
		{"GET", "/", []string{"X:a\r\nY: b"}, fault.BadArgument},
		{"GET", "/", []string{"X:a\x00"}, fault.BadArgument},
		{"GET", "/", []string{"X\n:a"}, fault.BadArgument},
		{"GET", "/", []string{"X Y:a"}, fault.BadArgument},
		{"GET", "/", []string{":a"}, fault.BadArgument},
		{"GET", "/", []string{"Content-Length:5"}, fault.BadArgument},
		{"GET", "/", []string{"transfer-encoding:chunked"}, fault.BadArgument},
		{"GET", "/", []string{"Host:"}, fault.BadArgument},
		{"GET", "/", []string{"Host:a/b"}, fault.BadArgument},
		{"GET", "/", []string{"Host:a@b"}, fault.BadArgument},
		{"GET", "/", []string{"Host:a<b"}, fault.BadArgument},
		{"GET", "/", []string{"plain"}, fault.Usage},
		{"GET", "/", []string{"k:={"}, fault.Usage},
		{"GET", "/", []string{"@/none/there"}, fault.ReadLocal},
	} {
		_, err := s.Request(t.Context(), MethodArgs{c.method, SendArgs{Args: Args{URL: c.url, Items: c.items}}})
		if fault.Of(err) != c.kind || strings.ContainsAny(err.Error(), "\r\n\x00\x1b") {
			t.Errorf("%q %q %q: %v, want %v", c.method, c.url, c.items, err, c.kind)
		}
	}
	if s.wire.Last() != nil {
		t.Error("a connection was made")
	}
}

// A word that cannot be a path may stand where the URL is left out.
func TestItemInPlaceOfURL(t *testing.T) {
	for word, want := range map[string]bool{
		"q==v": true, "k=v": true, "k:=1": true,
		"users": false, "/x?a=b": false, "users?a==b": false, "a/b=c": false, "localhost:8080": false, "http://h/?a=b": false, "": false,
	} {
		if got := isItem(word); got != want {
			t.Errorf("%q: %v", word, got)
		}
	}
}

// HTTP-04, HTTP-18: which of the words behind a URL are URLs as well.
func TestFurtherURLs(t *testing.T) {
	a := Args{URL: "a", Items: []string{"http://h/b", "/c", ":8080/d", "e/f", "X-Id:7", "q==v", "k=v", ":x", "k@f"}}
	urls := strings.Join(a.several(), " ")
	if items := strings.Join(a.Items, " "); urls != "a http://h/b /c :8080/d e/f" || items != "X-Id:7 q==v k=v :x k@f" {
		t.Errorf("URLs %s, items %s", urls, items)
	}
}

// A password goes in the clear only where nobody else can read it.
func TestCleartextPassword(t *testing.T) {
	s := open(t, &wire.Dialer{}, "http://ann:secret@192.0.2.1/")
	_, err := do(t, s, "get")
	wants(t, err, fault.TLSRequired, "in the clear")
	proxied := open(t, &wire.Dialer{Options: wire.Options{Proxy: "http://192.0.2.1:1"}}, "http://ann:secret@localhost/")
	_, err2 := do(t, proxied, "get")
	wants(t, err2, fault.TLSRequired, "in the clear")
	if strings.Contains(err.Error()+fault.Hint(err), "secret") {
		t.Errorf("a secret in %v", err)
	}
	_, err = s.resolve("http://ann:secret@[x/")
	if err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("a secret in %v", err)
	}
}

func TestFindLinks(t *testing.T) {
	u, _ := url.Parse("http://ann:secret@h/dir/page")
	got := findLinks(u, []byte(`<base href="/other/"><a href=one>One  <b>and</b>
		more</a><A HREF='../two?a=1&amp;b=2'></A><a href="#here">no</a><a name=x>no</a>
		<a href="javascript:x()">no</a><a href="mailto:a@b">mail</a><a href="//else/x"><img alt="a picture"></a>
		<area href="map" alt="Map"><a href="http://h/three">unclosed<a href=four>four`))
	want := []Link{
		{1, "One and more", "http://h/other/one"},
		{2, "http://h/two?a=1&b=2", "http://h/two?a=1&b=2"},
		{3, "mail", "mailto:a@b"},
		{4, "a picture", "http://else/x"},
		{5, "Map", "http://h/other/map"},
		{6, "unclosed", "http://h/three"},
		{7, "four", "http://h/other/four"},
	}
	if len(got) != len(want) {
		t.Fatalf("%+v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%+v, want %+v", got[i], want[i])
		}
	}
	many := findLinks(u, []byte(strings.Repeat("<a href=x>", maxLinks+5)))
	if len(many) != maxLinks {
		t.Errorf("%d links", len(many))
	}
}

// Whatever a page is, its links are listed without a panic, in a line each.
func FuzzFindLinks(f *testing.F) {
	f.Add(`<a href="x">y</a><base href="//h">`)
	f.Add("<a href=\"\x00\">\xff</a><area><img alt=<a href=")
	u, _ := url.Parse("http://h/")
	f.Fuzz(func(t *testing.T, page string) {
		for i, l := range findLinks(u, []byte(page)) {
			if l.N != i+1 || l.URL == "" || len(l.Text) > maxText+len("…") || strings.ContainsAny(l.Text, "\r\n") {
				t.Errorf("%+v", l)
			}
		}
	})
}

// An item is split, never lost: what comes out goes in again.
func FuzzParseItem(f *testing.F) {
	for _, seed := range []string{"a:b", "q==v", `a\=b=c`, "k:=@f", "X;"} {
		f.Add(seed)
	}
	escaper := strings.NewReplacer(`\`, `\\`, "=", `\=`, ":", `\:`, "@", `\@`, ";", `\;`)
	f.Fuzz(func(t *testing.T, word string) {
		it, err := parseItem(word)
		if err != nil {
			return
		}
		again, err := parseItem(escaper.Replace(it.key) + it.sep + it.value)
		if err != nil || again != it {
			t.Errorf("%q is %+v, then %+v, %v", word, it, again, err)
		}
	})
}
