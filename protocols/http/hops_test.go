package http

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"wireline/protocols/wire"
)

// HTTP-08: each redirect is told of, with its own times, in text and in JSON;
// HTTP-13: --print shows the heads of all of them.
func TestHops(t *testing.T) {
	base := site(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/a":
			time.Sleep(20 * time.Millisecond)
			http.Redirect(w, r, "/b", http.StatusMovedPermanently)
		case "/b":
			http.Redirect(w, r, "/c", http.StatusTemporaryRedirect)
		default:
			w.Write([]byte("here"))
		}
	})
	s := open(t, &wire.Dialer{}, base)
	got, err := do(t, s, "get", "/a", "--follow", "--print", "Hhbm")
	if err != nil {
		t.Fatal(err)
	}
	at := 0
	for _, part := range []string{
		"GET /a HTTP/1.1\n", "HTTP/1.1 301 Moved Permanently\n", "Location: /b\n", "GET /b HTTP/1.1\n", "HTTP/1.1 307 Temporary Redirect\n",
		"GET /c HTTP/1.1\n", "HTTP/1.1 200 OK\n", "here\n", "301 " + base + "/a -> " + base + "/b: dns ", "307 " + base + "/b -> " + base + "/c: dns ", "dns 0.0 ms",
	} {
		i := strings.Index(got[at:], part)
		if i < 0 {
			t.Fatalf("no %q where it should be in\n%s", part, got)
		}
		at += i
	}
	d := s.Details().(Details)
	if d.URL != base+"/c" || len(d.Hops) != 2 || d.Headers["content-length"] != "4" {
		t.Fatalf("%+v", d)
	}
	first := d.Hops[0]
	if first.Code != 301 || first.From != base+"/a" || first.To != base+"/b" {
		t.Errorf("%+v", first)
	}
	for _, h := range d.Hops {
		if sum := h.Timing.Send + h.Timing.Wait + h.Timing.Transfer; h.Took <= 0 || h.Took != h.Timing.Total || sum > h.Took {
			t.Errorf("%+v", h)
		}
	}
	if first.Timing.Wait < 20*time.Millisecond || first.Timing.Wait < d.Hops[1].Timing.Wait {
		t.Errorf("the first answers late, but %v and %v", first.Timing.Wait, d.Hops[1].Timing.Wait)
	}
	if text, err := json.Marshal(d); err != nil || !strings.Contains(string(text), `"hops":[{"code":301,"from":`) {
		t.Errorf("%s, %v", text, err)
	}
}

// HTTP-26: what assert can ask for after a request.
func TestWitness(t *testing.T) {
	base := site(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Add("Set-Cookie", "id=secret; Path=/")
		if r.URL.Path == "/long" {
			w.Write(make([]byte, 2<<20))
			return
		}
		w.WriteHeader(http.StatusCreated)
		w.Write([]byte(`{"users":[{"name":"Ann","age":30}],"ok":true}`))
	})
	s := open(t, &wire.Dialer{}, base)
	if _, ok := s.Witness("status"); ok {
		t.Error("a status before a response")
	}
	if _, err := do(t, s, "get", "/"); err != nil {
		t.Fatal(err)
	}
	for field, want := range map[string]any{
		"status": 201.0, "header.content-TYPE": "application/json", ".users[0].name": "Ann", ".users | length": nil, ".ok": true,
		".users[0]": map[string]any{"name": "Ann", "age": 30.0}, "body": `{"users":[{"name":"Ann","age":30}],"ok":true}`, ".users|length": nil, ".missing": nil,
	} {
		got, ok := s.Witness(field)
		if strings.HasSuffix(field, "length") {
			want = 1.0
		}
		a, _ := json.Marshal(got)
		b, _ := json.Marshal(want)
		if !ok || string(a) != string(b) {
			t.Errorf("%s is %s, %v; want %s", field, a, ok, b)
		}
	}
	for _, field := range []string{"header.none", "none", ".users[", ".users.x"} {
		if got, ok := s.Witness(field); ok {
			t.Errorf("%s is %v", field, got)
		}
	}
	if got := s.Details().(Details).Headers["set-cookie"]; got != "id=***" {
		t.Errorf("the cookie is told as %q", got) // C08
	}
	if _, err := do(t, s, "get", "/long"); err != nil {
		t.Fatal(err)
	}
	if _, ok := s.Witness("body"); ok {
		t.Error("a long body was kept")
	}
}
