package http

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/lab"
	"wireline/protocols/verb"
	"wireline/protocols/wire"
)

// H01, L08, L13: responses that are cut, malformed or endless.
func TestHostile(t *testing.T) {
	for _, c := range []struct {
		name, response string
		kind           *fault.Kind
		says, body     string
	}{
		{"nothing", "", fault.Empty, "without a byte", ""},
		{"half a status line", "HTTP/1.1 20", fault.Partial, "within its headers", ""},
		{"half a header", "HTTP/1.1 200 OK\r\nContent-Le", fault.Partial, "within its headers", ""},
		{"no end of headers", "HTTP/1.1 200 OK\r\nA: b\r\n", fault.Partial, "within its headers", ""},
		{"short body", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", fault.Partial, "after 3 of 10 bytes", "abc"},
		{"bad chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nxyz\r\n", fault.Protocol, "after 3 bytes", "abc"},
		{"huge chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10000000000000000\r\nabc", fault.Protocol, "after 0 bytes", ""},
		{"no last chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", fault.Partial, "after 3 bytes", "abc"},
		{"endless trailers", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA: " + strings.Repeat("x", 400<<10) + "\r\n\r\n", fault.Limit, "300 KiB", ""},
		{"many trailers", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" + strings.Repeat("A: b\r\n", 5001) + "\r\n", fault.Limit, "5000 headers", ""},
		{"half a chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nabc", fault.Partial, "after 3 bytes", "abc"},
		{"HTTP/0.9", "hello\r\n", fault.Protocol, "no HTTP response", ""},
		{"ICY", "ICY 200 OK\r\n\r\nnoise", fault.Protocol, "no HTTP response", ""},
		{"a blank in a name", "HTTP/1.1 200 OK\r\nA b: c\r\n\r\n", fault.Protocol, "no HTTP response", ""},
		{"a header in two lines", "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n", fault.Protocol, "second line", ""},
		{"a length and chunks", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", fault.Protocol, "both", ""},
		{"another protocol", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", fault.Protocol, "another protocol", ""},
		{"a negative length", "HTTP/1.1 200 OK\r\nContent-Length: -3\r\n\r\n", fault.Protocol, "no HTTP response", ""},
		{"a length that is none", "HTTP/1.1 200 OK\r\nContent-Length: 1e3\r\n\r\n", fault.Protocol, "no HTTP response", ""},
		{"a length of 2^64", "HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551616\r\n\r\n", fault.Protocol, "no HTTP response", ""},
		{"two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", fault.Protocol, "no HTTP response", ""},
		{"a long header", "HTTP/1.1 200 OK\r\nA: " + strings.Repeat("x", 1<<20) + "\r\n\r\n", fault.Limit, "300 KiB", ""},
		{"many headers", "HTTP/1.1 200 OK\r\n" + strings.Repeat("A: b\r\n", 5001) + "\r\n", fault.Limit, "5000 headers", ""},
		{"many interim responses", strings.Repeat("HTTP/1.1 103 Early Hints\r\n\r\n", 1000), fault.Limit, "interim", ""},
		{"5000 headers", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n" + strings.Repeat("A: b\r\n", 4999) + "\r\nx", nil, "", "x"},
		{"10 interim responses", strings.Repeat("HTTP/1.1 103 Early Hints\r\n\r\n", 10) + "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx", nil, "", "x"},
		{"HTTP/1.0 without a length", "HTTP/1.0 200 OK\r\n\r\nabc", nil, "", "abc"},
		{"bytes after a 204", "HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", nil, "", ""},
		{"no reason", "HTTP/1.1 200\r\nContent-Length: 1\r\n\r\nx", nil, "", "x"},
	} {
		t.Run(c.name, func(t *testing.T) {
			addr := peer(t, func(conn net.Conn, _ *http.Request) { io.WriteString(conn, c.response) })
			got, err := do(t, open(t, &wire.Dialer{}, addr), "get", "/x")
			wants(t, err, c.kind, c.says)
			if got != c.body {
				t.Errorf("body %q, want %q", got, c.body)
			}
		})
	}
}

// H01: a canonical response, broken after each of its bytes, is never taken
// for whole.
func TestEveryCut(t *testing.T) {
	for _, whole := range []string{
		"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
	} {
		for k := range len(whole) {
			addr := peer(t, func(c net.Conn, _ *http.Request) { io.WriteString(c, whole[:k]) })
			if got, err := do(t, open(t, &wire.Dialer{}, addr), "get"); err == nil {
				t.Errorf("cut after %d bytes: %q and no error", k, got)
			}
		}
	}
}

// H01: an endless stream of headers ends at the limit, in bounded time.
func TestEndlessHeaders(t *testing.T) {
	addr := peer(t, func(c net.Conn, _ *http.Request) {
		io.WriteString(c, "HTTP/1.1 200 OK\r\n")
		for i := 0; ; i++ {
			if _, err := fmt.Fprintf(c, "X-%d: %01000d\r\n", i, i); err != nil {
				return
			}
		}
	})
	_, err := do(t, open(t, &wire.Dialer{}, addr), "get")
	wants(t, err, fault.Limit, "300 KiB")
}

// seen collects the requests that a server got.
type seen struct {
	mu  sync.Mutex
	all []*http.Request
}

func (s *seen) add(r *http.Request) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all = append(s.all, r)
	return len(s.all)
}

func (s *seen) get() []*http.Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.all
}

func answer(c net.Conn, status, headers string) {
	fmt.Fprintf(c, "HTTP/1.1 %s\r\nConnection: close\r\nContent-Length: 0\r\n%s\r\n", status, headers)
}

// C01: what was meant for one origin is not told to another, which a port
// makes already, and not to the first again after a detour.
func TestRedirectKeepsSecrets(t *testing.T) {
	var first, second seen
	var home, away string
	away = peer(t, func(c net.Conn, r *http.Request) {
		second.add(r)
		answer(c, "302 Found", "Location: http://"+home+"/end\r\n")
	})
	home = peer(t, func(c net.Conn, r *http.Request) {
		if first.add(r) == 1 {
			answer(c, "302 Found", "Location: /same\r\n")
		} else if r.URL.Path == "/same" {
			answer(c, "302 Found", "Location: http://thief:secret@"+away+"/\r\n")
		} else {
			answer(c, "200 OK", "")
		}
	})
	s := open(t, &wire.Dialer{}, "http://ann:secret@"+home)
	if _, err := do(t, s, "get", "/", "--follow", "Cookie:a=b", "X-Api-Key:k", "Proxy-Authorization:p", "Host:virtual.example", "Accept-Language:de"); err != nil {
		t.Fatal(err)
	}
	secret := func(r *http.Request) (names []string) {
		for _, name := range []string{"Authorization", "Cookie", "X-Api-Key", "Proxy-Authorization"} {
			if r.Header.Get(name) != "" {
				names = append(names, name)
			}
		}
		return names
	}
	at := first.get()
	if len(at) != 3 || len(second.get()) != 1 {
		t.Fatalf("%d and %d requests", len(at), len(second.get()))
	}
	if len(secret(at[0])) != 4 || len(secret(at[1])) != 4 || at[1].Host != "virtual.example" {
		t.Errorf("within one origin: %v, %v", at[0], at[1])
	}
	for _, r := range []*http.Request{second.get()[0], at[2]} {
		if got := secret(r); len(got) > 0 || r.Host == "virtual.example" {
			t.Errorf("told %v, Host %s", got, r.Host)
		}
		if r.Header.Get("Accept-Language") != "de" {
			t.Error("what is harmless was dropped, too")
		}
	}
	if hops := s.Info().(Info).Hops; len(hops) != 3 || hops[0].Code != 302 || strings.Contains(fmt.Sprint(hops), "secret") {
		t.Errorf("%+v", hops)
	}
}

// C02, H02: where redirects do not lead.
func TestRedirectRefused(t *testing.T) {
	for _, c := range []struct{ location, says string }{
		{"file:///etc/passwd", "only http and https"},
		{"ftp://localhost/x", "only http and https"},
		{"gopher://localhost:1/x", "only http and https"},
		{"javascript:alert(1)", "only http and https"},
		{"http://", "not a valid URL"},
		{"http://a b/", "not a valid URL"},
		{"http://[::1/", "not a valid URL"},
		{"/again", "more than 10 redirects"},
	} {
		var got seen
		addr := peer(t, func(conn net.Conn, r *http.Request) {
			got.add(r)
			answer(conn, "301 Moved", "Location: "+c.location+"\r\n")
		})
		_, err := do(t, open(t, &wire.Dialer{}, addr), "get", "--follow")
		wants(t, err, fault.Redirect, c.says)
		if n := len(got.get()); n > maxHops+1 {
			t.Errorf("%s: %d requests", c.location, n)
		}
	}
	r := &request{method: "GET", redirected: schemes{true, true}, how: &How{}}
	r.url, _ = url.Parse("https://localhost/")
	wants(t, r.redirect(302, "http://localhost/"), fault.Redirect, "from https to http")
}

// H02: how the method changes (RFC 9110, section 15.4).
func TestRedirectMethods(t *testing.T) {
	for _, c := range []struct {
		method string
		code   int
		want   string
	}{
		{"POST", 301, "GET"}, {"POST", 302, "GET"}, {"POST", 303, "GET"}, {"POST", 307, "POST"}, {"POST", 308, "POST"},
		{"PUT", 301, "PUT"}, {"PUT", 303, "GET"}, {"HEAD", 303, "HEAD"}, {"DELETE", 307, "DELETE"},
	} {
		var got seen
		addr := peer(t, func(conn net.Conn, r *http.Request) {
			b, _ := io.ReadAll(r.Body)
			r.Header.Set("Body", string(b))
			if got.add(r) == 1 {
				answer(conn, fmt.Sprint(c.code, " Moved"), "Location: /next\r\n")
			} else {
				answer(conn, "200 OK", "")
			}
		})
		if _, err := do(t, open(t, &wire.Dialer{}, addr), "request", c.method, "/", "--follow", "a=b"); err != nil {
			t.Errorf("%s %d: %v", c.method, c.code, err)
			continue
		}
		next := got.get()[1]
		body, ctype := `{"a": "b"}`, "application/json"
		if c.want == "GET" {
			body, ctype = "", ""
		}
		if next.Method != c.want || next.Header.Get("Body") != body || next.Header.Get("Content-Type") != ctype {
			t.Errorf("%s %d: %s %q %q", c.method, c.code, next.Method, next.Header.Get("Body"), next.Header.Get("Content-Type"))
		}
	}
}

// H02: a body that came through a pipe cannot be sent a second time.
func TestRedirectPipedBody(t *testing.T) {
	addr := peer(t, func(c net.Conn, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		answer(c, "307 Temporary Redirect", "Location: /next\r\n")
	})
	env := verb.Env{Stdin: func() (verb.Input, bool) {
		return verb.Input{Size: -1, ReadCloser: io.NopCloser(strings.NewReader("once"))}, true
	}}
	_, err := doCtx(t, t.Context(), open(t, &wire.Dialer{}, addr), env, "post", "/", "--follow")
	wants(t, err, fault.ReadLocal, "cannot be sent twice")
}

// A server that says nothing and one that goes silent within its headers
// are given up at the limit for a reply.
func TestSilence(t *testing.T) {
	for _, says := range []string{"", "HTTP/1.1 200 OK\r\nA: b\r\n"} {
		stay := make(chan struct{})
		addr := peer(t, func(c net.Conn, _ *http.Request) { io.WriteString(c, says); <-stay })
		t.Cleanup(func() { close(stay) })
		took := lab.Stopwatch(t)
		_, err := do(t, open(t, &wire.Dialer{Limits: wire.Limits{Reply: 50 * time.Millisecond}}, addr), "get")
		wants(t, err, fault.Timeout, "no response within 50ms")
		if d := took(); d > 2*time.Second {
			t.Errorf("%q: took %v", says, d)
		}
	}
}
