package http

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
	"wireline/protocols/web"
	"wireline/protocols/wire"
)

// S07, S10: a connection to a server that was not checked is for commands that
// ask for no check, each of which is told so.
func TestUncheckedConnection(t *testing.T) {
	srv := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "hi") }))
	t.Cleanup(srv.Close)
	var warned []string
	s := open(t, &wire.Dialer{Warn: func(text string) { warned = append(warned, text) }}, srv.URL)
	for i, insecure := range []bool{false, true, true, false, true} {
		s.wire.Options.Insecure = insecure
		warned = nil
		_, err := do(t, s, "get", "/")
		if insecure && (err != nil || len(warned) != 1 || !strings.Contains(warned[0], "not checked")) {
			t.Errorf("request %d: %v, warned of %q", i, err, warned)
		}
		if !insecure && fault.Of(err) != fault.TLSCert {
			t.Errorf("request %d: %v", i, err)
		}
	}
	if n := s.client.Counts().Connections; n != 1 {
		t.Errorf("%d connections", n)
	}
}

// H03: --no-private holds for redirects, too, and for a connection that is
// there already.
func TestNoPrivate(t *testing.T) {
	var reached atomic.Int32
	inside := site(t, func(w http.ResponseWriter, r *http.Request) {
		reached.Add(1)
		io.WriteString(w, "for us only")
	})
	proxy := peer(t, func(c net.Conn, r *http.Request) { // and the public server behind it
		if r.RequestURI == "http://192.0.2.1/" {
			io.WriteString(c, "HTTP/1.1 302 Found\r\nLocation: "+inside+"/secret\r\nContent-Length: 0\r\n\r\n")
		}
	})
	s := open(t, &wire.Dialer{Options: wire.Options{NoPrivate: true, Proxy: "http://" + proxy}}, "http://192.0.2.1/")
	_, err := do(t, s, "get", "/", "--follow")
	wants(t, err, fault.Connect, "address not allowed")
	if reached.Load() != 0 || s.last == nil || s.last.Code != http.StatusFound {
		t.Errorf("reached %d times, after %+v", reached.Load(), s.last)
	}
	s = open(t, &wire.Dialer{}, inside)
	if _, err := do(t, s, "get", "/"); err != nil {
		t.Fatal(err)
	}
	s.wire.Options.NoPrivate = true
	_, err = do(t, s, "get", "/")
	wants(t, err, fault.Connect, "address not allowed")
	if reached.Load() != 1 {
		t.Errorf("reached %d times", reached.Load())
	}
}

// HTTP-17: who asks the proxy is wanted by it, and not by the server.
func TestProxyAsks(t *testing.T) {
	proxy := peer(t, func(c net.Conn, r *http.Request) {
		io.WriteString(c, "HTTP/1.1 407 Who?\r\nProxy-Authenticate: Basic realm=p\r\nContent-Length: 0\r\n\r\n")
	})
	for user, hint := range map[string]string{"": "--proxy-user NAME:PASSWORD", "ann:wrong": "refuses this user or password"} {
		s := open(t, &wire.Dialer{Options: wire.Options{Proxy: "http://" + proxy, ProxyUser: user}}, "http://h.test/")
		_, err := do(t, s, "get", "/")
		wants(t, err, fault.Refused, "407")
		if !strings.Contains(fault.Hint(err), hint) {
			t.Errorf("%q: the hint is %q", user, fault.Hint(err))
		}
	}
}

// HTTP-17, HTTP-18: a proxy that forgets whom it has asked, amid requests in a
// line, is told again, and none of them is lost.
func TestProxyForgets(t *testing.T) {
	var asked atomic.Int32
	proxy := site(t, func(w http.ResponseWriter, r *http.Request) {
		nonce := fmt.Sprintf("nonce=\"n%d\"", asked.Add(1)/30)
		if !strings.Contains(r.Header.Get("Proxy-Authorization"), nonce) {
			w.Header().Set("Proxy-Authenticate", "Digest realm=\"p\", qop=\"auth\", stale=true, "+nonce)
			w.WriteHeader(http.StatusProxyAuthRequired)
			return
		}
		io.WriteString(w, "x")
	})
	s := open(t, &wire.Dialer{Options: wire.Options{Proxy: proxy, ProxyUser: "ann:secret"}}, "http://h.test/")
	words := []string{"-j", "1"}
	for i := range 100 {
		words = append(words, fmt.Sprintf("/%d", i))
	}
	got, err := do(t, s, "get", words...)
	if err != nil || got != strings.Repeat("x", 100) {
		t.Errorf("%d of 100, %v", len(got), err)
	}
}

// HTTP-18: bodies as they come, each once, from several goroutines; one that
// is missing is told of and keeps none of the others back. The session has the
// head of one of them in the end, though its memory served for many.
func TestEach(t *testing.T) {
	base := site(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Path", r.URL.Path)
		if r.URL.Path == "/13" {
			http.NotFound(w, r)
			return
		}
		io.WriteString(w, "body of "+r.URL.Path)
	})
	for _, jobs := range []string{"1", "4"} {
		s := open(t, &wire.Dialer{}, base)
		words := []string{"-j", jobs, "--http", "1.1"}
		if jobs == "4" {
			words = words[:2] // in lines
		}
		want := map[string]bool{}
		for i := range 100 {
			path := "/" + string(rune('0'+i/10)) + string(rune('0'+i%10))
			words = append(words, path)
			want["body of "+path] = path != "/13"
		}
		v, _ := verb.Find(verbs(), "get")
		res, err := v.Do(t.Context(), s, verb.Env{}, words)
		if err != nil {
			t.Fatal(err)
		}
		b := res.(*verb.Blob)
		var mu sync.Mutex
		got := map[string]int{}
		failed := 0
		err = b.ReadCloser.(*several).Each(func(one *verb.Blob, err error) {
			var text []byte
			if err == nil {
				text, _ = io.ReadAll(one)
				if name := one.Name; name != "13" && string(text) != "body of /"+name {
					t.Errorf("-j %s: %s is %q", jobs, name, text)
				}
				err = one.Close()
			}
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				failed++
			} else {
				got[string(text)]++
			}
		})
		b.Close()
		if err != nil || failed != 1 || len(got) != 99 {
			t.Errorf("-j %s: %v, %d failed, %d came", jobs, err, failed, len(got))
		}
		if path := web.Fields(s.last.Headers).Get("X-Path"); path == "" || s.last.URL != base+path {
			t.Errorf("-j %s: the last is %s, and its head that of %s", jobs, s.last.URL, path)
		}
		for text, n := range got {
			if !want[text] || n != 1 {
				t.Errorf("-j %s: %q came %d times", jobs, text, n)
			}
		}
	}
}

// HTTP-01, HTTP-21: JSON and pages say what they are to whoever shows them; a
// page that a link led to is text there, and the page itself in a file.
func TestView(t *testing.T) {
	base := site(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/json":
			w.Header().Set("Content-Type", "application/json")
			io.WriteString(w, `{"a":1}`)
		default:
			w.Header().Set("Content-Type", "text/html")
			io.WriteString(w, `<h1>Hi</h1><a href="/json">one</a><a href="/page">two</a>`)
		}
	})
	s := open(t, &wire.Dialer{}, base)
	view := func(name string, words ...string) (types, texts []string) {
		v, _ := verb.Find(verbs(), name)
		res, err := v.Do(t.Context(), s, verb.Env{}, words)
		if err != nil {
			t.Fatal(err)
		}
		b := res.(*verb.Blob)
		defer b.Close()
		for {
			part, err := b.ReadCloser.(verb.Viewer).View()
			if err != nil {
				t.Fatal(err)
			}
			if part == nil {
				return types, texts
			}
			text, _ := io.ReadAll(part)
			types, texts = append(types, part.Type), append(texts, string(text))
		}
	}
	if types, texts := view("get", "/json"); len(types) != 1 || types[0] != "application/json" || texts[0] != `{"a":1}` {
		t.Errorf("%q %q", types, texts)
	}
	if types, _ := view("get", "/json", "--print", "Hhbm"); strings.Join(types, " ") != "message/http message/http application/json " {
		t.Errorf("%q", types)
	}
	if types, texts := view("get", "/"); types[0] != "text/html" || !strings.Contains(texts[0], "<h1>") {
		t.Errorf("%q %q", types, texts)
	}
	if types, texts := view("follow", "2"); types[0] != "" || texts[0] != "Hi\n\none[1] two[2]\n" && texts[0] != "Hi\n\none[1]two[2]\n" {
		t.Errorf("%q %q", types, texts)
	}
	if got, err := do(t, s, "back"); !strings.HasPrefix(got, "<h1>") || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}

// T01, T02, T03, T17: the ways in which a server breaks off. A body that ends
// with the connection is not whole if TLS does not say so.
func TestBrokenOff(t *testing.T) {
	head := "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n"
	for _, c := range []struct {
		name, text string
		end        string // reset, stall or close
		kind       *fault.Kind
	}{
		{"reset before the head", "", "reset", fault.Recv},
		{"reset in the body", head + "abc", "reset", fault.Recv},
		{"silent before the head", "", "stall", fault.Timeout},
		{"silent in the head", "HTTP/1.1 20", "stall", fault.Timeout},
		{"silent in the body", head + "abc", "stall", fault.Timeout},
		{"closed in the body", head + "abc", "close", fault.Partial},
	} {
		t.Run(c.name, func(t *testing.T) {
			addr := brokenOff(t, c.text, c.end)
			s := open(t, &wire.Dialer{Options: wire.Options{IdleTime: 200 * time.Millisecond, ReplyTime: 200 * time.Millisecond}}, addr)
			_, err := do(t, s, "get", "/")
			if k := fault.Of(err); k != c.kind && !(c.end == "reset" && (k == fault.Empty || k == fault.Partial)) {
				t.Errorf("%v", err)
			}
		})
	}
	t.Run("cut below TLS", func(t *testing.T) {
		for _, cut := range []bool{false, true} {
			addr, pool := cutBelowTLS(t, "HTTP/1.1 200 OK\r\n\r\nabc", cut)
			s := open(t, &wire.Dialer{Options: wire.Options{CA: []string{pool}}}, "https://"+addr)
			got, err := do(t, s, "get", "/")
			if want := map[bool]*fault.Kind{true: fault.Partial}[cut]; fault.Of(err) != want || got != "abc" {
				t.Errorf("cut %v: %q, %v", cut, got, err)
			}
		}
	})
}
