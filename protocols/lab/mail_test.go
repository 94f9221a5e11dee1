package lab

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// What Postfix takes, Dovecot shows, with the logins of the latter for both.
func TestPostfix(t *testing.T) {
	Need(t, "pop3-login")
	pop := Start(t, DovecotPOP3("secret", ""))
	auth, _ := pop.PortOf("auth")
	mail, err := pop.Shared("mail")
	if err != nil {
		t.Fatal(err)
	}
	r := Start(t, Postfix(t, PostfixMail{Auth: fmt.Sprintf("%s:%d", pop.Host, auth), Mail: mail}))
	port, _ := r.PortOf("submission")
	out, err := Command(t, "swaks", "--server", fmt.Sprintf("127.0.0.1:%d", port), "-tls", "--auth", "PLAIN", "--auth-user", "ann", "--auth-password", "secret",
		"-f", "bob@lab.test", "-t", "ann@lab.test", "--h-Subject", "by swaks", "--body", "text").CombinedOutput()
	if err != nil {
		t.Fatalf("swaks: %v: %s", err, out)
	}
	for limit := time.Now().Add(time.Minute); ; {
		got := say(t, "tcp", pop.Addr(), "USER ann\r\nPASS secret\r\nSTAT\r\nTOP 1 0\r\nQUIT\r\n", "")
		if strings.Contains(got, "Subject: by swaks") {
			break
		}
		if time.Now().After(limit) {
			t.Fatalf("no mail has come: %s", got)
		}
		time.Sleep(50 * time.Millisecond)
	}
	plain, _ := r.PortOf("plain")
	contains(t, say(t, "tcp", fmt.Sprintf("127.0.0.1:%d", plain), "EHLO x\r\nRCPT TO:<later@lab.test>\r\nMAIL FROM:<a@x>\r\nRCPT TO:<later@lab.test>\r\nQUIT\r\n", ""), "250 mx.lab.test\r\n")
}

func TestSMTPSink(t *testing.T) {
	r := Start(t, SMTPSink())
	contains(t, say(t, "tcp", r.Addr(), "HELO x\r\nMAIL FROM:<a@x>\r\nRCPT TO:<b@y>\r\nDATA\r\n.\r\nQUIT\r\n", ""), "221")
}
