package pop3_test

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/playground"
	"wireline/protocols/pop3"
	"wireline/protocols/smtp"
	"wireline/protocols/verb"
	"wireline/protocols/wire"
)

// What SMTP takes, POP3 shows, in the clear, after the change to TLS, and
// under TLS.
func TestPlayground(t *testing.T) {
	w, err := playground.Start(t.Context(), playground.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	keys := func(context.Context, wire.Target, string) (string, string, error) {
		return playground.User, playground.Password, nil
	}
	open := func(p protocols.Protocol, scheme, address, security string) protocols.Session {
		t.Helper()
		d := &wire.Dialer{Map: w.Map, Options: wire.Options{NoProxy: "*", TLS: security, Insecure: true}}
		to := wire.Target{URL: &url.URL{Scheme: scheme, Host: address}}
		for _, s := range p.Schemes {
			if s.Name == scheme {
				to.Scheme = s
			}
		}
		v, _ := verb.Find(p.Open, "connect")
		res, err := v.Do(t.Context(), protocols.Peer{Dialer: d, Target: to, Keys: keys}, verb.Env{}, []string{"-u", playground.User})
		if err != nil {
			t.Fatal(err)
		}
		return res.(protocols.Session)
	}
	for i, how := range []struct{ smtp, smtpAt, pop, popAt, tls string }{
		{"smtp", "mail:2525", "pop3", "mail:1110", "off"},
		{"submission", "mail:2525", "pop3", "mail:1110", "require"},
		{"smtps", "mail:4465", "pop3s", "mail:1995", ""},
	} {
		out := open(smtp.Protocols()[0], how.smtp, how.smtpAt, how.tls)
		send, _ := verb.Find(smtp.Protocols()[0].Verbs, "send")
		for _, flags := range []string{"", "--chunking", "--no-pipelining"} {
			words := append(strings.Fields(flags), "-f", "bob@x.example", "-t", "ann@y.example", "--subject", "Grüße "+how.pop+flags, "--body", ".dot\nä")
			res, err := send.Do(t.Context(), out, verb.Env{}, words)
			if err != nil {
				t.Fatal(err)
			}
			for _, err := range res.(verb.Stream[smtp.Receipt]) {
				if err != nil {
					t.Error(err)
				}
			}
		}
		out.Close()
		in := &user{t: t, sess: open(pop3.Protocol(), how.pop, how.popAt, how.tls), wire: &wire.Dialer{}}
		got := in.must("ls")
		contains(t, got, `"subject":"Grüße `+how.pop+`--chunking"`)
		if n := strings.Count(got, "\n"); n != 2+3*(i+1) {
			t.Errorf("%d messages", n)
		}
		contains(t, in.must("cat", "5"), ".dot\nä\n")
		contains(t, in.must("cat", "2.2"), "n,square\n1,1\n")
		in.sess.Close()
	}
	last := &user{t: t, sess: open(pop3.Protocol(), "pop3", "mail:1110", "off"), wire: &wire.Dialer{}}
	last.must("rm", "1")
	if err := last.sess.Close(); err != nil {
		t.Error(err)
	}
	last.sess = open(pop3.Protocol(), "pop3", "mail:1110", "off")
	_, err = last.do("cat", "99")
	fails(t, err, fault.NotFound, "no such message")
	if got := last.sess.Where(); got != " (10)" {
		t.Error(got)
	}
	last.sess.Close()
}
