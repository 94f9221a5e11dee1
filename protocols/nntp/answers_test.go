package nntp_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"

	"wireline/protocols/conformance"
	"wireline/protocols/fault"
)

// A server without XPAT gives the field of all, and it is said that the
// patterns are looked for here (NEWS-07).
func TestNoXpat(t *testing.T) {
	u := play(t, hail+`C: GROUP g.x
S: 211 3 1 3 g.x
C: XPAT subject 1-3 *o*
S: 500 what?
C: HDR subject 1-3
S: 225 follows
S: 1 One
S: 2 Two
S: 3 =?utf-8?q?foo?=
S: .
C: XPAT from <a@b> x
S: 503 what?
C: HDR from <a@b>
S: 225 follows
S: 0 y
S: .
`+bye)
	if got := u.must("xpat subject g.x 1-3 *o*"); got != "2\tTwo\n3\tfoo\n" {
		t.Errorf("xpat gives %q", got)
	}
	if got := u.must("xpat from <a@b> x"); got != "" {
		t.Errorf("xpat of a message-id gives %q", got)
	}
	if len(u.warned) != 2 || !strings.Contains(u.warned[0], "does not know XPAT") {
		t.Errorf("remarks: %q", u.warned)
	}
	u.Close()
}

// What goes on with an article is not for raw, which would leave the server
// waiting for it (NEWS-14).
func TestRawArticles(t *testing.T) {
	u := play(t, hail+bye)
	for _, line := range []string{"post", "IHAVE <a@b>", "takethis <a@b>", "STARTTLS", "starttls now"} {
		if _, err := u.do("raw " + line); fault.Of(err) != fault.Unsupported {
			t.Errorf("raw %s: %v", line, err)
		}
	}
	u.Close()
}

// A group in the URL of connect is where the session is, before anything is
// asked for (NEWS-05).
func TestPwdOfURL(t *testing.T) {
	peer := serve(t, hail+bye)
	peer.Target.URL.Path = "/g.x"
	u := connect(t, peer)
	if got := u.must("pwd"); got != "/g.x\n" && got != "/g.x" {
		t.Errorf("pwd gives %q", got)
	}
	u.Close()
}

// A list of numbers with more gaps than are kept is an error while it comes
// (L03).
func TestGaps(t *testing.T) {
	u := connect(t, conformance.Serve(t, scheme("nntp"), func(c net.Conn) {
		in := bufio.NewScanner(c)
		for _, reply := range []string{"200 ready", "101 follow\r\nVERSION 2\r\nREADER\r\n.", "211 9 1 9999999 g.x"} {
			io.WriteString(c, reply+"\r\n")
			in.Scan()
		}
		out := bufio.NewWriter(c)
		out.WriteString("211 follow\r\n")
		var err error
		for n := 1; err == nil; n += 2 {
			_, err = fmt.Fprintf(out, "%d\r\n", n)
		}
	}))
	if _, err := u.do("get g.x all"); fault.Of(err) != fault.Limit {
		t.Errorf("get: %v", err)
	}
}

// Articles of another group than the current one are as many as are said
// (NEWS-06).
func TestGetElsewhere(t *testing.T) {
	u := play(t, hail+`C: GROUP g.x
S: 211 2 1 2 g.x
C: LISTGROUP g.x 1-2
S: 211 2 1 2 g.x
S: 1
S: 2
S: .
C: ARTICLE 1
C: ARTICLE 2
S: 220 1 <1@x>
S: .
S: 220 2 <2@x>
S: .
`+bye)
	has(t, "get", u.must("get g.x last 2"), "1.eml", "2.eml")
	u.Close()
}
