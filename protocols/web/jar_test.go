package web

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// C15: who may set which cookie, and who is sent it.
func TestJar(t *testing.T) {
	for _, c := range []struct {
		from, set, to, want string
	}{
		{"http://h.example/a/b", "k=v", "http://h.example/a/c", "k=v"},
		{"http://h.example/a/b", "k=v", "http://h.example/x", ""},
		{"http://h.example/", "k=v", "http://x.h.example/", ""},
		{"http://h.example/", "k=v; Domain=h.example", "http://x.h.example/", "k=v"},
		{"http://h.example/", "k=v; Domain=other.example", "http://other.example/", ""},
		{"http://h.example/", "k=v; Domain=example", "http://x.example/", ""},
		{"http://h.co.uk/", "k=v; Domain=co.uk", "http://x.co.uk/", ""},
		{"https://h.example/", "k=v; Secure", "http://h.example/", ""},
		{"https://h.example/", "k=v; Secure", "https://h.example/", "k=v"},
		{"http://h.example/", "k=v; Secure", "https://h.example/", ""},
		{"http://127.0.0.1/", "k=v; Domain=127.0.0.1", "http://127.0.0.1/", "k=v"},
		{"http://127.0.0.1/", "k=v; Domain=0.0.1", "http://10.0.0.1/", ""},
		{"http://h.example/", "k=v; Max-Age=0", "http://h.example/", ""},
		{"https://h.example/", "__Host-k=v; Secure; Path=/", "https://h.example/", "__Host-k=v"},
		{"https://h.example/", "__Host-k=v; Secure; Path=/; Domain=h.example", "https://h.example/", ""},
		{"http://h.example/", "__Secure-k=v", "http://h.example/", ""},
		{"http://h.example:8080/", "k=v", "http://h.example:9090/", "k=v"}, // a port keeps nobody out (RFC 6265, section 8.5)
		{"http://h.example/", `k="a b"`, "http://h.example/", `k="a b"`},
		{"http://h.example/", "k=é\\\"x, y\xff; Path=/", "http://h.example/", "k=é\\\"x, y\xff"}, // as Python and curl take it
		{"http://h.example/", " a b = c ;path=/x;Path=/", "http://h.example/", "a b=c"},
		{"http://h.example/", "k=a\tb", "http://h.example/", ""},
		{"http://h.example/", "k=a\x01", "http://h.example/", ""},
		{"http://h.example/", "=v", "http://h.example/", ""},
		{"http://h.example/", "v", "http://h.example/", ""},
		{"http://h.example/", "k=", "http://h.example/", "k="},
		{"http://h.example/", "k=" + strings.Repeat("v", 5000), "http://h.example/", ""},
	} {
		j := NewJar()
		j.Take(parsed(t, c.from), &Response{Fields: Fields{{"Set-Cookie", c.set}}})
		r := get(t, c.to)
		j.Give(r)
		if got := r.Fields.Get("Cookie"); got != c.want {
			t.Errorf("%s sets %q: %s gets %q, want %q", c.from, c.set, c.to, got, c.want)
		}
	}
}

// HTTP-07: what is saved is loaded.
func TestCookieFile(t *testing.T) {
	j := NewJar()
	for from, set := range map[string]string{
		"http://h.example/a/": "one=1; Max-Age=1000; HttpOnly",
		"https://h.example/":  "two=2; Secure; Domain=h.example; Max-Age=1000",
		"http://127.0.0.1/":   "three=3",
	} {
		j.Set(parsed(t, from), (&http.Response{Header: http.Header{"Set-Cookie": {set}}}).Cookies())
	}
	var saved, again strings.Builder
	if err := j.Save(&saved); err != nil {
		t.Fatal(err)
	}
	k := NewJar()
	if n, err := k.Load(strings.NewReader(saved.String())); n != 3 || err != nil {
		t.Errorf("%d loaded, %v", n, err)
	}
	k.Save(&again)
	if saved.String() != again.String() || !strings.Contains(saved.String(), "#HttpOnly_h.example\tFALSE\t/a\tFALSE\t") || !strings.Contains(saved.String(), ".h.example\tTRUE\t/\tTRUE\t") {
		t.Errorf("%s\nand then\n%s", saved.String(), again.String())
	}
	// as other programs write it
	k = NewJar()
	n, err := k.Load(strings.NewReader("# a remark\r\n \r\nh.example\tFALSE\t/\tFALSE\t0\tempty\nh.example\tFALSE\t/\tFALSE\t0\t\tpython\r\n#HttpOnly_.h.example\tTRUE\t/\tTRUE\t0\tk\ta=b c\n"))
	if got := fmt.Sprint(k.List()); n != 3 || err != nil || strings.Count(got, "{") != 3 || k.List()[2].Name != "python" || k.List()[0].Value != "a=b c" {
		t.Errorf("%d of %s, %v", n, got, err)
	}
	for _, bad := range []string{"a\tb\n", "h\tFALSE\t/\tFALSE\tsoon\tk\tv\n"} {
		if _, err := NewJar().Load(strings.NewReader(bad)); err == nil {
			t.Errorf("%q was loaded", bad)
		}
	}
}

// What servers set costs little, however much it is.
func TestCookieFlood(t *testing.T) {
	var set Fields
	for i := range 3000 {
		set.Add("Set-Cookie", fmt.Sprintf("k%d=v", i))
	}
	j := NewJar()
	began := time.Now()
	j.Take(parsed(t, "http://h.example/"), &Response{Fields: set})
	if n := len(j.List()); n != maxDomain || time.Since(began) > 10*time.Second {
		t.Errorf("%d cookies, in %v", n, time.Since(began))
	}
}

// A path that a server makes up is no further line of a file of cookies.
func TestCookieInjected(t *testing.T) {
	j := NewJar()
	for _, at := range []string{"/a%0Abank.example%09FALSE%09/%09FALSE%090%09k%09v%0A/x", "/a%09b/x", "/good/x"} {
		j.Take(parsed(t, "http://evil.example"+at), &Response{Fields: Fields{{"Set-Cookie", "k=v"}}})
	}
	var b strings.Builder
	if err := j.Save(&b); err != nil {
		t.Fatal(err)
	}
	if want := "# Netscape HTTP Cookie File\nevil.example\tFALSE\t/good\tFALSE\t0\tk\tv\n"; b.String() != want {
		t.Errorf("%q, want %q", b.String(), want)
	}
}
