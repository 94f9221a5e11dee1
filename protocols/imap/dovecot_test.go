package imap_test

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/imap"
	"wireline/protocols/lab"
)

// dovecot starts Dovecot with n messages in the inbox of ann.
func dovecot(t *testing.T, n int, conf string) *lab.Running {
	t.Helper()
	r := lab.Start(t, lab.DovecotIMAP("secret", conf))
	dir := filepath.Join(r.Dir, "mail", "ann", "Maildir")
	for _, d := range []string{"", "cur", "new", "tmp"} {
		if err := os.MkdirAll(filepath.Join(dir, d), 0o777); err != nil {
			t.Fatal(err)
		}
		for _, p := range []string{filepath.Dir(dir), filepath.Join(dir, d)} {
			if err := os.Chmod(p, 0o777); err != nil {
				t.Fatal(err)
			}
		}
	}
	for i := 1; i <= n; i++ {
		name := filepath.Join(dir, "cur", fmt.Sprintf("%d.M%dP1.lab:2,", 1_700_000_000+i, i))
		if err := os.WriteFile(name, []byte(letter(i)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

func letter(i int) string {
	refs := ""
	if i%3 != 1 {
		refs = fmt.Sprintf("In-Reply-To: <%d@lab>\r\nReferences: <%d@lab>\r\n", i-1, i-1)
	}
	return fmt.Sprintf("From: =?utf-8?q?J=C3=BCrgen?= <j%d@lab.test>\r\nTo: ann@lab.test\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?= %d\r\nDate: %s\r\nMessage-ID: <%d@lab>\r\n%s\r\nmessage %d\r\n",
		i%7, i, time.Date(2026, 1, 1, 0, i, 0, 0, time.UTC).Format(time.RFC1123Z), i, refs, i)
}

// The mailbox one can live in, on a real server.
func TestDovecot(t *testing.T) {
	r := dovecot(t, 30, "")
	x := at(t, r.URL+"INBOX", "--mech", "SCRAM-SHA-256") // IMAP-02
	x.mustConnect()

	if rows := x.must("ls"); len(rows) != 30 || rows[29].(imap.Row).Subject != "Grüße 30" { // IMAP-07
		t.Fatalf("%d rows, the last %+v", len(rows), rows[len(rows)-1])
	}
	if text := x.must("cat", "3")[0].(string); !strings.Contains(text, "Subject: Grüße 3\n") || !strings.HasSuffix(text, "\nmessage 3\n") {
		t.Errorf("%q", text)
	}
	if raw := x.must("cat", "3", "--raw")[0].(string); raw != letter(3) {
		t.Errorf("%q", raw)
	}
	if part := x.must("cat", "3.TEXT", "--partial", "0.7")[0].(string); part != "message" {
		t.Errorf("%q", part)
	}
	x.must("headers", "4")
	x.must("parts", "4")
	if f := x.must("search", "seen")[0].(imap.Found); f.Count != 0 { // IMAP-10: nothing is marked as read
		t.Errorf("read: %+v", f)
	}
	x.must("cat", "3", "--seen")
	if f := x.must("search", "seen")[0].(imap.Found); f.UIDs != "3" {
		t.Errorf("read: %+v", f)
	}
	for words, want := range map[string]string{ // IMAP-08
		"search subject:Grüße uid:1:4":                           "1:4",
		"search from:j2@lab.test sentbefore:2026-01-02 uid:1:20": "2,9,16",
		"search --raw OR UID 5 UID 7":                            "5,7",
		"search subject:nothing":                                 "",
	} {
		if f := x.must(strings.Fields(words)...)[0].(imap.Found); f.UIDs != want {
			t.Errorf("%s: %s, want %s", words, f.UIDs, want)
		}
	}
	rows := x.must("ls", "last", "3", "--sort", "-date") // IMAP-09
	if len(rows) != 3 || rows[0].(imap.Row).UID != 30 {
		t.Errorf("%+v", rows)
	}
	if rows = x.must("thread", "1:3"); len(rows) != 3 || rows[2].(imap.Row).Depth != 2 {
		t.Errorf("%+v", rows)
	}

	for what, want := range map[string]string{"mailbox": "Drafts", "flag": `+\Flagged`, "search": "since:", "remote": "29\tGrüße 29"} { // IMAP-21
		if all, err := x.complete(what, want[:3]); err != nil || len(all) != 1 || all[0] != want {
			t.Errorf("%s: %q, %v", what, all, err)
		}
	}
	x.must("mkdir", "Grün & blau/台北") // IMAP-06
	x.must("subscribe", "Grün & blau/台北")
	if all := x.must("lsub"); len(all) != 1 || all[0].(imap.Folder).Name != "Grün & blau/台北" {
		t.Errorf("%+v", all)
	}
	if c := x.must("cp", "5:6", "Grün & blau/台北")[0].(imap.Changed); c.NewUIDs != "1:2" { // IMAP-14
		t.Errorf("%+v", c)
	}
	x.must("search", "subject:nothing")
	if c := x.must("mv", "$", "Grün & blau/台北")[0].(imap.Changed); c.Count != 0 && c.UIDs != "" {
		t.Errorf("%+v", c)
	}
	x.must("mv", "7", "Grün & blau/台北")
	x.fails(fault.NotFound, "cat", "7")
	x.fails(fault.NotFound, "mv", "8", "None")
	x.must("cat", "8")
	x.must("cd", "Grün & blau/台北")
	x.must("flag", "all", `+\Flagged`, "work") // IMAP-13
	if f := x.must("search", "flagged", "keyword:work")[0].(imap.Found); f.Count != 3 {
		t.Errorf("%+v", f)
	}
	x.must("rm", "1") // IMAP-16
	x.must("rm", "2")
	x.must("expunge", "1")
	x.must("undelete", "2")
	x.must("expunge")
	if rows := x.must("ls"); len(rows) != 2 {
		t.Errorf("%+v", rows)
	}
	x.must("cd", "INBOX")
	x.must("rmdir", "Grün & blau/台北")
	x.fails(fault.Denied, "cd", "Grün & blau/台北")

	for _, words := range []string{"id", "namespace", "quota", "acl get INBOX", "acl my INBOX", "caps", "status INBOX", "check", "noop", "enable CONDSTORE QRESYNC", "ls -m -l"} { // IMAP-03, 18, 23
		x.must(strings.Fields(words)...)
	}
	x.must("rm", "9")
	x.must("expunge", "9") // VANISHED from here on
	x.must("acl", "set", "Drafts", "bob", "lr")
	x.must("acl", "rm", "Drafts", "bob")
	x.must("metadata", "set", "INBOX", "/private/comment", "mine")
	raw := x.must("raw", "UID FETCH 10 (BODY.PEEK[])")[0].(imap.Raw) // IMAP-19
	if !strings.Contains(string(raw.Raw()), "message 10\r\n") {
		t.Errorf("%q", raw.Raw())
	}
	x.must("xatom", "NOOP")                                                                                       // IMAP-24
	if items := x.must("fetch", "10", "BODY.PEEK[HEADER.FIELDS (SUBJECT)]", "BODY.PEEK[TEXT]"); len(items) != 2 { // IMAP-11
		t.Errorf("%+v", items)
	}
	x.must("compress") // IMAP-23
	if rows := x.must("ls"); len(rows) != 28 {
		t.Errorf("%d rows over a compressor", len(rows))
	}
	x.must("get", "all")
	if err := x.sess.Close(); err != nil {
		t.Error(err)
	}
}

// IMAP-15, IMAP-17: what is put elsewhere is told of within a second.
func TestDovecotWatch(t *testing.T) {
	r := dovecot(t, 3, "")
	x, y := at(t, r.URL+"INBOX"), at(t, r.URL)
	x.mustConnect()
	y.mustConnect()
	file := filepath.Join(t.TempDir(), "m.eml")
	if err := os.WriteFile(file, []byte("Subject: fresh\n\nhello\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	got := make(chan imap.Event, 1)
	failed := make(chan error, 1)
	go func() {
		all, err := x.run(t.Context(), "watch", "--count", "1", "--new")
		if err != nil || len(all) != 1 {
			failed <- fmt.Errorf("%+v, %w", all, err)
			return
		}
		got <- all[0].(imap.Event)
	}()
	awaitLog(t, func() bool { _, out := x.wire.Counts(); return out > 0 })
	put := y.must("put", file, "INBOX", "--flags", `\Flagged`)[0].(imap.Stored)
	took := lab.Stopwatch(t)
	select {
	case e := <-got:
		if e.UID != put.UID || e.Subject != "fresh" || took() > time.Second {
			t.Errorf("%+v for %+v after %v", e, put, took())
		}
	case err := <-failed:
		t.Fatal(err)
	case <-time.After(time.Minute):
		t.Fatal("nothing was told")
	}
	x.must("ls", "last")

	ctx, cancel := context.WithTimeoutCause(t.Context(), 200*time.Millisecond, fault.New(fault.Timeout, "time is up"))
	defer cancel()
	if _, err := x.run(ctx, "watch"); fault.Of(err) != fault.Timeout {
		t.Error(err)
	}
	x.must("ls", "last") // the connection is in order after DONE
}

func awaitLog(t *testing.T, ok func() bool) {
	t.Helper()
	for limit := time.Now().Add(time.Minute); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(limit) {
			t.Fatal("it does not happen")
		}
	}
}

// IMAP-07: the first screen of 10,000 messages is there within a second.
func TestDovecotTenThousand(t *testing.T) {
	r := dovecot(t, 10_000, "")
	x := at(t, r.URL+"INBOX")
	x.mustConnect()
	x.must("search", "subject:1") // Dovecot has its index now
	defer x.wire.Bind(t.Context())()
	took := lab.Stopwatch(t)
	res, err := x.sess.Ls(t.Context(), imap.LsArgs{})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for row, err := range res.(imap.Rows) {
		if err != nil {
			t.Fatal(err)
		}
		if n++; row.UID != uint32(n) {
			t.Fatalf("row %d is %+v", n, row)
		}
		if n == 50 && took() > time.Second {
			t.Errorf("50 rows took %v", took())
		}
		if n == 3000 {
			break
		}
	}
	if rows := x.must("ls", "first", "2"); len(rows) != 2 { // after a listing that was not read to its end
		t.Errorf("%+v", rows)
	}
	if rows := x.must("ls"); len(rows) != 10_000 {
		t.Errorf("%d rows", len(rows))
	}
}

// IMAP-01: TLS from the first byte, and asked for; S06: what was said before
// it does not count.
func TestDovecotTLS(t *testing.T) {
	r := dovecot(t, 1, "auth_failure_delay = 0 secs\n")
	port, err := r.PortOf("tls")
	if err != nil {
		t.Fatal(err)
	}
	cert, err := r.Cert()
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(cert)
	if err != nil {
		t.Fatal(err)
	}
	if p, _ := pem.Decode(b); p == nil {
		t.Fatal("no certificate")
	} else if _, err := x509.ParseCertificate(p.Bytes); err != nil {
		t.Fatal(err)
	}
	for _, address := range []string{fmt.Sprintf("imaps://%s:%d/INBOX", r.Host, port), "imap+starttls://" + r.Addr() + "/INBOX"} {
		x := at(t, address)
		x.wire.Options.CA = []string{cert}
		x.mustConnect()
		if rows := x.must("ls"); len(rows) != 1 {
			t.Errorf("%+v", rows)
		}
	}
	x := at(t, fmt.Sprintf("imaps://%s:%d/INBOX", r.Host, port))
	if err := x.connect(); fault.Of(err) != fault.TLSCert {
		t.Error(err)
	}
	x = at(t, r.URL)
	x.pass = "wrong"
	if err := x.connect(); fault.Of(err) != fault.Login {
		t.Error(err)
	}
	for _, mech := range []string{"PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1", "LOGIN-CMD"} { // IMAP-02
		at(t, r.URL, "--mech", mech).mustConnect()
	}
}

// IMAP-01: a server that a command starts takes us as logged in already
// (PREAUTH), as does imaplib's IMAP4_stream.
func TestDovecotCommand(t *testing.T) {
	r := dovecot(t, 3, "")
	const server = "/usr/lib/dovecot/imap"
	u := r.Path("mail") + "/ann"
	script := filepath.Join(t.TempDir(), "imapd")
	account, err := r.Account()
	if err != nil {
		t.Fatal(err)
	}
	group, err := r.Group()
	if err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprintf("#!/bin/sh\necho starting >&2\nHOME=%s USER=ann MAIL=maildir:%s/Maildir exec %s -c %s -o mail_uid=%s -o mail_gid=%s\n", u, u, server, r.Path("dovecot.conf"), account, group)
	if err := os.WriteFile(script, []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
	x := at(t, r.URL, "--command", script, "-m", "INBOX")
	x.to.URL = nil
	x.mustConnect()
	if rows := x.must("ls"); len(rows) != 3 {
		t.Errorf("%d rows", len(rows))
	}
	if name := x.sess.Named(); name != "|"+script {
		t.Error(name)
	}
	if err := x.sess.Close(); err != nil {
		t.Error(err)
	}
	if len(x.said()) == 0 || x.said()[0] != script+": starting" {
		t.Errorf("%q", x.said())
	}
	y := at(t, r.URL, "--command", "exit 3")
	y.to.URL = nil
	if err := y.connect(); fault.Of(err) != fault.Empty {
		t.Error(err)
	}
}
