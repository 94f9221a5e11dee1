package web

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"wireline/protocols/fault"
	"wireline/protocols/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// client is a Client that is closed at the end of the test.
func client(t *testing.T, o wire.Options) *Client {
	t.Helper()
	c := &Client{Wire: &wire.Dialer{Options: o}, Jar: NewJar()}
	t.Cleanup(func() { c.Close() })
	return c
}

func parsed(t *testing.T, text string) *url.URL {
	t.Helper()
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// get is a GET of text.
func get(t *testing.T, text string) *Request {
	t.Helper()
	return &Request{Method: "GET", URL: parsed(t, text)}
}

// body reads a response to its end.
func body(t *testing.T, r *Response, err error) string {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// serve is a server of net/http.
func serve(t *testing.T, f http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(f)
	t.Cleanup(s.Close)
	return s
}

// peer reads the heads of requests and answers each with what f says, until
// f says "": then it hangs up.
func peer(t *testing.T, f func(n int, r *http.Request) string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	n := 0
	go func() {
		defer close(done)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			for in := bufio.NewReader(c); ; {
				r, err := http.ReadRequest(in)
				if err != nil {
					break
				}
				io.Copy(io.Discard, r.Body)
				n++
				text := f(n, r)
				if _, err := io.WriteString(c, text); err != nil || text == "" {
					break
				}
			}
			c.Close()
		}
	}()
	t.Cleanup(func() { l.Close(); <-done })
	return "http://" + l.Addr().String()
}

func wants(t *testing.T, err error, kind *fault.Kind, says string) {
	t.Helper()
	if fault.Of(err) != kind || kind != nil && !strings.Contains(err.Error(), says) {
		t.Errorf("%v is a %v; want a %v that says %q", err, fault.Of(err), kind, says)
	}
}
