package pop3_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"wireline/protocols/fault"
	"wireline/protocols/lab"
	"wireline/protocols/wire"
)

const letter = "From: =?utf-8?q?J=C3=B6rg?= <j@x.example>\nSubject: number %d\nDate: Mon, 2 Mar 2026 10:00:00 +0000\n\n.dot\nFrom here\n"

// POP-01 to POP-11 with Dovecot.
func TestDovecot(t *testing.T) {
	lab.Need(t, "pop3-login")
	r := lab.Start(t, lab.DovecotPOP3(password, ""))
	tls, _ := r.PortOf("tls")
	trust := wire.Options{CA: []string{r.Path("cert.pem")}}
	plain, secure := fmt.Sprintf("pop3://localhost:%d", r.Port), fmt.Sprintf("pop3s://localhost:%d", tls)
	fill := func(t *testing.T, who string, n int) {
		t.Helper()
		mail, err := r.Shared("mail")
		if err != nil {
			t.Fatal(err)
		}
		for _, dir := range []string{"", "new", "cur", "tmp"} {
			dir = filepath.Join(mail, who, dir)
			if err := os.MkdirAll(dir, 0o777); err != nil {
				t.Fatal(err)
			}
			if err := os.Chmod(dir, 0o777); err != nil {
				t.Fatal(err)
			}
		}
		for i := range n {
			name := filepath.Join(mail, who, "new", fmt.Sprintf("%d.M1P1Q%d.lab", 1700000000+i, i))
			if err := os.WriteFile(name, fmt.Appendf(nil, letter, i+1), 0o666); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, mech := range []string{"", "user", "apop", "plain", "login", "cram-md5", "scram-sha-1", "scram-sha-256"} {
		for _, c := range []struct {
			url string
			o   wire.Options
		}{{plain, wire.Options{}}, {plain, wire.Options{TLS: "require", CA: trust.CA}}, {secure, trust}} {
			u, err := connect(t, target(t, c.url), c.o, "-u", "bob", "--mech", mech)
			if err != nil && mech == "apop" && fault.Of(err) == fault.Unsupported {
				continue // the greeting that TLS replaces has no timestamp
			}
			if err != nil {
				t.Errorf("%s by %q: %v", c.url, mech, err)
				continue
			}
			u.must("noop")
			if err := u.sess.Close(); err != nil {
				t.Error(err)
			}
		}
	}
	fill(t, "ann", 30)
	u, err := connect(t, target(t, secure), trust, "-u", "ann")
	if err != nil {
		t.Fatal(err)
	}
	got := u.must("ls", "last", "2")
	contains(t, got, `"from":"Jörg \u003cj@x.example\u003e","subject":"number 30"`)
	if strings.Count(got, "\n") != 2 {
		t.Error(got)
	}
	contains(t, u.must("cat", "3"), "From: Jörg <j@x.example>\nDate: Mon, 2 Mar 2026 10:00:00 +0000\nSubject: number 3\n\n.dot\nFrom here\n")
	contains(t, u.must("cat", "3", "--raw"), "\r\n\r\n.dot\r\nFrom here\r\n")
	contains(t, u.must("caps"), `"name":"PIPELINING"`)
	contains(t, u.must("top", "3", "1"), "\r\n.dot\r\n")
	contains(t, u.must("uidl", "1"), `"number":1`)
	mbox := filepath.Join(t.TempDir(), "m")
	contains(t, u.must("get", "all", "--mbox", mbox, "--new"), `"messages":30,`)
	u.must("rm", "1:10")
	if err := u.sess.Close(); err != nil {
		t.Fatal(err)
	}
	if u, err = connect(t, target(t, secure), trust, "-u", "ann"); err != nil {
		t.Fatal(err)
	}
	if got := u.sess.Where(); got != " (20)" {
		t.Error(got)
	}
	contains(t, u.must("get", "all", "--mbox", mbox, "--new"), `"messages":0,"bytes":0,"skipped":20`)
	_, err = u.do("cat", "99")
	fails(t, err, fault.NotFound, "99")
	u.must("rm", "all")
	u.must("undelete")
	u.sess.Close()
	b, err := os.ReadFile(mbox)
	if n := strings.Count(string(b), "\n>From here\n"); n != 30 || err != nil {
		t.Errorf("%d messages, %v", n, err)
	}
	if _, err := connect(t, target(t, plain), wire.Options{}, "-u", "ann", "--mech", "xoauth2"); err == nil {
		t.Error("a token was taken")
	}
}
