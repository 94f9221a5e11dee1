package smtp_test

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"wireline/protocols"
	"wireline/protocols/conformance"
	"wireline/protocols/fault"
	"wireline/protocols/smtp"
	"wireline/protocols/verb"
	"wireline/protocols/wire"
)

// SMTP-13: LMTP answers the message once for each recipient also when the user
// takes the steps; what comes then is not the answer to something else.
func TestSteppedLMTP(t *testing.T) {
	p := smtp.Protocols()[1]
	for _, how := range []string{"data", "bdat"} {
		script := `S: 220 x LMTP
C: LHLO [127.0.0.1]
S: 250-x
S: 250 CHUNKING
C: MAIL FROM:<a@x>
S: 250 ok
C: RCPT TO:<b@y>
S: 250 ok
C: RCPT TO:<c@y>
S: 550 unknown
C: RCPT TO:<d@y>
S: 250 ok
`
		if how == "data" {
			script += "C: DATA\nS: 354 go\nC: text\nC: .\n"
		} else {
			script += "C: BDAT 6 LAST\nC: text\n"
		}
		script += "S: 250 2.0.0 for b\nS: 452 4.2.2 d is full\nC: NOOP\nS: 250 noop\nC: QUIT\nS: 221 bye\n"
		u, err := connect(t, p, conformance.Play(t, p.Schemes[0], ended(script)).Target, wire.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range []string{"mail a@x", "rcpt b@y", "rcpt c@y", "rcpt d@y"} {
			w := strings.Fields(line)
			if _, err := u.do(t.Context(), w[0], "", w[1:]...); err != nil {
				t.Fatal(line, err)
			}
		}
		words := []string{"m.eml"}
		if how == "bdat" {
			words = append(words, "--last")
		}
		got, err := u.do(t.Context(), how, "text\r\n", words...)
		if want := "250 2.0.0 for b\n452 4.2.2 d is full\n"; got != want || err != nil {
			t.Errorf("%s: %q, %v", how, got, err)
		}
		if got, err := u.do(t.Context(), "noop", ""); got != "250 noop\n" || err != nil {
			t.Errorf("%s: %q, %v", how, got, err)
		}
	}
}

// C08: an error does not tell what was said in a login.
func TestLoginNotTold(t *testing.T) {
	const secret = "czNjcjN0LWNhbmFyeQ==" // s3cr3t-canary
	u := meet(t, "S: 220 x\nC: EHLO [127.0.0.1]\nS: 250-x\nS: 250 AUTH LOGIN\nC: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\nC: YW5u\nS: 334 UGFzc3dvcmQ6\nC: "+secret+"\nS: close\n")
	_, err := u.do(t.Context(), "login", "", "-u", "ann", "--mech", "login")
	fails(t, err, fault.Recv, "auth", "AUTH")
	if err != nil && strings.Contains(err.Error(), secret) {
		t.Error(err)
	}
}

// D16: a file that became shorter, or longer, since it was looked at is not
// sent as if it were whole.
func TestFileChanged(t *testing.T) {
	head := "From: a@x.example\r\n\r\n"
	text := head + strings.Repeat(strings.Repeat("a", 70)+"\r\n", 30_000)
	for _, change := range []int{-100_000, 100_000} {
		file := filepath.Join(t.TempDir(), "m.eml")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		var got bytes.Buffer
		peer := conformance.Serve(t, smtp.Protocols()[0].Schemes[0], sink(&got, func() {
			now := text[:len(text)+min(0, change)] + strings.Repeat("b\r\n", max(0, change/3))
			if err := os.WriteFile(file, []byte(now), 0o600); err != nil {
				t.Error(err)
			}
		}))
		u, err := connect(t, smtp.Protocols()[0], peer.Target, wire.Options{})
		if err != nil {
			t.Fatal(err)
		}
		err = send(t, u, file, "-t", "b@y")
		u.sess.Close()
		peer.Close()
		fails(t, err, fault.ReadLocal, "mail", "changed")
		if bytes.HasSuffix(got.Bytes(), []byte("\r\n.\r\n")) {
			t.Errorf("%d: the server takes it for whole", change)
		}
	}
}

// A server of old that knows no EHLO is kept up with, and told goodbye.
func TestOldServer(t *testing.T) {
	u := meet(t, "S: 220 x\nC: EHLO [127.0.0.1]\nS: 550 what\nC: HELO [127.0.0.1]\nS: 250 x\nC: NOOP\nS: 250 ok\nC: QUIT\nS: 221 bye\n")
	if err := u.sess.(protocols.Keeper).Keep(t.Context()); err != nil {
		t.Error(err)
	}
	if err := u.sess.Close(); err != nil {
		t.Error(err)
	}
}

// Who wants no PIPELINING has each chunk answered before the next.
func TestChunkByChunk(t *testing.T) {
	text := "From: a@x.example\r\n\r\n" + strings.Repeat(strings.Repeat("a", 70)+"\r\n", 30_000)
	file := filepath.Join(t.TempDir(), "m.eml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	peer := conformance.Serve(t, smtp.Protocols()[0].Schemes[0], chunks(t))
	u, err := connect(t, smtp.Protocols()[0], peer.Target, wire.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := send(t, u, file, "-t", "b@y", "--chunking", "--no-pipelining"); err != nil {
		t.Error(err)
	}
	u.sess.Close()
	peer.Close()
}

// send sends a file by its name.
func send(t *testing.T, u *user, file string, flags ...string) error {
	t.Helper()
	v, _ := verb.Find(u.p.Verbs, "send")
	env := verb.Env{Open: func(name string) (verb.Input, error) {
		f, err := os.Open(name)
		if err != nil {
			return verb.Input{}, err
		}
		fi, err := f.Stat()
		return verb.Input{Name: name, Size: fi.Size(), ReadCloser: f}, err
	}}
	defer u.wire.Bind(t.Context())()
	res, err := v.Do(t.Context(), u.sess, env, append([]string{file}, flags...))
	if err != nil {
		return err
	}
	for _, err := range res.(smtp.Receipts) {
		if err != nil {
			return err
		}
	}
	return nil
}

// What a session that is begun anew is not let into, it does not use.
func TestReviveRefused(t *testing.T) {
	var served, said atomic.Int32
	peer := conformance.Serve(t, smtp.Protocols()[0].Schemes[0], func(c net.Conn) {
		first := served.Add(1) == 1
		io.WriteString(c, "220 x\r\n")
		for in := bufio.NewScanner(c); in.Scan(); {
			switch word, _, _ := strings.Cut(in.Text(), " "); {
			case word == "EHLO":
				io.WriteString(c, "250-x\r\n250 AUTH PLAIN\r\n")
			case word == "NOOP":
				io.WriteString(c, "250 ok\r\n421 4.4.2 you idle\r\n")
				return
			case word == "AUTH" && first:
				io.WriteString(c, "235 welcome\r\n")
			case word == "AUTH":
				io.WriteString(c, "535 no more\r\n")
			case word == "MAIL":
				said.Add(1)
				io.WriteString(c, "250 ok\r\n")
			default:
				io.WriteString(c, "250 ok\r\n")
			}
		}
	})
	u, err := connect(t, smtp.Protocols()[0], peer.Target, wire.Options{}, "-u", "ann")
	if err != nil {
		t.Fatal(err)
	}
	u.sess.(protocols.Keeper).Keep(t.Context())
	smtp.Rest(u.sess)
	for range 2 {
		if _, err := u.do(t.Context(), "send", small, "m.eml", "-t", "b@y"); err == nil || said.Load() > 0 {
			t.Errorf("%v; MAIL was said %d times", err, said.Load())
		}
	}
}

// C08: what a server repeats of a password is not told.
func TestPasswordRepeated(t *testing.T) {
	u := meet(t, "S: 220 x\nC: EHLO [127.0.0.1]\nS: 250-x\nS: 250 AUTH PLAIN\nC~: AUTH PLAIN \\S+\nS: 535 no such user with "+password+"\nC: QUIT\nS: 221 bye\n")
	_, err := u.do(t.Context(), "login", "", "-u", "ann")
	fails(t, err, fault.Login, "auth", "no such user")
	if err != nil && strings.Contains(err.Error(), password) {
		t.Error(err)
	}
}

// Who gets blind copies is not told either where lines end in CR alone, which
// are made lines of their own on the way.
func TestBccBehindCR(t *testing.T) {
	u := meet(t, opening+"C: QUIT\nS: 221 bye\n")
	for _, text := range []string{"From: a@x\rBcc: secret@z\rTo: b@y\r\rtext\r", "From: a@x\r\nX: y\rBcc: secret@z\r\n\r\ntext\r\n"} {
		got, err := u.do(t.Context(), "send", text, "m.eml", "-n", "-f", "a@x", "-t", "b@y")
		if err != nil || strings.Contains(got, "secret") || !strings.Contains(got, "text") {
			t.Errorf("%q, %v", got, err)
		}
	}
}
