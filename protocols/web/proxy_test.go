package web

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"wireline/protocols/lab"
	"wireline/protocols/wire"
)

// proxy talks on each connection until that ends, or the test does.
func proxy(t *testing.T, talk func(net.Conn)) (address string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	wait.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			wait.Go(func() {
				defer c.Close()
				talk(c)
			})
		}
	})
	t.Cleanup(func() { l.Close(); wait.Wait() })
	return l.Addr().String()
}

// HTTP-19: a plain request goes to an HTTP proxy itself, which is told whose
// it is (RFC 9112, section 3.2.2); a tunnel is made when that is asked for, or
// when what goes over the connection is not for the proxy to read.
func TestProxyForm(t *testing.T) {
	var mu sync.Mutex
	var asked []string
	address := proxy(t, func(c net.Conn) {
		in := bufio.NewReader(c)
		for {
			r, err := http.ReadRequest(in)
			if err != nil {
				return
			}
			mu.Lock()
			asked = append(asked, strings.Join([]string{r.Method, r.RequestURI, r.Host, r.Header.Get("Proxy-Authorization")}, " "))
			mu.Unlock()
			if r.Method == "CONNECT" {
				io.WriteString(c, "HTTP/1.1 200 OK\r\n\r\n")
				continue
			}
			io.Copy(io.Discard, r.Body)
			_, pair, _ := strings.Cut(r.Header.Get("Proxy-Authorization"), " ")
			io.WriteString(c, "HTTP/1.1 200 OK\r\nX-Heard: "+pair+"\r\nContent-Length: 2\r\n\r\nhi") // which no trace is to tell either
		}
	})
	ours := "http://ann:s3cr3t@" + address
	const who = "Basic YW5uOnMzY3IzdA=="
	for _, c := range []struct {
		options wire.Options
		method  string
		version string
		want    []string
	}{
		{wire.Options{Proxy: ours}, "GET", "", []string{"GET http://h.test:81/a?b h.test:81 " + who}},
		{wire.Options{Proxy: ours}, "POST", "1.0", []string{"POST http://h.test:81/a?b h.test:81 " + who}},
		{wire.Options{Proxy: "http://" + address}, "GET", "", []string{"GET http://h.test:81/a?b h.test:81 "}},
		{wire.Options{Proxy: ours, ProxyTunnel: true}, "GET", "", []string{"CONNECT h.test:81 h.test:81 " + who, "GET /a?b h.test:81 "}},
		{wire.Options{Proxy: ours, ConnectTo: []string{"h.test:81:other.test:82"}}, "GET", "", []string{"CONNECT other.test:82 other.test:82 " + who, "GET /a?b h.test:81 "}},
	} {
		asked = nil
		trace := &strings.Builder{}
		cl := client(t, c.options)
		cl.Wire.Trace = func(e wire.Event) { fmt.Fprintf(trace, "%s %s %s\n", e.What, e.Note, e.Data) }
		r := get(t, "http://h.test:81/a?b")
		r.Method, r.Version = c.method, c.version
		if c.method == "POST" {
			r.Body = Text("body")
		}
		res, err := cl.Do(t.Context(), r)
		if got := body(t, res, err); got != "hi" {
			t.Errorf("%+v: %q", c.options, got)
		}
		mu.Lock()
		if got := strings.Join(asked, "\n"); got != strings.Join(c.want, "\n") {
			t.Errorf("%+v: asked\n%s\nwant\n%s", c.options, got, strings.Join(c.want, "\n"))
		}
		mu.Unlock()
		if s := trace.String(); strings.Contains(s, "s3cr3t") || strings.Contains(s, "YW5u") {
			t.Errorf("a password in the trace: %s", s)
		}
		cl.Close()
	}
}

// HTTP-19, C08: the same by a real proxy, one that asks who it is for.
func TestProxyReal(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "%s %s %q", r.Method, r.RequestURI, r.Header.Get("Proxy-Authorization"))
	}))
	t.Cleanup(s.Close)
	p := lab.Start(t, lab.Tinyproxy("ann", "s3cr3t"))
	for _, tunnel := range []bool{false, true} {
		cl := client(t, wire.Options{Proxy: "http://" + p.Addr(), ProxyUser: "ann:s3cr3t", ProxyTunnel: tunnel})
		res, err := cl.Do(t.Context(), get(t, s.URL+"/x?y"))
		if got := body(t, res, err); got != `GET /x?y ""` {
			t.Errorf("tunnel %v: %q", tunnel, got)
		}
		cl.Close()
	}
	cl := client(t, wire.Options{Proxy: "http://" + p.Addr()})
	if res, err := cl.Do(t.Context(), get(t, s.URL)); err != nil || res.Code != 407 {
		t.Errorf("%+v, %v", res, err)
	} else {
		body(t, res, nil)
	}
	cl.Close()
}
