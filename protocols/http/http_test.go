package http

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/playground"
	"wireline/protocols/verb"
	"wireline/protocols/web"
	"wireline/protocols/wire"
)

func TestMain(m *testing.M) {
	log.SetOutput(io.Discard) // net/http tells there of bytes that come after a response
	goleak.VerifyTestMain(m)
}

// open makes a session with base, which is host:port or a URL.
func open(t *testing.T, d *wire.Dialer, base string) *Session {
	t.Helper()
	if !strings.Contains(base, "://") {
		base = "http://" + base
	}
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	opened, err := connect(protocols.Peer{Dialer: d, Target: wire.Target{URL: u, Scheme: *web.Scheme(u.Scheme)}}, t.Context(), ConnectArgs{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { opened.Close() })
	s := opened.(*Session)
	s.unit = 20 * time.Millisecond
	return s
}

func world(t *testing.T) (*playground.World, *wire.Dialer) {
	t.Helper()
	w, err := playground.Start(t.Context(), playground.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close() })
	return w, &wire.Dialer{Map: w.Map}
}

// demo is a session with the playground.
func demo(t *testing.T) *Session {
	t.Helper()
	_, d := world(t)
	return open(t, d, "localhost:8080")
}

// do runs a verb as the shell would, and reads its result to the end.
func do(t *testing.T, s *Session, name string, words ...string) (string, error) {
	t.Helper()
	return doCtx(t, t.Context(), s, verb.Env{}, name, words...)
}

func doCtx(t *testing.T, ctx context.Context, s *Session, env verb.Env, name string, words ...string) (string, error) {
	t.Helper()
	v, ok := verb.Find(verbs(), name)
	if !ok {
		t.Fatalf("no verb %s", name)
	}
	res, err := v.Do(ctx, s, env, words)
	if err != nil {
		return "", err
	}
	switch res := res.(type) {
	case *verb.Blob:
		got, err := io.ReadAll(res)
		if closed := res.Close(); err == nil {
			err = closed
		}
		return string(got), err
	case *Response:
		return res.String(), nil
	}
	return "", nil
}

// peer is a server that reads one request's head and body as far as it has
// a length, then does as f says, once for every connection.
func peer(t *testing.T, f func(c net.Conn, r *http.Request)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			if r, err := http.ReadRequest(bufio.NewReader(c)); err == nil {
				f(c, r)
			}
			c.Close()
		}
	}()
	t.Cleanup(func() { l.Close(); <-done })
	return l.Addr().String()
}

// wants checks the kind of an error, and that it says where and no more than
// a line.
func wants(t *testing.T, err error, kind *fault.Kind, says string) {
	t.Helper()
	if got := fault.Of(err); got != kind {
		t.Errorf("%v is a %v, want %v", err, got, kind)
		return
	}
	if err == nil {
		return
	}
	if text := err.Error(); !strings.Contains(text, says) || strings.ContainsAny(text, "\r\n") || strings.Contains(text, "net/http") {
		t.Errorf("%q does not say %q, or not well", text, says)
	}
}

// HTTP-01, HTTP-02, HTTP-13, HTTP-15: the methods, and statuses that are errors after their
// body has been shown.
func TestMethods(t *testing.T) {
	s := demo(t)
	for _, c := range []struct {
		verb  string
		words []string
		want  string
		kind  *fault.Kind
	}{
		{"get", []string{"/bytes/26"}, "abcdefghijklmnopqrstuvwxyz", nil},
		{"get", []string{"http://localhost:8080/bytes/3"}, "abc", nil},
		{"get", []string{":8080/bytes/3"}, "abc", nil},
		{"get", []string{"localhost:8080/bytes/3"}, "abc", nil},
		{"post", []string{"/echo", "name=Ann", "age:=30"}, `"body": "{\"name\": \"Ann\", \"age\": 30}"`, nil},
		{"put", []string{"/files/x", "a=b"}, "", nil},
		{"get", []string{"/files/x"}, `{"a": "b"}`, nil},
		{"patch", []string{"/echo"}, `"method": "PATCH"`, nil},
		{"delete", []string{"/files/x"}, "", nil},
		{"request", []string{"PURGE", "/echo"}, `"method": "PURGE"`, nil},
		{"options", []string{"/echo"}, "HTTP/1.1 200 OK\n", nil},
		{"head", []string{"/bytes/1000"}, "Content-Length: 1000\n", nil},
		{"get", []string{"/status/404"}, "404 Not Found", fault.Refused},
		{"get", []string{"/status/500"}, "500 ", fault.Refused},
		{"get", []string{"/status/404", "--expect-status", "404"}, "404 Not Found", nil},
		{"get", []string{"/status/200", "--expect-status", "404"}, "200 OK", fault.Refused},
		{"head", []string{"/status/404"}, "", fault.Refused},
		{"get", []string{"/redirect/1"}, "Found", nil},
		{"get", []string{"/redirect/3", "--follow"}, "Page 1", nil},
		{"get", []string{"/auth"}, "password", fault.Refused},
		{"get", []string{"http://ann:secret@localhost:8080/auth"}, "welcome, ann", nil},
		{"get", []string{"/stream/2"}, "\"line\": 2", nil},
		{"get", []string{"/echo", "q==a&b", "p==1 2", "X-Id:7", "Accept:"}, `"url": "/echo?q=a%26b\u0026p=1+2"`, nil},
	} {
		got, err := do(t, s, c.verb, c.words...)
		if fault.Of(err) != c.kind || !strings.Contains(got, c.want) {
			t.Errorf("%s %v: %q, %v; want %q, %v", c.verb, c.words, got, err, c.want, c.kind)
		}
	}
	_, err := do(t, s, "get", "/status/404")
	var e *fault.Error
	if !errors.As(err, &e) || e.Code != "404" || e.Text != "Not Found" || e.At != "localhost:8080/status/404" {
		t.Errorf("%#v", e)
	}
	if code, text := s.Reply(); code != "404" || text != "Not Found" {
		t.Errorf("the reply is %s %s", code, text)
	}
}

// HTTP-04: a base is a directory.
func TestBase(t *testing.T) {
	_, d := world(t)
	s := open(t, d, "http://localhost:8080/files/pub")
	if s.Where() != "/files/pub" || s.wire.Last() != nil {
		t.Errorf("at %s, connected to %v", s.Where(), s.wire.Last())
	}
	for word, want := range map[string]string{
		"hello.txt":       "http://localhost:8080/files/pub/hello.txt",
		"":                "http://localhost:8080/files/pub",
		"?a=b":            "http://localhost:8080/files/pub?a=b",
		"../README":       "http://localhost:8080/files/README",
		"/echo":           "http://localhost:8080/echo",
		"//WWW:80/x":      "http://www/x",
		":99":             "http://localhost:99/",
		"[::1]:99/x":      "http://[::1]:99/x",
		"https://h:443/?": "https://h/?",
		"a%2Fb c":         "http://localhost:8080/files/pub/a%2Fb%20c",
		"ü%2F":            "http://localhost:8080/files/pub/%C3%BC%2F",
	} {
		u, err := s.resolve(word)
		if err != nil || !strings.EqualFold(u.String(), want) {
			t.Errorf("%q is %v, %v; want %s", word, u, err, want)
		}
	}
	if got, err := do(t, s, "get", "hello.txt"); got != "Hello, world!\n" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}

// HTTP-05: a body from a file, a pipe or a form.
func TestBodies(t *testing.T) {
	s := demo(t)
	dir := t.TempDir()
	file := filepath.Join(dir, "a.json")
	if err := os.WriteFile(file, []byte(`{"from":"file"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	piped := func(size int64) verb.Env {
		return verb.Env{Stdin: func() (verb.Input, bool) {
			return verb.Input{Size: size, ReadCloser: io.NopCloser(strings.NewReader("from a pipe"))}, true
		}}
	}
	for _, c := range []struct {
		env   verb.Env
		words []string
		want  []string
	}{
		{verb.Env{}, []string{"@" + file}, []string{`{\"from\":\"file\"}`, `"application/json"`, `"15"`}},
		{verb.Env{}, []string{"x:=@" + file}, []string{`{\"x\": {\"from\": \"file\"}}`}},
		{verb.Env{}, []string{"x=@" + file}, []string{`{\"x\": \"{\\\"from\\\":\\\"file\\\"}\"}`}},
		{verb.Env{}, []string{"--form", "a=1 2", "b=ü&"}, []string{`a=1+2\u0026b=%C3%BC%26`, `application/x-www-form-urlencoded; charset=utf-8`}},
		{verb.Env{}, []string{"a=1", "up@" + file}, []string{`name=\"up\"; filename=\"a.json\"\r\nContent-Type: application/json\r\n\r\n{\"from\":\"file\"}\r\n`, `name=\"a\"\r\n\r\n1\r\n`, "multipart/form-data; boundary="}},
		{piped(-1), nil, []string{`"body": "from a pipe"`}},
		{piped(11), nil, []string{`"body": "from a pipe"`, `"11"`}},
		{piped(11), []string{"a=b"}, []string{`"body": "{\"a\": \"b\"}"`}},
	} {
		got, err := doCtx(t, t.Context(), s, c.env, "post", append([]string{"/echo"}, c.words...)...)
		if err != nil {
			t.Errorf("%v: %v", c.words, err)
		}
		for _, want := range c.want {
			if !strings.Contains(got, want) {
				t.Errorf("%v: no %s in %s", c.words, want, got)
			}
		}
	}
	_, err := do(t, s, "post", "/echo", "@"+filepath.Join(dir, "none"))
	wants(t, err, fault.ReadLocal, "no such file")
	_, err = do(t, s, "post", "/echo", "@"+dir)
	wants(t, err, fault.ReadLocal, "is a directory")
}

// HTTP-06: a second request needs no second connection.
func TestReuse(t *testing.T) {
	s := demo(t)
	for range 3 {
		if _, err := do(t, s, "get", "/stream/1"); err != nil {
			t.Fatal(err)
		}
	}
	i := s.Info().(Info)
	if i.Requests != 3 || i.Connections != 1 || !i.Reused || i.Version != "HTTP/1.1" || i.Code != 200 {
		t.Errorf("%+v", i)
	}
}

// HTTP-13: what --print shows, with no secret in it (C08).
func TestPrint(t *testing.T) {
	_, d := world(t)
	s := open(t, d, "http://ann:secret@localhost:8080/")
	got, err := do(t, s, "post", "/echo", "a=b", "Cookie:x=hidden", "--print", "HBhbm")
	if err != nil {
		t.Fatal(err)
	}
	rest := got
	for _, want := range []string{
		"POST /echo HTTP/1.1\n", "Host: localhost:8080\n", "User-Agent: wireline\n", "Accept: application/json, */*;q=0.5\n",
		"Cookie: ***\n", "Content-Type: application/json\n", "Authorization: Basic ***\n", "Content-Length: 10\n", "\n{\"a\": \"b\"}\n",
		"HTTP/1.1 200 OK\n", "Content-Type: application/json\n", "\"method\": \"POST\"", "\ndns ",
	} {
		i := strings.Index(rest, want)
		if i < 0 {
			t.Fatalf("no %q, at its place, in\n%s", want, got)
		}
		rest = rest[i:]
	}
	head, _, _ := strings.Cut(got, "HTTP/1.1 200")
	if strings.Contains(head, "hidden") || strings.Contains(head, "YW5u") {
		t.Errorf("a secret in %s", head)
	}
	if got, err := do(t, s, "get", "/bytes/3", "--print", "h"); err != nil || strings.Contains(got, "abc") || !strings.HasPrefix(got, "HTTP/1.1 200 OK\n") {
		t.Errorf("%q, %v", got, err)
	}
}

// A long body passes through unchanged, and its name and size are known.
func TestBlob(t *testing.T) {
	s := demo(t)
	b, err := s.Get(t.Context(), GetArgs{Args: Args{URL: "/files/pub/1MiB.bin"}})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if b.Name != "1MiB.bin" || b.Size != 1<<20 || b.Type != "application/octet-stream" || time.Since(b.Modified) > time.Hour {
		t.Errorf("%+v", b)
	}
	got, err := io.ReadAll(b)
	if err != nil || !bytes.Equal(got, bytes.Repeat([]byte("0123456789abcdef"), 1<<16)) {
		t.Errorf("%d bytes, %v", len(got), err)
	}
}
