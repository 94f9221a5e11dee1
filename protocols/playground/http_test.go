package playground

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"wireline/protocols/lab"
)

// ask sends a request to the world's HTTP server and reads the whole answer.
func ask(t *testing.T, w *World, method, path, body string, header ...string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequest(method, "http://"+w.Map("tcp", "www:80")+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	tr := &http.Transport{DisableKeepAlives: true}
	res, err := tr.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	got, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(got)
}

func TestHTTP(t *testing.T) {
	w := start(t, Options{})
	for _, c := range []struct {
		method, path, body string
		header             []string
		code               int
		want               string // in the body
	}{
		{"GET", "/", "", nil, 200, `<a href="/redirect/3">`},
		{"GET", "/nowhere", "", nil, 404, ""},
		{"GET", "/page/1", "", nil, 200, `<a href="2">`},
		{"GET", "/page/9", "", nil, 200, `<a href="8">`},
		{"GET", "/page/10", "", nil, 404, ""},
		{"GET", "/form?name=%3Cb%3E", "", nil, 200, "<p>name: &lt;b&gt;\n"},
		{"PURGE", "/echo?q=1", "hello", nil, 200, `"body": "hello"`},
		{"POST", "/echo", strings.Repeat("x", maxBody+1), nil, 413, ""},
		{"GET", "/headers", "", []string{"X-One", "1"}, 200, `"X-One": [`},
		{"GET", "/status/404", "", nil, 404, "404 Not Found"},
		{"GET", "/status/204", "", nil, 204, ""},
		{"GET", "/status/99", "", nil, 400, ""},
		{"GET", "/redirect/1", "", nil, 302, ""},
		{"GET", "/redirect-to?url=ftp://x/&status=307", "", nil, 307, ""},
		{"GET", "/redirect-to?url=x&status=200", "", nil, 400, ""},
		{"GET", "/auth", "", nil, 401, "ann"},
		{"GET", "/auth", "", []string{"Authorization", "Basic YW5uOnNlY3JldA=="}, 200, "welcome, ann"},
		{"GET", "/auth", "", []string{"Authorization", "Basic YW5uOndyb25n"}, 401, ""},
		{"GET", "/cookies", "", []string{"Cookie", "a=b"}, 200, `"a": "b"`},
		{"GET", "/cookies/set?a=b", "", nil, 302, ""},
		{"GET", "/bytes/30", "", nil, 200, "abcdefghijklmnopqrstuvwxyzabcd"},
		{"GET", "/bytes/30", "", []string{"Range", "bytes=26-"}, 206, "abcd"},
		{"GET", "/bytes/30", "", []string{"Range", "bytes=26-", "If-Range", `"bytes-31"`}, 200, "abcdefghijklmnopqrstuvwxyzabcd"},
		{"GET", "/bytes/30", "", []string{"If-None-Match", `"bytes-30"`}, 304, ""},
		{"GET", "/bytes/-1", "", nil, 400, ""},
		{"GET", "/slow/0.01", "", nil, 200, "after 0.01 seconds"},
		{"GET", "/slow/NaN", "", nil, 400, ""},
		{"GET", "/drip/2", "", nil, 200, "ab"},
		{"GET", "/stream/2", "", nil, 200, "{\"line\": 1, \"of\": 2}\n{\"line\": 2, \"of\": 2}\n"},
		{"GET", "/events/1", "", nil, 200, "id: 1\nevent: tick\ndata: 1 of 1\n\n"},
		{"GET", "/files/", "", nil, 200, `<a href="./pub/">pub/</a>`},
		{"GET", "/files/pub/", "", nil, 200, `hello.txt`},
		{"GET", "/files/pub/hello.txt", "", nil, 200, "Hello, world!\n"},
		{"GET", "/files/none", "", nil, 404, ""},
		{"GET", "/files/none/", "", nil, 404, ""},
		{"PUT", "/files/new/a<b", "one", nil, 201, ""},
		{"PUT", "/files/new/a<b", "two", nil, 204, ""},
		{"GET", "/files/new/a%3Cb", "", nil, 200, "two"},
		{"GET", "/files/new/", "", nil, 200, "a&lt;b"},
		{"PUT", "/files/new/", "x", nil, 400, ""},
		{"DELETE", "/files/new/a%3Cb", "", nil, 204, ""},
		{"DELETE", "/files/new/a%3Cb", "", nil, 404, ""},
		{"PUT", "/files/big", strings.Repeat("x", maxFile+1), nil, 413, ""},
	} {
		res, body := ask(t, w, c.method, c.path, c.body, c.header...)
		if res.StatusCode != c.code || !strings.Contains(body, c.want) {
			t.Errorf("%s %s: %s %q; want %d and %q", c.method, c.path, res.Status, body, c.code, c.want)
		}
	}
}

// A slow body comes in pieces, and the first comes at once.
func TestStreamIsLive(t *testing.T) {
	w := start(t, Options{})
	c := dial(t, w, "tcp", "www:80")
	fmt.Fprintf(c, "GET /stream/100000 HTTP/1.1\r\nHost: www\r\n\r\n")
	took := lab.Stopwatch(t)
	var got []byte
	for buf := make([]byte, 4096); !bytes.Contains(got, []byte("\"line\": 1,")); {
		n, err := c.Read(buf)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, buf[:n]...)
	}
	if d := took(); d > 5*time.Second {
		t.Errorf("the first line took %v", d)
	}
}

// Two files under one path are two versions, even within a second.
func TestETag(t *testing.T) {
	w := start(t, Options{})
	seen := map[string]bool{}
	for _, data := range []string{"one", "two", "one"} {
		ask(t, w, "PUT", "/files/x", data)
		res, _ := ask(t, w, "GET", "/files/x", "")
		seen[res.Header.Get("ETag")] = true
	}
	if len(seen) != 3 {
		t.Errorf("three versions, and the tags are %v", seen)
	}
}

func TestFilesAreBounded(t *testing.T) {
	f := &files{all: map[string]file{}}
	for i := range maxFiles {
		if _, ok := f.put(fmt.Sprint(i), nil); !ok {
			t.Fatal("full after", i)
		}
	}
	if _, ok := f.put("one more", nil); ok {
		t.Error("no bound")
	}
	if _, ok := f.put("7", []byte("x")); !ok {
		t.Error("a file that is there cannot be replaced")
	}
}

func TestServices(t *testing.T) {
	w := start(t, Options{})
	for _, s := range w.Services() {
		line, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		var back Service
		if err := json.Unmarshal(line, &back); err != nil || back != s {
			t.Errorf("%s: %v", line, err)
		}
		if s.Name == "" || s.Proto == "" || s.Note == "" || !strings.Contains(s.URL, ":") {
			t.Errorf("%s", line)
		}
		if s.Proto == "http" && s.User == "" || s.Proto == "gopher" && s.User != "" {
			t.Errorf("%s: user %q", s.Name, s.User)
		}
	}
}
