//go:build unix

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A reader of news types what readers do. What an article has in its header and
// in its text moves nothing on the screen, and a message of the server neither
// (X01, X02, X03, X04, NEWS-04, NEWS-05, NEWS-06, NEWS-08, NEWS-10, NEWS-12).
func TestNews(t *testing.T) {
	dir := t.TempDir()
	evil := filepath.Join(dir, "evil.txt")
	if err := os.WriteFile(evil, []byte("From: Eve <eve@example.org>\nNewsgroups: misc.test\nSubject: Evil \x1b]0;title\x07\x1b]52;c;aGk=\x07\u202eend\nMessage-ID: <evil@example.org>\n\nText \x1b[2J\x1b[6n\u202e\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	p := sit(t, "demo")
	p.sees("wireline> ")
	p.types("connect nntp news --newsrc " + filepath.Join(dir, "newsrc") + " ; ls comp.lang.* ; cd comp.lang.go ; ls last 20 ; ls --thread\r")
	p.sees("GROUP         COUNT  LOW  HIGH  NEW  STATUS  DESCRIPTION\r\ncomp.lang.go  1      1    1     1    open    The Go language")
	p.sees("comp.lang.go: 1 article, 1")
	p.sees("Wireline <wireline@playground.test>  Range over functions  1")
	p.sees("Range over functions")
	p.types("cat 1 ; headers 1 ; next ; over 1-100 ; hdr subject 1-100\r")
	p.sees("for row, err := range rows")
	p.sees("Message-ID  <range@playground.test>")
	p.sees(`next news:119/comp.lang.go: server said "421 no next article" (NOT_FOUND, exit 78)`)
	p.sees("<range@playground.test>")
	p.sees("ARTICLE  VALUE\r\n1        Range over functions")
	p.sees("[1] nntp news/comp.lang.go (1, 0 new)> ")
	p.types("cd misc.test\rwatch --every 0.1 &\r")
	p.sees("job 1: watch")
	p.types("post " + evil + "\r")
	p.seesBoth("posted <evil@example.org>", `Evil \x1b]0;title\x07\x1b]52;c;aGk=\x07<U+202E>end`) // the job tells of it
	p.types("kill 1\rls\r")
	p.sees("NUMBER  DATE")
	p.sees(`Re: Hello, news`)
	p.sees(`Evil \x1b]0;title\x07\x1b]52;c;aGk=\x07<U+202E>end`)
	p.types("cat 3\r")
	p.sees(`Subject: Evil \x1b]0;title`)
	p.sees(`Text \x1b[2J\x1b[6n`)
	p.types("headers 3\r")
	p.sees(`Evil \x1b]0;title\x07`)
	p.types("post --followup 2 --from ann@example.org --text <<EOF\rI agree.\rEOF\r")
	p.sees("posted <")
	p.types("ls --thread\r")
	p.sees("Hello, news")
	p.sees("└─")
	p.types("get all --mbox out.mbox\r")
	p.sees("4 articles in out.mbox")
	p.sees("(4, 0 new)> ")
	p.leaves()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, bad := range []string{"\x1b]", "\x1b[6n", "\x1b[2J", "\u202e", "\a"} {
		if strings.Contains(p.screen.String(), bad) {
			t.Errorf("%q came to the terminal", bad)
		}
	}
}
