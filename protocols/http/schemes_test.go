package http

import (
	"net"
	"net/http"
	"net/url"
	"testing"

	"wireline/protocols/fault"
	"wireline/protocols/wire"
)

func TestAllowed(t *testing.T) {
	for list, want := range map[string]schemes{
		"": {true, true}, "https": {true, true}, "=https": {false, true}, "-http": {false, true}, "-all,https": {false, true},
		"-all": {}, "-all,-http": {}, "-http,-https": {}, "=ftp": {}, "=http,https": {true, true}, "=HTTP": {true, false}, "-all,+http": {true, false},
	} {
		if got, err := allowed(list); err != nil || got != want {
			t.Errorf("%q: %v, %v, want %v", list, got, err, want)
		}
	}
	for proto, want := range map[string]schemes{"=https": {false, true}, "-https": {true, false}, "": {true, true}} {
		if _, got, err := (How{Proto: proto, ProtoRedir: "http,https"}).schemes(); err != nil || got != want {
			t.Errorf("a redirect with --proto %q: %v, %v", proto, got, err)
		}
	}
	for _, list := range []string{",", "=", "+-http", "ht tp", "http,"} {
		if _, err := allowed(list); fault.Of(err) != fault.BadArgument {
			t.Errorf("%q: %v", list, err)
		}
	}
}

// C03: a set that has become empty allows nothing, and nothing is sent. C02:
// redirects have a set of their own, which the other one bounds.
func TestSchemes(t *testing.T) {
	var got seen
	addr := peer(t, func(conn net.Conn, r *http.Request) {
		if got.add(r); r.URL.Path == "/" {
			answer(conn, "302 Found", "Location: /there\r\n")
			return
		}
		answer(conn, "200 OK", "Content-Length: 0\r\n")
	})
	for _, list := range []string{"-all", "-all,-http", "-http,-https", "=https", "=ftp"} {
		_, err := do(t, open(t, &wire.Dialer{}, addr), "get", "--proto", list)
		wants(t, err, fault.BadArgument, "--proto does not allow http")
	}
	if n := len(got.get()); n > 0 {
		t.Fatalf("%d requests were sent", n)
	}
	for _, c := range []struct {
		args     []string
		requests int
	}{
		{[]string{"--proto-redir", "-all"}, 1}, {[]string{"--proto-redir", "=https"}, 2}, {[]string{"--proto", "=http", "--proto-redir", "=https,ftp"}, 3},
	} {
		_, err := do(t, open(t, &wire.Dialer{}, addr), "get", append(c.args, "--follow")...)
		wants(t, err, fault.Redirect, "does not allow http")
		if n := len(got.get()); n != c.requests {
			t.Errorf("%v: %d requests so far, want %d", c.args, n, c.requests)
		}
	}
	if _, err := do(t, open(t, &wire.Dialer{}, addr), "get", "--follow", "--proto", "=http"); err != nil {
		t.Error(err)
	}
	r := &request{method: "GET", redirected: schemes{true, true}, how: &How{ProtoRedir: "http,https"}}
	r.url, _ = url.Parse("https://localhost/")
	if err := r.redirect(302, "http://localhost/"); err != nil {
		t.Errorf("the way from https was allowed: %v", err)
	}
}
