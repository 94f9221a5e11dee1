package pop3_test

import (
	"context"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/lab"
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
			for _, err := range res.(smtp.Receipts) {
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

// The playground to those who know SMTP and POP3 well: what swaks sends after
// STARTTLS and a login, mpop fetches, and it is what we fetch.
func TestPeers(t *testing.T) {
	lab.Need(t, "swaks")
	lab.Need(t, "mpop")
	w, err := playground.Start(t.Context(), playground.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	_, out, _ := net.SplitHostPort(w.Map("tcp", "mail:2525"))
	if text, err := lab.Command(t, "swaks", "--server", "127.0.0.1:"+out, "-tls", "--auth", "PLAIN", "--auth-user", playground.User, "--auth-password", playground.Password,
		"-f", "bob@there.test", "-t", "ann@playground.test", "--h-Subject", "by swaks", "--body", ".dot\nFrom here").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	_, in, _ := net.SplitHostPort(w.Map("tcp", "mail:1110"))
	dir := t.TempDir()
	theirs, ours := filepath.Join(dir, "theirs"), filepath.Join(dir, "ours")
	for _, pipelining := range []string{"off", "on"} {
		os.Remove(theirs)
		if text, err := lab.Command(t, "mpop", "--host=127.0.0.1", "--port="+in, "--user="+playground.User, "--passwordeval=echo "+playground.Password, "--auth=user", "--tls=off",
			"--pipelining="+pipelining, "--received-header=off", "--keep=on", "--only-new=off", "--uidls-file="+filepath.Join(dir, "uidls"), "--delivery=mbox,"+theirs, "-q").CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, text)
		}
	}
	d := &wire.Dialer{Options: wire.Options{NoProxy: "*"}}
	v, _ := verb.Find(pop3.Protocol().Open, "connect")
	keys := func(context.Context, wire.Target, string) (string, string, error) {
		return playground.User, playground.Password, nil
	}
	sess, err := v.Do(t.Context(), protocols.Peer{Dialer: d, Target: target(t, "pop3://127.0.0.1:"+in), Keys: keys}, verb.Env{}, []string{"-u", playground.User})
	if err != nil {
		t.Fatal(err)
	}
	u := &user{t: t, sess: sess.(protocols.Session), wire: d}
	defer u.sess.Close()
	u.must("get", "all", "--mbox", ours)
	a, b := messagesOf(t, theirs), messagesOf(t, ours)
	if a != b {
		t.Errorf("mpop has\n%s\nwe have\n%s", a, b)
	}
	contains(t, a, "\n.dot\n>From here\n")
}

// messagesOf is an mbox without the lines that begin its messages, which have
// the time in them.
func messagesOf(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "From ") {
			line = "From\n"
		}
		b.WriteString(line)
	}
	return b.String()
}
