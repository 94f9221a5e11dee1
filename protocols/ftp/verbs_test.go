package ftp_test

import (
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"testing"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/files"
	"wireline/protocols/ftp"
	"wireline/protocols/lab"
	"wireline/protocols/verb"
)

// The verbs that have been there since RFC 959. (FTP-08, FTP-16, FTP-19)
func TestOldVerbs(t *testing.T) {
	t.Parallel()
	r := lab.Start(t, lab.ProFTPD(map[string]string{"a.txt": "one\n", "sub/b.txt": "b"}))
	c := must(t, r.URL)
	if got := c.ok("nlst"); lines(got) != lines("a.txt\nsub\n") {
		t.Errorf("nlst gives %q", got)
	}
	if got := c.ok("dir"); !strings.Contains(got, "rw-r--r--") || !strings.HasSuffix(got, " sub\n") {
		t.Errorf("dir gives %q", got)
	}
	env := verb.Env{Open: func(n string) (verb.Input, error) {
		return verb.Input{Name: n, Size: 4, ReadCloser: io.NopCloser(strings.NewReader("two\n"))}, nil
	}}
	if _, err := c.runIn(t.Context(), env, "append", "x", "a.txt"); err != nil {
		t.Error(err)
	}
	if got := c.ok("cat", "a.txt"); got != "one\ntwo\n" {
		t.Errorf("after append it is %q", got)
	}
	res, err := c.start(t.Context(), env, "put-unique", "x")
	if err != nil {
		t.Fatal(err)
	}
	name := res.(files.Stored).Path
	if got := c.ok("cat", name); name == "" || got != "two\n" {
		t.Errorf("%q is %q", name, got)
	}
	for line, begin := range map[string]string{
		"stat": "211", "syst": "215 UNIX", "srvhelp": "214", "site help": "214", "raw --data LIST": "-rw", "abor": "22",
	} {
		if got := c.ok(strings.Fields(line)...); !strings.HasPrefix(got, begin) {
			t.Errorf("%s gives %q", line, got)
		}
	}
	for _, line := range []string{"raw RETR a.txt", "raw STOR x", "raw AUTH TLS"} {
		if _, err := c.run(strings.Fields(line)...); fault.Of(err) != fault.Unsupported {
			t.Errorf("%s: %v", line, err)
		}
	}
	c.ok("raw", "CWD", "sub")
	if w := c.sess.Where(); !strings.HasSuffix(w, "/sub") {
		t.Errorf("after raw CWD it is at %s", w)
	}
	c.ok("cd")
	complete := c.sess.(protocols.Completer)
	for prefix, want := range map[string]string{"": "a.txt sub/", "su": "sub/", "sub/": "sub/b.txt", "x": ""} {
		var got []string
		for _, n := range must2(complete.Complete(t.Context(), "remote", prefix)) {
			if n != name {
				got = append(got, n)
			}
		}
		slices.Sort(got)
		if strings.Join(got, " ") != want {
			t.Errorf("%q is completed to %q (X-04)", prefix, got)
		}
	}
	if err := c.sess.(protocols.Keeper).Keep(t.Context()); err != nil {
		t.Error(err)
	}
	if err := c.sess.(protocols.Mover).Move(t.Context(), ":"+r.Path("home/sub")); err != nil || !strings.HasSuffix(c.sess.Where(), "/sub") {
		t.Errorf("%v, at %s", err, c.sess.Where())
	}
	if code, text := c.sess.(protocols.Replier).Reply(); code != "257" || text == "" {
		t.Errorf("the last reply is %s %s", code, text)
	}
}

func must2(names []string, err error) []string {
	if err != nil {
		panic(err)
	}
	return names
}

// URLs lead to directories and files below the login's. (RFC 1738)
func TestURLs(t *testing.T) {
	t.Parallel()
	r := lab.Start(t, lab.ProFTPD(map[string]string{"pub/a.txt": "hello\n"}))
	route := ftp.Protocol().Route
	for path, want := range map[string]string{
		"": "ls []", "/": "ls []", "/pub/": "ls [~/pub/]", "/pub/a.txt": "cat [~/pub/a.txt]", "/%2Fetc/motd": "cat [/etc/motd]", "//etc/": "ls [/etc/]",
		"/pub/a.txt;type=i": "cat [~/pub/a.txt]", "/a%20b": "cat [~/a b]",
	} {
		u, err := url.Parse("ftp://localhost" + path)
		if err != nil {
			t.Fatal(err)
		}
		name, words := route(u)
		if got := fmt.Sprint(name, " ", words); got != want {
			t.Errorf("%s is %s, want %s", path, got, want)
		}
	}
	for path, where := range map[string]string{"pub/": "/home/pub", "pub": "/home/pub", "pub/a.txt": "/home", "": "/home"} {
		c := must(t, r.URL+path)
		if w := c.sess.Where(); w != ":"+r.Dir+where {
			t.Errorf("%s leads to %s", path, w)
		}
		if got := c.ok("cat", "~/pub/a.txt"); got != "hello\n" {
			t.Errorf("from there ~/pub/a.txt is %q", got)
		}
	}
	if _, err := connect(t, r.URL+"none/"); fault.Of(err) != fault.Denied {
		t.Errorf("a directory that is not there: %v", err)
	}
}
