package smtp_test

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/lab"
	"wireline/protocols/smtp"
	"wireline/protocols/wire"
)

// to is a target at a port of a running server.
func to(t *testing.T, r *lab.Running, scheme, port string) wire.Target {
	t.Helper()
	n := r.Port
	if port != "" {
		var err error
		if n, err = r.PortOf(port); err != nil {
			t.Fatal(err)
		}
	}
	for _, s := range smtp.Protocols()[0].Schemes {
		if s.Name == scheme {
			return wire.Target{URL: &url.URL{Scheme: scheme, Host: fmt.Sprintf("localhost:%d", n)}, Scheme: s}
		}
	}
	t.Fatal("no scheme " + scheme)
	return wire.Target{}
}

// delivered waits for a message in ann's Maildir that has the text in it.
func delivered(t *testing.T, dir, text string) string {
	t.Helper()
	for limit := time.Now().Add(time.Minute); time.Now().Before(limit); time.Sleep(50 * time.Millisecond) {
		names, _ := filepath.Glob(filepath.Join(dir, "ann", "new", "*"))
		for _, n := range names {
			if b, err := os.ReadFile(n); err == nil && strings.Contains(string(b), text) {
				return string(b)
			}
		}
	}
	t.Fatalf("no message with %q has come", text)
	return ""
}

// SMTP-01, -02, -03, -04, -05, -06, -08, -09, -19: Postfix as it is set up in
// the world, with the logins of Dovecot.
func TestPostfix(t *testing.T) {
	lab.Need(t, "pop3-login")
	pop := lab.Start(t, lab.DovecotPOP3(password, ""))
	auth, _ := pop.PortOf("auth")
	dir, err := pop.Shared("mail")
	if err != nil {
		t.Fatal(err)
	}
	r := lab.Start(t, lab.Postfix(t, lab.PostfixMail{Auth: fmt.Sprintf("127.0.0.1:%d", auth), Mail: dir}))
	p := smtp.Protocols()[0]
	trust := wire.Options{CA: []string{r.Path("cert.pem")}}
	open := func(t *testing.T, scheme, port string, o wire.Options, flags ...string) *user {
		t.Helper()
		u, err := connect(t, p, to(t, r, scheme, port), o, flags...)
		if err != nil {
			t.Fatal(err)
		}
		return u
	}
	t.Run("mx", func(t *testing.T) {
		u := open(t, "smtp", "", wire.Options{TLS: "auto", CA: trust.CA})
		if i := u.wire.Last().Info(); i.TLS == nil || !i.TLS.Verified || i.TLS.DaysLeft > 1 {
			t.Errorf("the certificate is not reported: %+v", i.TLS)
		}
		got, err := u.do(t.Context(), "send", "", "-f", "bob@x.example", "-t", "Ann <ann@lab.test>", "--bcc", "postmaster@lab.test", "--partial",
			"--subject", "Grüße von weit her", "--body", ".dot\nUmlaute: äöü\n", "--notify", "never")
		if fault.Of(err) != fault.Refused {
			t.Errorf("postmaster was not refused: %v", err)
		}
		contains(t, got, `"to":"ann@lab.test","result":"sent","code":250`)
		m := delivered(t, dir, "=?utf-8?q?Gr=C3=BC=C3=9Fe_von_weit_her?=")
		contains(t, m, "\n.dot\nUmlaute: =C3=A4=C3=B6=C3=BC\n")
		if strings.Contains(m, "postmaster") || strings.Contains(m, "Bcc") {
			t.Errorf("the blind copy is not blind: %s", m)
		}
	})
	t.Run("refusals", func(t *testing.T) {
		u := open(t, "smtp", "", wire.Options{})
		for who, code := range map[string]string{"later": "450", "full": "552", "nobody": "550"} {
			got, err := u.do(t.Context(), "send", small, "m.eml", "-t", who+"@lab.test")
			fails(t, err, fault.Refused, "rcpt", code)
			contains(t, got, `"result":"refused","code":`+code)
		}
		big := small + strings.Repeat("0123456789\r\n", 100_000)
		_, err := u.do(t.Context(), "send", big, "m.eml", "-t", "ann@lab.test")
		fails(t, err, fault.Refused, "mail", "552 5.3.4")
		_, err = u.do(t.Context(), "send", small+"unique-7\r\n", "m.eml", "-t", "ann@lab.test", "--chunking")
		if err != nil {
			t.Error(err)
		}
		delivered(t, dir, "unique-7")
		if _, err = u.do(t.Context(), "send", small, "m.eml", "-t", "ann@lab.test", "--quit-after", "rcpt"); err != nil {
			t.Error(err)
		}
	})
	t.Run("no extension", func(t *testing.T) {
		u := open(t, "smtp", "plain", wire.Options{})
		if got, _ := u.do(t.Context(), "caps", ""); strings.Contains(got, "PIPELINING") {
			t.Error(got)
		}
		if _, err := u.do(t.Context(), "send", small+"unique-8\r\n", "m.eml", "-t", "ann@lab.test"); err != nil {
			t.Error(err)
		}
		delivered(t, dir, "unique-8")
		_, err := u.do(t.Context(), "send", small, "m.eml", "-t", "änn@lab.test")
		fails(t, err, fault.Refused, "mail", "SMTPUTF8")
		_, err = u.do(t.Context(), "send", small, "m.eml", "-t", "ann@lab.test", "--chunking")
		fails(t, err, fault.Unsupported, "", "CHUNKING")
	})
	for _, mech := range []string{"", "PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256"} {
		t.Run("submission "+mech, func(t *testing.T) {
			flags := []string{"-u", "ann"}
			if mech != "" {
				flags = append(flags, "--mech", mech)
			}
			u := open(t, "submission", "submission", trust, flags...)
			mark := "by-" + mech + "-done"
			if _, err := u.do(t.Context(), "send", small+mark+"\r\n", "m.eml", "-t", "ann@lab.test"); err != nil {
				t.Error(err)
			}
			delivered(t, dir, mark)
		})
	}
	t.Run("smtps", func(t *testing.T) {
		u := open(t, "smtps", "smtps", trust, "-u", "ann")
		got, err := u.do(t.Context(), "send", small, "m.eml", "-t", "ann@lab.test", "-t", "bob@elsewhere.example", "--quit-after", "rcpt")
		if err != nil || strings.Count(got, "not sent") != 2 {
			t.Errorf("%s, %v", got, err)
		}
	})
	t.Run("another client", func(t *testing.T) {
		// SMTP-12: taken for one by XCLIENT, and by PROXY
		u := open(t, "smtp", "", wire.Options{})
		got, err := u.do(t.Context(), "xclient", "", "ADDR=192.0.2.1", "NAME=client.example.org")
		if err != nil {
			t.Fatal(err)
		}
		contains(t, got, "220 mx.lab.test")
		if _, err := u.do(t.Context(), "send", small+"by-xclient\r\n", "m.eml", "-t", "ann@lab.test"); err != nil {
			t.Error(err)
		}
		contains(t, delivered(t, dir, "by-xclient"), "(client.example.org [192.0.2.1])")
		for _, version := range []string{"v1", "v2"} {
			u := open(t, "smtp", "proxy", wire.Options{ProxyHeader: version})
			if _, err := u.do(t.Context(), "send", small+"by-proxy-"+version+"\r\n", "m.eml", "-t", "ann@lab.test"); err != nil {
				t.Error(err)
			}
			delivered(t, dir, "by-proxy-"+version)
		}
	})
	t.Run("wrong password", func(t *testing.T) {
		// Dovecot takes any name, but not with a backslash in it.
		_, err := connect(t, p, to(t, r, "smtps", "smtps"), trust, "-u", "nobody\\x")
		fails(t, err, fault.Login, "auth", "535")
	})
	t.Run("not trusted", func(t *testing.T) {
		_, err := connect(t, p, to(t, r, "submission", "submission"), wire.Options{}, "-u", "ann")
		if fault.Of(err) != fault.TLSCert {
			t.Errorf("%v", err)
		}
	})
}

// SMTP-10, SMTP-12: smtp-sink takes many messages on one connection, and a
// PROXY header.
func TestSink(t *testing.T) {
	for _, flags := range [][]string{nil, {"--no-pipelining"}} {
		r := lab.Start(t, lab.SMTPSink())
		u, err := connect(t, smtp.Protocols()[0], to(t, r, "smtp", ""), wire.Options{})
		if err != nil {
			t.Fatal(err)
		}
		got, err := u.do(t.Context(), "send", small+strings.Repeat(".line\r\n", 500), append(flags, "m.eml", "-t", "b@y", "--count", "200")...)
		if err != nil || strings.Count(got, `"result":"sent"`) != 200 {
			t.Errorf("%v after %d messages", err, strings.Count(got, "\n"))
		}
	}
}

// SMTP-13: smtp-sink as a server of LMTP, which replies for each recipient.
func TestLMTPSink(t *testing.T) {
	r := lab.Start(t, lab.SMTPSink("-L"))
	p := smtp.Protocols()[1]
	at := wire.Target{URL: &url.URL{Scheme: "lmtp", Host: r.Addr()}, Scheme: p.Schemes[0]}
	for _, flags := range [][]string{nil, {"--no-pipelining"}, {"--partial"}} {
		u, err := connect(t, p, at, wire.Options{})
		if err != nil {
			t.Fatal(err)
		}
		got, err := u.do(t.Context(), "send", small, append(flags, "m.eml", "-t", "b", "-t", "c@y", "--count", "20")...)
		if err != nil || strings.Count(got, `"to":"b","result":"sent","code":250`) != 20 || strings.Count(got, `"to":"c@y","result":"sent","code":250`) != 20 {
			t.Errorf("%q: %s, %v", flags, got, err)
		}
		u.sess.Close()
	}
}
