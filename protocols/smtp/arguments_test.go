package smtp_test

import (
	"bufio"
	"io"
	"net"
	"strings"
	"testing"

	"wireline/protocols/conformance"
	"wireline/protocols/fault"
	"wireline/protocols/smtp"
	"wireline/protocols/wire"
)

// I01, I04, I06: no argument says anything to the server but what it is for.
// Nothing is sent at all.
func TestArguments(t *testing.T) {
	type words []string
	for _, bad := range []string{"\r\nDATA", "\nRSET", "\x00"} {
		for _, c := range []words{
			{"send", "m.eml", "-f", "a@x" + bad}, {"send", "m.eml", "-t", "b@y" + bad}, {"send", "m.eml", "--cc", "b@y" + bad}, {"send", "m.eml", "--bcc", "b@y" + bad},
			{"send", "-t", "b@y", "-f", "a@x", "--subject", "hi" + bad}, {"send", "-t", "b@y", "-f", "a@x", "-H", "X-A: b" + bad}, {"send", "-t", "b@y", "-f", "a@x", "--body", "x", "--reply-to", "c@z" + bad},
			{"send", "m.eml", "-t", "b@y", "--envid", "x" + bad}, {"send", "m.eml", "-t", "b@y", "--orcpt", "x" + bad}, {"send", "m.eml", "-t", "b@y", "--mail-param", "X=y" + bad}, {"send", "m.eml", "-t", "b@y", "--rcpt-param", "X=y" + bad},
			{"mail", "a@x" + bad}, {"mail", "a@x", "SIZE=1" + bad}, {"rcpt", "b@y" + bad}, {"rcpt", "b@y", "NOTIFY=NEVER" + bad},
			{"ehlo", "x" + bad}, {"helo", "x" + bad}, {"vrfy", "ann" + bad}, {"expn", "all" + bad}, {"etrn", "x" + bad}, {"xclient", "NAME=x" + bad}, {"srvhelp", "x" + bad}, {"raw", "NOOP" + bad},
			{"login", "-u", "ann" + bad}, {"login", "-u", "ann", "--authzid", "x" + bad}, {"login", "-u", "ann", "--mech", "PLAIN" + bad},
		} {
			refused(t, c, "")
		}
	}
	for _, address := range []string{"a@x> SIZE=9 X=<b", "a>b@x", "-oX", "a b@x", "a@x SIZE=1", "<a@x", "a@x\tb", "@", "a@"} {
		refused(t, []string{"send", "m.eml", "-t", address}, "")
		if !strings.HasSuffix(address, "SIZE=1") && !strings.HasSuffix(address, "@") { // who takes the steps may try those
			refused(t, []string{"mail", address}, "")
		}
	}
}

// refused runs a verb that must not reach the server.
func refused(t *testing.T, words []string, text string) {
	t.Helper()
	peer := conformance.Play(t, smtp.Protocols()[0].Schemes[0], opening+"C: QUIT\nS: 221 bye\nS: close\n")
	u, err := connect(t, smtp.Protocols()[0], peer.Target, wire.Options{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = u.do(t.Context(), words[0], small, words[1:]...)
	if k := fault.Of(err); k != fault.BadArgument && k != fault.Usage || !strings.Contains(err.Error(), text) {
		t.Errorf("%q: %v", words, err)
	}
	u.sess.Close()
}

// I04: a local part that is not ASCII needs a server that can do it; a domain
// that is not becomes one that is.
func TestUnicodeAddress(t *testing.T) {
	u := meet(t, opening+"C: MAIL FROM:<a@x.example>\nC: RCPT TO:<b@xn--bcher-kva.example>\nC: DATA\nS: 250 ok\nS: 250 ok\nS: 354 go\nC: From: a@x.example\nC: \nC: text\nC: .\nS: 250 ok\nC: QUIT\nS: 221 bye\n")
	if _, err := u.do(t.Context(), "send", small, "m.eml", "-t", "b@bücher.example"); err != nil {
		t.Error(err)
	}
	_, err := u.do(t.Context(), "send", small, "m.eml", "-t", "bücher@x.example")
	fails(t, err, fault.Refused, "mail", "SMTPUTF8")
}

// L15: replies that are none, without end.
func TestEndlessReplies(t *testing.T) {
	for _, line := range []string{"150 wait\r\n", "250-more\r\n"} {
		peer := conformance.Serve(t, smtp.Protocols()[0].Schemes[0], func(c net.Conn) {
			io.WriteString(c, "220 x\r\n")
			in := bufio.NewReader(c)
			in.ReadString('\n')
			io.WriteString(c, "250 x\r\n")
			in.ReadString('\n')
			for err := error(nil); err == nil; {
				_, err = io.WriteString(c, line)
			}
		})
		u, err := connect(t, smtp.Protocols()[0], peer.Target, wire.Options{})
		if err != nil {
			t.Fatal(err)
		}
		_, err = u.do(t.Context(), "noop", "")
		if k := fault.Of(err); k != fault.Protocol && k != fault.Limit {
			t.Errorf("%q without end: %v", line, err)
		}
	}
}

// I03: what a message says of itself may be another's words. As sender and
// recipients of the envelope they say no more than an address.
func TestEnvelopeOfHeader(t *testing.T) {
	for _, c := range []struct {
		header string
		rcpts  string // that are named to the server; "" where the message is refused before a word of it
	}{
		{"To: \"b> SIZE=9\r\n RCPT\" <b@y.example>", "b@y.example"},
		{"To: b@y.example,\r\n\tDATA\r\n\t<c@z.example>", "b@y.example c@z.example"},
		{"To: b@y.example (<evil@z.example>\r\n RSET)", "b@y.example"},
		{"To: =?utf-8?q?x=0D=0ARSET?= <b@y.example>", "b@y.example"},
		{"To: Friends: b@y.example, c@z.example;", "b@y.example c@z.example"},
		{"To: =?utf-8?q?b=40y.example=3E=0D=0ARCPT_TO:=3Cevil=40z.example?=", ""},
		{"To: <b@y.example> NOTIFY=NEVER", ""},
		{"To: <b@y.example> SIZE=9, c@z.example", ""},
		{"To: b@y.example\rRCPT TO:<evil@z.example>", ""},
		{"To: \"b\rc\"@y.example", ""},
		{"To: \"b> X=<\"@y.example", ""},
		{"To: -oX@y.example", ""},
		{"To: <@evil.example:b@y.example>", ""},
		{"To: b@y.example\x00", ""},
	} {
		text := "From: a@x.example\r\n" + c.header + "\r\n\r\ntext\r\n"
		if c.rcpts == "" {
			peer := conformance.Play(t, smtp.Protocols()[0].Schemes[0], opening+"C: QUIT\nS: 221 bye\nS: close\n")
			u, err := connect(t, smtp.Protocols()[0], peer.Target, wire.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if _, err = u.do(t.Context(), "send", text, "m.eml"); fault.Of(err) != fault.BadArgument {
				t.Errorf("%q: %v", c.header, err)
			}
			u.sess.Close()
			continue
		}
		script := opening + "C: MAIL FROM:<a@x.example>\n"
		list := strings.Fields(c.rcpts)
		for _, r := range list {
			script += "C: RCPT TO:<" + r + ">\n"
		}
		u := meet(t, script+strings.Repeat("S: 250 ok\n", len(list)+1)+"C: QUIT\nS: 221 bye\n")
		got, err := u.do(t.Context(), "send", text, "m.eml", "--quit-after", "rcpt")
		if err != nil || strings.Count(got, "\n") != len(list) {
			t.Errorf("%q: %s, %v", c.header, got, err)
		}
	}
}
