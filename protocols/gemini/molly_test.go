package gemini_test

import (
	"io"
	"net/url"
	"os"
	"strings"
	"testing"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/gemini"
	"wireline/protocols/lab"
	"wireline/protocols/verb"
	"wireline/protocols/wire"
)

// A user has a session and remembers what was remarked.
type user struct {
	*gemini.Session
	warned []string
}

// connect begins at a URL. options are of the connection.
func connect(t *testing.T, to string, options wire.Options, known string, flags ...string) *user {
	t.Helper()
	u := &user{}
	d := &wire.Dialer{Options: options, Known: known, Warn: func(s string) { u.warned = append(u.warned, s) }}
	d.Options.NoProxy = "*"
	home, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	p := gemini.Protocol()
	v, _ := verb.Find(p.Open, "connect")
	res, err := v.Do(t.Context(), protocols.Peer{Dialer: d, Target: wire.Target{URL: home, Scheme: p.Schemes[0]}}, verb.Env{}, flags)
	if err != nil {
		t.Fatal(err)
	}
	u.Session = res.(*gemini.Session)
	t.Cleanup(func() { u.Close() })
	return u
}

// text is what a verb gives, as people see it.
func text(res any, err error) (string, error) {
	var b strings.Builder
	switch res := res.(type) {
	case *verb.Blob:
		if err == nil {
			_, err = io.Copy(&b, res)
			res.Close()
		}
	case gemini.Page:
		if err == nil {
			err = res.Text(&b)
		}
	}
	return b.String(), err
}

// A real server: a page, a directory, a file, a redirect, and what is not
// there; its key is the one that was seen first (GOPH-17).
func TestMollyBrown(t *testing.T) {
	r := lab.Start(t, lab.Server{
		Program: "molly-brown", Args: []string{"-c", `{{.Path "molly.conf"}}`},
		Files: map[string]string{
			"molly.conf": `Port = {{.Port}}
Hostname = "localhost"
CertPath = "{{.Cert}}"
KeyPath = "{{.Key}}"
DocBase = "{{.Path "docs"}}"
AccessLog = "{{.Path "access"}}"
ErrorLog = "{{.Path "error"}}"
[TempRedirects]
"/moved" = "/more/"
`,
			"docs/index.gmi":   "# Welcome\n=> more/ More\n=> a.bin A file\n",
			"docs/a.bin":       "\x00\x01\r\n\xff",
			"docs/more/b.txt":  "b\n",
			"docs/more/c.gmi":  "=> ../ Above\n",
			"docs/more/.molly": "",
		},
		URL: "gemini://localhost:{{.Port}}/",
	})
	known := t.TempDir() + "/known"
	u := connect(t, r.URL, wire.Options{}, known)
	got, err := text(u.Cat(t.Context(), gemini.PageArgs{}))
	if err != nil || got != "# Welcome\n   1 More\n   2 A file\n" {
		t.Fatalf("the page is %q, %v", got, err)
	}
	if got, err := text(u.Follow(t.Context(), gemini.FollowArgs{Page: "2"})); err != nil || got != "\x00\x01\r\n\xff" {
		t.Errorf("the file is %q, %v", got, err)
	}
	if got, err := text(u.Follow(t.Context(), gemini.FollowArgs{Page: "1"})); err != nil || !strings.Contains(got, " b.txt") || u.Where() != "/more/" {
		t.Errorf("at %s: %q, %v", u.Where(), got, err)
	}
	if got, err := text(u.Cat(t.Context(), gemini.PageArgs{Page: "c.gmi"})); err != nil || got != "   1 Above\n" {
		t.Errorf("c.gmi: %q, %v", got, err)
	}
	if got, err := text(u.Up(t.Context(), gemini.None{})); err != nil || !strings.Contains(got, " b.txt") {
		t.Errorf("up: %q, %v", got, err)
	}
	if got, err := text(u.Up(t.Context(), gemini.None{})); err != nil || !strings.HasPrefix(got, "# Welcome") || u.Where() != "/" {
		t.Errorf("up again: %q at %s, %v", got, u.Where(), err)
	}
	if _, err := u.Cd(t.Context(), gemini.PageArgs{Page: "/moved"}); err != nil || u.Where() != "/more/" {
		t.Errorf("a redirect leads to %s, %v", u.Where(), err)
	}
	if _, err := u.Cat(t.Context(), gemini.PageArgs{Page: "/nothing"}); fault.Of(err) != fault.NotFound {
		t.Errorf("what is not there: %v", err)
	}
	if len(u.warned) != 1 || !strings.Contains(u.warned[0], "first time") {
		t.Errorf("remarks: %q", u.warned)
	}
	if b, err := os.ReadFile(known); err != nil || !strings.HasPrefix(string(b), "localhost sha256/") {
		t.Errorf("known keys: %q, %v", b, err)
	}
}
