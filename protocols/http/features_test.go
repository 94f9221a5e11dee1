package http

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/lab"
	"wireline/protocols/verb"
	"wireline/protocols/web"
	"wireline/protocols/wire"
)

// HTTP-09: credentials from the URL, -u, the keys, or a token.
func TestAuth(t *testing.T) {
	_, d := world(t)
	s := open(t, d, "localhost:8080")
	asked := 0
	s.keys = func(_ context.Context, to wire.Target, user string) (string, string, error) {
		asked++
		if to.Hostname() != "localhost" || user != "ann" {
			t.Errorf("asked for %s at %s", user, to)
		}
		return "ann", "secret", nil
	}
	for _, c := range []struct {
		words []string
		kind  *fault.Kind
	}{
		{[]string{"/auth"}, fault.Refused},
		{[]string{"/auth", "-u", "ann:secret"}, nil},
		{[]string{"/auth", "-u", "ann:wrong"}, fault.Login},
		{[]string{"/auth", "-u", "ann"}, nil},
		{[]string{"/auth", "-u", "ann", "--auth", "auto"}, nil},
		{[]string{"/auth", "-u", "ann:secret", "--auth", "none"}, fault.Refused},
		{[]string{"/auth", "-u", "ann:secret", "--auth", "digest"}, fault.Refused},
		{[]string{"/auth", "--bearer", "t0ken"}, fault.Login},
		{[]string{"http://ann:secret@localhost:8080/auth"}, nil},
	} {
		if _, err := do(t, s, "get", c.words...); fault.Of(err) != c.kind {
			t.Errorf("%v: %v, want %v", c.words, err, c.kind)
		}
	}
	if asked != 2 {
		t.Errorf("asked %d times", asked)
	}
	got, err := do(t, s, "get", "/echo", "--bearer", "t0ken", "--print", "Hb")
	if err != nil || !strings.Contains(got, "Authorization: Bearer ***\n") || !strings.Contains(got, `"Bearer t0ken"`) {
		t.Errorf("%s, %v", got, err)
	}
}

// C01, C04, C10: what connect said of who asks is for that server only.
func TestAuthElsewhere(t *testing.T) {
	var got seen
	other := peer(t, func(c net.Conn, r *http.Request) { got.add(r); answer(c, "200 OK", "") })
	_, d := world(t)
	s := open(t, d, "localhost:8080")
	s.ways.User = "ann:secret"
	if _, err := do(t, s, "get", "/auth"); err != nil {
		t.Error(err)
	}
	if _, err := do(t, s, "get", "http://"+other+"/"); err != nil {
		t.Error(err)
	}
	if h := got.get()[0].Header; h.Get("Authorization") != "" {
		t.Errorf("told %v", h)
	}
}

// HTTP-14: nothing is sent; C08: and no secret shown. HTTP-24: the same as
// a command, which curl runs.
func TestUnsent(t *testing.T) {
	s := open(t, &wire.Dialer{}, "localhost:1")
	got, err := do(t, s, "post", "/echo?x=1", "name=Ann", "X-Id:7", "Cookie:a=hidden", "-u", "ann:secret", "-n")
	want := "POST /echo?x=1 HTTP/1.1\r\nHost: localhost:1\r\nUser-Agent: wireline\r\nAccept: application/json, */*;q=0.5\r\nX-Id: 7\r\nCookie: ***\r\nContent-Type: application/json\r\nAuthorization: Basic ***\r\nContent-Length: 15\r\n\r\n{\"name\": \"Ann\"}"
	if got != want || err != nil {
		t.Errorf("%q, %v\nwant\n%q", got, err, want)
	}
	for as, parts := range map[string][]string{
		"curl":   {"curl -X POST", "-H 'X-Id: 7'", "-H 'Cookie: ***'", `--data-binary '{"name": "it'\''s"}'`, "http://localhost:1/echo"},
		"python": {`http.client.HTTPConnection("localhost:1")`, `c.request("POST", "/echo", body=b"{\"name\": \"it's\"}"`, `"X-Id": "7"`},
		"go":     {`http.NewRequest("POST", "http://localhost:1/echo", strings.NewReader("{\"name\": \"it's\"}"))`, `req.Header.Add("X-Id", "7")`},
	} {
		got, err := do(t, s, "post", "/echo", "name=it's", "X-Id:7", "Cookie:a=hidden", "--as", as)
		for _, part := range parts {
			if !strings.Contains(got, part) || err != nil {
				t.Errorf("no %s in %s, %v", part, got, err)
			}
		}
		if strings.Contains(got, "hidden") {
			t.Errorf("a secret in %s", got)
		}
	}
	if s.wire.Last() != nil {
		t.Error("a connection was made")
	}
}

// HTTP-24: what is copied makes the same request, in curl and in Python.
func TestCopied(t *testing.T) {
	curl, python := lab.Need(t, "curl"), lab.Need(t, "python3")
	base := site(t, echoes)
	s := open(t, &wire.Dialer{}, base)
	words := []string{"/e?a=b", "name=it's \"ü\"", "X-Id:7", "Empty;"}
	want, err := do(t, s, "post", words...)
	if err != nil {
		t.Fatal(err)
	}
	line, err := do(t, s, "post", append(words, "--as", "curl")...)
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("sh", "-c", strings.Replace(line, "curl", curl+" -s", 1)).Output()
	if err != nil || string(out) != want {
		t.Errorf("%s gives\n%s, %v\nand not\n%s", line, out, err, want)
	}
	program, err := do(t, s, "post", append(words, "--as", "python")...)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(python, "-")
	cmd.Stdin = strings.NewReader(program)
	out, err = cmd.Output()
	if err != nil || !strings.Contains(string(out), `"X-Id": "7"`) || !strings.Contains(string(out), `it's`) {
		t.Errorf("%s gives\n%s, %v", program, out, err)
	}
}

// echoes says back a request, without what differs between clients.
func echoes(w http.ResponseWriter, r *http.Request) {
	b, _ := io.ReadAll(r.Body)
	h := map[string]string{}
	for name := range r.Header {
		h[name] = r.Header.Get(name)
	}
	delete(h, "Accept-Encoding")
	e := json.NewEncoder(w)
	e.SetIndent("", " ")
	e.Encode(map[string]any{"method": r.Method, "url": r.URL.String(), "body": string(b), "headers": h})
}

// HTTP-24: a line of curl makes the request that curl makes.
func TestCurlLines(t *testing.T) {
	curl := lab.Need(t, "curl")
	base := site(t, echoes)
	file := filepath.Join(t.TempDir(), "f.txt")
	if err := os.WriteFile(file, []byte("line one\nline two\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	heads := filepath.Join(t.TempDir(), "heads")
	if err := os.WriteFile(heads, []byte("X-One: 1\nX-Two: 2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, words := range [][]string{
		{base + "/a?b=c"},
		{"-X", "PURGE", base + "/a"},
		{"-H", "X-Id: 7", "-HX-Two:8", base},
		{"-d", "a=b", "-d", "c=d e", base},
		{"-d", "@" + file, base},
		{"--data-binary", "@" + file, base},
		{"--data-urlencode", "a=b c&d", base},
		{"-G", "-d", "a=b", "-d", "c=d", base + "/x?y=z"},
		{"--json", `{"a":1}`, base},
		{"-sS", "-A", "agent", "-e", "http://ref/", "-b", "k=v", base},
		{"-u", "ann:secret", base},
		{"-T", file, base + "/put"},
		{"-X", "PUT", "-d", "x", base},
		{base, "-H", "Accept: text/x", "--data-raw", `{"a":"=@;:"}`, "-H", "content-type: application/json", "-H", "Content-Length: 12", "--compressed", "-s"},
		{"-sSfX", "DELETE", "-H", "X-Empty;", "-H", "X-Odd: =@v", "-H", "Accept:", base},
		{"--request", "PATCH", "--data", "a=b", "--url", base + "/p"},
		{"--data-urlencode", "a@" + file, "--data-urlencode", "=x y", base},
		{"--data-binary", "@" + file, "-d", "more", base},
		{"-H", "@" + heads, "--http1.1", base},
		{"-XGET", "-d", "x=y", base},
		{"-L", "--max-redirs", "3", base + "/r"},
		{"--json", `{"a":`, "--json", "1}", base},
		{"-g", base + "/?a=[1]&b={x,y}"},
		{base + `/?a=\[1-2\]&b=\{x,y\}`}, // as Chrome copies it
		{base + "/a/../b/./c?d=/../e"},
		{"--path-as-is", base + "/a/../b"},
		{"--url-query", "a=b c", "--url-query", "+d=e%20f", "-d", "x", base + "/?y=z"},
	} {
		out, err := exec.Command(curl, append([]string{"-s"}, words...)...).Output()
		if err != nil {
			t.Fatal(err)
		}
		s := open(t, &wire.Dialer{}, base)
		got, err := do(t, s, "curl", words...)
		if err != nil {
			t.Errorf("%v: %v", words, err)
			continue
		}
		var a, b map[string]any
		if json.Unmarshal(out, &a) != nil || json.Unmarshal([]byte(got), &b) != nil {
			t.Fatalf("%v: %s, %s", words, out, got)
		}
		for _, x := range []map[string]any{a, b} {
			h := x["headers"].(map[string]any)
			delete(h, "Expect")
			if h["User-Agent"] != "agent" {
				delete(h, "User-Agent")
			}
			for _, name := range []string{"Content-Type", "Accept"} { // curl guesses less, and more
				if x["method"] == "PUT" && name == "Content-Type" {
					delete(h, name)
				}
			}
		}
		x, _ := json.Marshal(a)
		y, _ := json.Marshal(b)
		if string(x) != string(y) {
			t.Errorf("%v:\n%s\ncurl makes\n%s", words, y, x)
		}
	}
	s := open(t, &wire.Dialer{}, base)
	for _, words := range [][]string{{"-H"}, {"-d", "x", base, base}, {"-d", "x", "-F", "a=b", base}, {}, {"-w", "%{code}", base}, {"--no-such", base}, {"-b", "file", base},
		{base + "/[1-3]"}, {base + "/{a,b}"}, {base + "/x[a-z:2]"}, {"-F", "a=b;type=text/plain", base}, {"-F", `a="b"`, base},
		{"-d", "@-", base}, {"-o", "a", base + "/a", "-o", "b", base + "/b"},
	} {
		if _, err := do(t, s, "curl", words...); fault.Of(err) != fault.Usage && fault.Of(err) != fault.Unsupported {
			t.Errorf("%v: %v", words, err)
		}
	}
}

// HTTP-24: what a pipe feeds is the body, and text of a form stays as it is.
func TestCurlFed(t *testing.T) {
	s := open(t, &wire.Dialer{}, site(t, echoes))
	for _, words := range [][]string{{"--data-binary", "@-"}, {"-T", "-"}, {"-X", "PATCH", "--json", "@-"}} {
		words, err := curlLine(append(words, s.base.String()))
		if err != nil {
			t.Fatal(err)
		}
		env := verb.Env{Stdin: func() (verb.Input, bool) {
			return verb.Input{Size: -1, ReadCloser: io.NopCloser(strings.NewReader("fed"))}, true
		}}
		if got, err := doCtx(t, t.Context(), s, env, words[0], words[1:]...); err != nil || !strings.Contains(got, `"body": "fed"`) {
			t.Errorf("%q: %s, %v", words, got, err)
		}
	}
	got, err := do(t, s, "curl", "--form-string", "a=<b;type=c", s.base.String())
	if err != nil || !strings.Contains(got, `name=\"a\"\r\n\r\n\u003cb;type=c\r\n`) {
		t.Errorf("%s, %v", got, err)
	}
}

// HTTP-25: jq, a line for every result, as the values come.
func TestJQ(t *testing.T) {
	s := demo(t)
	for _, c := range []struct {
		words []string
		want  string
		kind  *fault.Kind
	}{
		{[]string{"/echo", "--jq", ".method"}, "GET\n", nil},
		{[]string{"/echo?a=b&a=c", "--jq", ".query.a[]"}, "b\nc\n", nil},
		{[]string{"/stream/3", "--jq", ".line"}, "1\n2\n3\n", nil},
		{[]string{"/stream/1", "--jq", "{l:.line}"}, "{\"l\":1}\n", nil},
		{[]string{"/stream/1", "--jq", ".line.x"}, "", fault.Refused},
		{[]string{"/stream/1", "--jq", ".["}, "", fault.Usage},
		{[]string{"/stream/1", "--jq", "nosuch"}, "", fault.Usage},
		{[]string{"/page/1", "--jq", "."}, "", fault.Protocol},
	} {
		if got, err := do(t, s, "get", c.words...); got != c.want || fault.Of(err) != c.kind {
			t.Errorf("%v: %q, %v", c.words, got, err)
		}
	}
	if got, err := do(t, s, "get", "/echo", "--pretty", "--jq", ".url"); got != "/echo\n" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}

// HTTP-11: a coded body is decoded, or with --raw left as it came.
func TestRawBody(t *testing.T) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	io.WriteString(z, "hello")
	z.Close()
	s := open(t, &wire.Dialer{}, site(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Accept-Encoding") == web.Accepted {
			w.Header().Set("X-Asked", "yes")
		}
		w.Header().Set("Content-Encoding", "gzip")
		w.Write(b.Bytes())
	}))
	for _, c := range []struct {
		words []string
		want  string
	}{{nil, "hello"}, {[]string{"--compressed"}, "hello"}, {[]string{"--compressed", "--raw"}, b.String()}} {
		got, err := do(t, s, "get", c.words...)
		if err != nil || got != c.want || (web.Fields(s.last.Headers).Get("X-Asked") == "yes") != (c.words != nil) {
			t.Errorf("%v: %q, %v", c.words, got, err)
		}
	}
}

// HTTP-13: JSON is laid out, and nothing else is changed.
func TestPretty(t *testing.T) {
	url := site(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/json" {
			w.Header().Set("Content-Type", "application/problem+json")
		}
		io.WriteString(w, `{"b":1.50,"a":[1,2]}`)
	})
	s := open(t, &wire.Dialer{}, url)
	if got, err := do(t, s, "get", "/json", "--pretty"); got != "{\n  \"b\": 1.50,\n  \"a\": [\n    1,\n    2\n  ]\n}\n" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	if got, err := do(t, s, "get", "/text", "--pretty"); got != `{"b":1.50,"a":[1,2]}` || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}

// HTTP-21: a page as text; its numbers are those of links.
func TestText(t *testing.T) {
	s := demo(t)
	got, err := do(t, s, "get", "/page/2", "--text")
	if err != nil || !strings.Contains(got, "This is page 2 of 9.\nContents[1] Back to page 1[2] On to page 3[3]\n") {
		t.Errorf("%q, %v", got, err)
	}
	if got, err := do(t, s, "follow", "3", "--text"); err != nil || !strings.Contains(got, "This is page 3") {
		t.Errorf("%q, %v", got, err)
	}
}

func FuzzText(f *testing.F) {
	f.Add("<p>a <b>b</b><ul><li>c<a href=x>d</a></ul><pre>\n e\n</pre><script>no</script>")
	f.Fuzz(func(t *testing.T, page string) {
		base := parsedURL("http://h/")
		if got := plainText([]byte(page), base); len(got) > 40*len(page)+100 {
			t.Errorf("%d bytes of %d", len(got), len(page))
		}
	})
}

// HTTP-20: events and lines come as they are sent.
func TestEvents(t *testing.T) {
	s := demo(t)
	rows := func(words ...string) (all []Event) {
		t.Helper()
		v, _ := verb.Find(verbs(), "events")
		res, err := v.Do(t.Context(), s, verb.Env{}, words)
		if err != nil {
			t.Fatal(err)
		}
		for e, err := range res.(verb.Stream[Event]) {
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, e)
		}
		return all
	}
	got := rows("/events/3")
	if len(got) != 3 || got[1].Data != "2 of 3" || got[1].ID != "2" || got[1].Event != "tick" {
		t.Errorf("%+v", got)
	}
	if got[2].Time.Sub(got[0].Time) < 100*time.Millisecond {
		t.Errorf("all came at once: %v", got)
	}
	if got := rows("/stream/100000", "--count", "2"); len(got) != 2 || string(got[1].JSON) != `{"line": 2, "of": 100000}` {
		t.Errorf("%+v", got)
	}
}

// The rules of the HTML standard for event streams.
func TestEventStream(t *testing.T) {
	var got []Event
	at := stream{pause: time.Second}
	text := "\ufeffdata: a\r\ndata:b\rdata\n\n: a remark\nid: 7\nretry: 250\nevent: x\ndata: c\n\nevent: none\n\nid\ndata: d\n\ndata: unfinished"
	if err := at.read(strings.NewReader(text), func(e Event) bool { got = append(got, e); return true }, &request{}); err != nil {
		t.Fatal(err)
	}
	want := []Event{{Data: "a\nb\n"}, {Event: "x", ID: "7", Data: "c"}, {Data: "d"}}
	if len(got) != 3 || got[0].Data != want[0].Data || got[1].Data != "c" || got[1].ID != "7" || got[1].Event != "x" || got[2].ID != "" || got[2].Event != "" || at.pause != 250*time.Millisecond {
		t.Errorf("%+v", got)
	}
}

// HTTP-07: cookies are saved, and loaded by another session.
func TestCookiesSaved(t *testing.T) {
	s := demo(t)
	if _, err := do(t, s, "get", "/cookies/set?taste=sweet"); err != nil {
		t.Fatal(err)
	}
	saved, err := do(t, s, "cookies", "--save")
	if err != nil || !strings.Contains(saved, "taste\tsweet\n") {
		t.Errorf("%q, %v", saved, err)
	}
	other := open(t, s.wire, "localhost:8080")
	env := verb.Env{Open: func(string) (verb.Input, error) {
		return verb.Input{Name: "jar", Size: -1, ReadCloser: io.NopCloser(strings.NewReader(saved))}, nil
	}}
	if _, err := doCtx(t, t.Context(), other, env, "cookies", "--load", "jar"); err != nil {
		t.Error(err)
	}
	if got, err := do(t, other, "get", "/cookies"); err != nil || !strings.Contains(got, `"taste": "sweet"`) {
		t.Errorf("%s, %v", got, err)
	}
	if _, err := do(t, other, "cookies", "--clear"); err != nil || len(other.client.Jar.List()) != 0 {
		t.Errorf("%v, %v", err, other.client.Jar.List())
	}
}

// http.client's putrequest and its like, and raw.
func TestByHand(t *testing.T) {
	s := demo(t)
	for _, step := range [][]string{
		{"begin", "POST", "/echo"}, {"header", "Content-Length", "5"}, {"header", "X-Id:7"}, {"endheaders"}, {"send", "hello"},
	} {
		if _, err := do(t, s, step[0], step[1:]...); err != nil {
			t.Errorf("%v: %v", step, err)
		}
	}
	got, err := do(t, s, "response")
	if err != nil || !strings.HasPrefix(got, "HTTP/1.1 200 OK\r\n") || !strings.Contains(got, `"body": "hello"`) || !strings.Contains(got, `"X-Id"`) {
		t.Errorf("%s, %v", got, err)
	}
	for _, step := range [][]string{{"header", "A:b"}, {"endheaders"}, {"send", "x"}} {
		_, err := do(t, s, step[0], step[1:]...)
		wants(t, err, fault.Usage, "no request was begun")
	}
	for _, text := range []string{"GET /bytes/3 HTTP/1.1\nHost: x", "GET /bytes/3 HTTP/1.0\r\n\r\n"} {
		if got, err := do(t, s, "raw", text); err != nil || !strings.Contains(got, "200 OK\r\n") || !strings.HasSuffix(got, "\r\n\r\nabc") {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
	if got, err := do(t, s, "raw", "--exact", "rubbish\r\n\r\n"); err != nil || !strings.Contains(got, "400 Bad Request") {
		t.Errorf("%q, %v", got, err)
	}
	if got, err := do(t, s, "raw", "GET /stream/2 HTTP/1.1\nHost: x"); err != nil || !strings.Contains(got, "\r\n0\r\n\r\n") {
		t.Errorf("the frames of %q, %v", got, err)
	}
}

// cd and pwd move the base; Move goes back to it.
func TestCd(t *testing.T) {
	s := demo(t)
	for _, c := range []struct{ to, where string }{{"files", "/files"}, {"pub", "/files/pub"}, {"..", "/files/"}, {"/a/b", "/a/b"}, {"", "/"}} {
		if _, err := do(t, s, "cd", c.to); err != nil || s.Where() != c.where {
			t.Errorf("cd %s: %s, %v", c.to, s.Where(), err)
		}
	}
	_, err := do(t, s, "cd", "http://other.example/")
	wants(t, err, fault.Usage, "another server")
	var _ protocols.Mover = s
	if err := s.Move(t.Context(), "/files/pub"); err != nil {
		t.Error(err)
	}
	if got, err := do(t, s, "get", "hello.txt"); got != "Hello, world!\n" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := do(t, s, "get", "/"); err != nil {
		t.Fatal(err)
	}
	if _, err := do(t, s, "cd", "1"); err != nil || s.Where() != "/page/1" {
		t.Errorf("cd 1: %s, %v", s.Where(), err)
	}
	if got, err := do(t, s, "back"); err != nil || !strings.Contains(got, "The playground") || s.Where() != "/files/pub" {
		t.Errorf("back: at %s, %v, %s", s.Where(), err, got)
	}
}

// H01: a body without a length has no end that can be told from a broken
// connection.
func TestStrict(t *testing.T) {
	addr := peer(t, func(c net.Conn, _ *http.Request) { io.WriteString(c, "HTTP/1.0 200 OK\r\n\r\nabc") })
	var warned []string
	s := open(t, &wire.Dialer{Warn: func(text string) { warned = append(warned, text) }}, addr)
	if got, err := do(t, s, "get"); got != "abc" || err != nil || len(warned) != 1 {
		t.Errorf("%q, %v, %q", got, err, warned)
	}
	_, err := do(t, s, "get", "--strict")
	wants(t, err, fault.Partial, "may have been longer")
}
