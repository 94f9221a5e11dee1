package http

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os/exec"
	"strings"
	"testing"

	"wireline/protocols/fault"
	"wireline/protocols/lab"
	"wireline/protocols/verb"
	"wireline/protocols/wire"
)

func parsedURL(text string) *url.URL {
	u, err := url.Parse(text)
	if err != nil {
		panic(err)
	}
	return u
}

func tool(t *testing.T, words ...string) (any, error) {
	t.Helper()
	return URLVerb().Do(t.Context(), struct{}{}, verb.Env{}, words)
}

// HTTP-22: the same as Python's urllib.parse.
func TestURLTool(t *testing.T) {
	python := lab.Need(t, "python3")
	for _, c := range []struct {
		python string // an expression that gives text
		words  []string
	}{
		{`urljoin("http://h/a/b?q", "../c")`, []string{"join", "http://h/a/b?q", "../c"}},
		{`urljoin("http://h/a/b", "//k/x")`, []string{"join", "http://h/a/b", "//k/x"}},
		{`urljoin("http://h/a/b", "?x=1")`, []string{"join", "http://h/a/b", "?x=1"}},
		{`quote("a b/ü?&")`, []string{"quote", "a b/ü?&"}},
		{`quote("a b/ü", safe="")`, []string{"quote", "a b/ü", "--safe", ""}},
		{`quote_plus("a b+c", safe="/")`, []string{"quote", "a b+c", "--plus"}},
		{`unquote("a%20b+%C3%BC%zz%2")`, []string{"unquote", "a%20b+%C3%BC%zz%2"}},
		{`unquote_plus("a%20b+c")`, []string{"unquote", "a%20b+c", "--plus"}},
		{`urlencode([("a","1 2"),("b","ü&=")])`, []string{"query", "a=1 2", "b=ü&="}},
		{`urldefrag("http://h/p#f")[0]`, []string{"defrag", "http://h/p#f"}},
		{`urlunsplit(("http","u@h:1","/p","q","f"))`, []string{"build", "user=u", "host=h", "port=1", "path=/p", "query=q", "fragment=f"}},
	} {
		out, err := exec.Command(python, "-c", "from urllib.parse import *; print("+c.python+", end='')").Output()
		if err != nil {
			t.Fatal(err)
		}
		res, err := tool(t, c.words...)
		if d, ok := res.(Defragged); ok {
			res = d.URL
		}
		if err != nil || res != string(out) {
			t.Errorf("%v: %v, %v; Python says %s", c.words, res, err, out)
		}
	}
	res, err := tool(t, "parse", "http://u:p@H:1/a%2Fb?q=1&q=2&r=a+b#f")
	got, _ := json.Marshal(res)
	if want := `{"scheme":"http","user":"u","password":"p","host":"H","port":"1","path":"/a%2Fb","query":"q=1\u0026q=2\u0026r=a+b","fragment":"f","params":[{"name":"q","value":"1"},{"name":"q","value":"2"},{"name":"r","value":"a b"}],"url":"http://u:p@H:1/a%2Fb?q=1\u0026q=2\u0026r=a+b#f"}`; string(got) != want || err != nil {
		t.Errorf("%s, %v\nwant\n%s", got, err, want)
	}
	for _, text := range []string{"a=1&b=2", "http://h/?a=1&b=2#f"} {
		res, err := tool(t, "query", text)
		var all []string
		if err == nil {
			for p := range res.(verb.Stream[Param]) {
				all = append(all, p.Name+"="+p.Value)
			}
		}
		if strings.Join(all, " ") != "a=1 b=2" {
			t.Errorf("%s: %v, %v", text, all, err)
		}
	}
	for _, words := range [][]string{{"parse"}, {"parse", "a", "b"}, {"join", "a"}, {"parse", "http://[x"}, {"nothing", "x"}, {"build", "x=y"}, {"query", "plain", "x"}} {
		if _, err := tool(t, words...); fault.Of(err) != fault.Usage && fault.Of(err) != fault.BadArgument {
			t.Errorf("%v: %v", words, err)
		}
	}
}

// Quoting is undone by unquoting, whatever the text.
func FuzzQuote(f *testing.F) {
	f.Add("a b/ü%zz")
	f.Fuzz(func(t *testing.T, text string) {
		for _, plus := range []bool{false, true} {
			if got := unpercent(percent(text, "", plus), plus); got != text {
				t.Errorf("%q becomes %q", text, got)
			}
		}
		_ = params(text)
	})
}

// HTTP-23: RFC 9309, and what Python's urllib.robotparser knows beside it.
func TestRobots(t *testing.T) {
	text := strings.Join([]string{
		"# a remark", "User-agent: a", "User-agent: b", "Disallow: /private", "Allow: /private/open", "Crawl-delay: 2.5", "",
		"User-agent: *", "Disallow: /*.gif$", "Disallow: /q?", "Request-rate: 1/5", "",
		"User-agent: B/2.0", "Disallow: /b-only", "user-agent:b", "disallow:/more", "Sitemap: http://h/s.xml",
		"User-agent: Z/1.0", "Disallow: /",
	}, "\r\n")
	for _, c := range []struct {
		agent, path string
		allowed     bool
	}{
		{"a", "/", true}, {"a", "/private", false}, {"a", "/private/open", true}, {"a", "/private/opening", true}, {"A", "/privateer", false},
		{"a", "/x.gif", true}, {"x", "/x.gif", false}, {"x", "/x.gif?", true}, {"x", "/q?a", false}, {"x", "/q", true},
		{"b", "/private", false}, {"b", "/more", false}, {"b/1.0", "/more", false}, {"x", "/private", true}, {"a", "/%70rivate", false},
		{"x", "/robots.txt", true}, {"z", "/robots.txt", true}, {"z", "/x", false}, {"z/3", "/x", false},
	} {
		found := &Robots{Agent: c.agent, Path: c.path}
		parseRobots(text).judge(found)
		if found.Allowed != c.allowed {
			t.Errorf("%s %s: %+v", c.agent, c.path, found)
		}
	}
	url := site(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			w.Write([]byte(text))
		}
	})
	s := open(t, &wire.Dialer{}, url)
	got, err := s.Robots(t.Context(), RobotsArgs{URL: "/private/x", Agent: "a"})
	if err != nil || got.Allowed || got.Rule != "Disallow: /private" || got.Delay != 2.5 || len(got.Sitemaps) != 1 || got.URL != url+"/robots.txt" {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err = s.Robots(t.Context(), RobotsArgs{Agent: "a", Path: "private"}); err != nil || got.Allowed || got.Path != "/private" {
		t.Errorf("%+v, %v", got, err)
	}
	for code, allowed := range map[int]bool{404: true, 503: false} {
		url := site(t, func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(code) })
		if got, err := open(t, &wire.Dialer{}, url).Robots(t.Context(), RobotsArgs{}); err != nil || got.Allowed != allowed {
			t.Errorf("%d: %+v, %v", code, got, err)
		}
	}
}

func FuzzRobots(f *testing.F) {
	f.Add("User-agent: *\nDisallow: /a*b$", "/axb")
	f.Fuzz(func(t *testing.T, text, path string) {
		parseRobots(text).judge(&Robots{Agent: "x", Path: path})
	})
}
