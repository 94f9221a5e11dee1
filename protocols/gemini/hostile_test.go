package gemini_test

import (
	"bufio"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"strings"
	"testing"

	"wireline/protocols"
	"wireline/protocols/conformance"
	"wireline/protocols/fault"
	"wireline/protocols/gemini"
	"wireline/protocols/wire"
)

// serve answers each path with what replies has for it, and closes; a reply
// that ends in "CUT" is cut there, without the end of TLS.
func serve(t *testing.T, replies map[string]string) *conformance.Peer {
	return conformance.Serve(t, gemini.Protocol().Schemes[0], func(c net.Conn) {
		line, err := bufio.NewReader(c).ReadString('\n')
		if err != nil {
			return
		}
		u, err := url.Parse(strings.TrimSpace(line))
		if err != nil {
			t.Error(err)
			return
		}
		text, cut := strings.CutSuffix(strings.ReplaceAll(replies[u.Path], "HERE", u.Host), "CUT")
		io.WriteString(c, text)
		if cut {
			c.(*tls.Conn).NetConn().Close()
		}
	})
}

func at(t *testing.T, p *conformance.Peer, flags ...string) *user {
	return connect(t, "gemini://"+p.Target.Host, wire.Options{CA: []string{p.CA}}, "", flags...)
}

// Redirects are followed at the server, five times; elsewhere somebody must
// agree, and what is no scheme of ours is not followed at all (GOPH-17, G01).
func TestRedirects(t *testing.T) {
	u := at(t, serve(t, map[string]string{
		"/loop": "30 /loop\r\n", "/five": "30 /4\r\n", "/4": "31 gemini://HERE/3\r\n", "/3": "31 ./2\r\n", "/2": "31 1\r\n", "/1": "31 /0\r\n", "/0": "20 text/gemini\r\nthere\n",
		"/away": "30 gemini://other.example/\r\n", "/web": "30 http://www.example/?a='b'\r\n", "/file": "30 file:///etc/passwd\r\n", "/nowhere": "30 http://%zz/\r\n",
		"/page": "20 text/gemini\r\n=> file:///etc/passwd\n=> javascript:x\n=> gemini://other.example/ \n=> /a%0d%0ab\n=>\n=> \n",
	}))
	if got, err := text(u.Cat(t.Context(), gemini.PageArgs{Page: "/five"})); err != nil || got != "there\n" || u.Where() != "/0" {
		t.Errorf("five redirects: %q at %s, %v", got, u.Where(), err)
	}
	if _, err := u.Cat(t.Context(), gemini.PageArgs{Page: "/loop"}); fault.Of(err) != fault.Redirect || !strings.Contains(err.Error(), "more than 5") {
		t.Errorf("a loop: %v", err)
	}
	for page, way := range map[string]string{"/away": "gemini://other.example/", "/web": "http://www.example/?a='b'", "/file": "", "/nowhere": ""} {
		_, err := u.Cat(t.Context(), gemini.PageArgs{Page: page})
		var w protocols.Way
		if errors.As(err, &w); err == nil || string(w) != way || strings.Contains(fault.Hint(err), "'b'") {
			t.Errorf("%s leads to %q: %v (%s)", page, w, err, fault.Hint(err))
		}
	}
	if got, err := text(u.Cat(t.Context(), gemini.PageArgs{Page: "/page"})); err != nil || !strings.HasPrefix(got, "   1 file:///etc/passwd\n   2 javascript:x\n   3 gemini://other.example/  (other.example)\n") {
		t.Errorf("the page is %q, %v", got, err)
	}
	for _, n := range []string{"1", "2", "4"} {
		var w protocols.Way
		if _, err := u.Follow(t.Context(), gemini.FollowArgs{Page: n}); err == nil || errors.As(err, &w) {
			t.Errorf("link %s leads to %q, %v", n, w, err)
		}
	}
}

// A reply that TLS does not end is doubtful, or with --strict an error; one
// without a first line is an error in any case (G02, T01).
func TestEnd(t *testing.T) {
	p := serve(t, map[string]string{"/": "20 text/plain\r\nhalfCUT", "/line": "20 text/plCUT", "/page": "20 text/gemini\r\n=> /x\nhalfCUT"})
	u := at(t, p)
	if got, err := text(u.Cat(t.Context(), gemini.PageArgs{})); err != nil || got != "half" || len(u.warned) != 1 {
		t.Errorf("%q, %v, %q", got, err, u.warned)
	}
	if _, err := u.Cat(t.Context(), gemini.PageArgs{Page: "/line"}); fault.Of(err) != fault.Partial {
		t.Errorf("half a line: %v", err)
	}
	u = at(t, p, "--strict")
	for _, page := range []string{"/", "/page"} {
		if _, err := text(u.Cat(t.Context(), gemini.PageArgs{Page: page})); fault.Of(err) != fault.Partial {
			t.Errorf("%s, strictly: %v", page, err)
		}
	}
}

// What is no success says what to do (GOPH-17).
func TestRefusals(t *testing.T) {
	u := at(t, serve(t, map[string]string{"/cert": "60 \r\n", "/slow": "44 30\r\n", "/secret": "11 Password\r\n", "/gone": "52 gone\r\n", "/bad": "59 bad\r\n", "/ask": "10 What?\r\n"}))
	for page, want := range map[string]struct {
		kind *fault.Kind
		hint string
	}{
		"/cert": {fault.Login, "--cert"}, "/slow": {fault.Refused, "pause"}, "/secret": {fault.Usage, "out of the history"}, "/gone": {fault.NotFound, ""}, "/bad": {fault.Refused, ""}, "/ask": {fault.Usage, "search '"},
	} {
		if _, err := u.Get(t.Context(), gemini.PageArgs{Page: page}); fault.Of(err) != want.kind || !strings.Contains(fault.Hint(err), want.hint) {
			t.Errorf("%s: %v (%s)", page, err, fault.Hint(err))
		}
	}
}

// Long lines go by in pieces, links are counted, and first lines are short
// (L01, L03).
func TestLong(t *testing.T) {
	u := at(t, serve(t, map[string]string{
		"/long":   "20 \r\n" + strings.Repeat("=> x", 100_000) + "\n=> /b\n",
		"/many":   "20 \r\n" + strings.Repeat("=> /x\n", 10_001),
		"/first":  "20 " + strings.Repeat("x", 2000) + "\r\n",
		"/digits": "2 text/gemini\r\n", "/sign": "+2 text/gemini\r\n", "/high": "99 x\r\n", "/none": "",
	}))
	got, err := text(u.Cat(t.Context(), gemini.PageArgs{Page: "/long"}))
	if err != nil || strings.Count(got, "x") < 99_000 || !strings.HasSuffix(got, "   2 /b\n") {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	if got, err := u.Link(t.Context(), gemini.PageArgs{Page: "2"}); err != nil || !strings.HasSuffix(got, "/b") {
		t.Errorf("link 2 is %s, %v", got, err)
	}
	for page, kind := range map[string]*fault.Kind{"/many": fault.Limit, "/first": fault.Limit, "/digits": fault.Protocol, "/sign": fault.Protocol, "/high": fault.Protocol, "/none": fault.Empty} {
		if _, err := text(u.Cat(t.Context(), gemini.PageArgs{Page: page})); fault.Of(err) != kind {
			t.Errorf("%s: %v", page, err)
		}
	}
	if _, err := u.Cat(t.Context(), gemini.PageArgs{Page: "/" + strings.Repeat("x", 1024)}); fault.Of(err) != fault.BadArgument {
		t.Errorf("a long URL: %v", err)
	}
}

// The key that was seen first must be there afterwards (GOPH-17, X-15).
func TestFirstKey(t *testing.T) {
	p := serve(t, map[string]string{"/": "20 \r\nhere\n"})
	known := t.TempDir() + "/known"
	for i := range 2 {
		u := connect(t, "gemini://"+p.Target.Host, wire.Options{}, known)
		if got, err := text(u.Cat(t.Context(), gemini.PageArgs{})); err != nil || got != "here\n" || len(u.warned) != 1-i {
			t.Errorf("%q, %v, %q", got, err, u.warned)
		}
	}
	u := connect(t, "gemini://"+p.Target.Host, wire.Options{}, "")
	if _, err := u.Cat(t.Context(), gemini.PageArgs{}); fault.Of(err) != fault.TLSCert {
		t.Errorf("with no file for keys: %v", err)
	}
	if err := os.WriteFile(known, fmt.Appendf(nil, "%s sha256/%s=\n", "127.0.0.1", strings.Repeat("A", 43)), 0o600); err != nil {
		t.Fatal(err)
	}
	u = connect(t, "gemini://"+p.Target.Host, wire.Options{}, known)
	if _, err := u.Cat(t.Context(), gemini.PageArgs{}); fault.Of(err) != fault.TLSCert || !strings.Contains(err.Error(), "seen first") {
		t.Errorf("another key: %v", err)
	}
}
