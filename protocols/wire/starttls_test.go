package wire

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"wireline/protocols/fault"
)

// A script is how a server answers: it says the greeting, then one reply for
// each line it reads; "TLS" as a reply begins the handshake. What it read is
// sent to heard, a line each, those under TLS with a * before.
func script(cfg *tls.Config, heard chan<- string, replies ...string) func(net.Conn) {
	return func(c net.Conn) {
		io.WriteString(c, replies[0])
		r := bufio.NewReader(c)
		mark := ""
		for _, reply := range replies[1:] {
			line, err := r.ReadString('\n')
			if err != nil {
				break
			}
			heard <- mark + strings.TrimRight(line, "\r\n")
			text, upgrade := strings.CutSuffix(reply, "TLS")
			io.WriteString(c, text)
			if upgrade {
				s := tls.Server(c, cfg)
				if s.Handshake() != nil {
					break
				}
				c, r, mark = s, bufio.NewReader(s), "*"
			}
		}
		for {
			line, err := r.ReadString('\n')
			if err != nil {
				break
			}
			heard <- mark + strings.TrimRight(line, "\r\n")
		}
		close(heard)
	}
}

func collect(ch chan string) string {
	var all []string
	for {
		select {
		case s, ok := <-ch:
			if !ok {
				return strings.Join(all, "|")
			}
			all = append(all, s)
		case <-time.After(time.Minute):
			return "no end: " + strings.Join(all, "|")
		}
	}
}

type upgradeCase struct {
	u       *Upgrade
	good    []string // greeting and replies
	said    string   // what the client says before TLS
	refusal []string
}

var upgradeCases = []upgradeCase{
	{SMTP, []string{"220-hi\r\n220 there\r\n", "250-x\r\n250-STARTTLS\r\n250 SIZE\r\n", "220 go\r\nTLS"}, "EHLO localhost|STARTTLS", []string{"220 hi\r\n", "250-x\r\n250 starttls\r\n", "454 not now\r\n"}},
	{LMTP, []string{"220 hi\r\n", "250-x\r\n250 STARTTLS\r\n", "220 go\r\nTLS"}, "LHLO localhost|STARTTLS", []string{"220 hi\r\n", "250-x\r\n250 STARTTLS\r\n", "502 no\r\n"}},
	{POP3, []string{"+OK hi <1@x>\r\n", "+OK go\r\nTLS"}, "STLS", []string{"+OK hi <1@x>\r\n", "-ERR no\r\n"}},
	{IMAP, []string{"* OK hi\r\n", "* CAPABILITY X\r\na OK go\r\nTLS"}, "a STARTTLS", []string{"* OK hi\r\n", "a BAD no\r\n"}},
	{FTP, []string{"220-hi\r\n  welcome\r\n220 there\r\n", "234 go\r\nTLS"}, "AUTH TLS", []string{"220 hi\r\n", "502 no\r\n"}},
	{NNTP, []string{"201 hi\r\n", "401 MODE-READER\r\n", "200 reader\r\n", "382 go\r\nTLS"}, "STARTTLS|MODE READER|STARTTLS", []string{"200 hi\r\n", "401 MODE-READER\r\n", "200 reader\r\n", "580 no\r\n"}},
	{NNTP, []string{"201 hi\r\n", "382 go\r\nTLS"}, "STARTTLS", []string{"200 hi\r\n", "580 no\r\n"}},
}

// RAW-15, S06: the dialogue of each protocol; the library is given a neutral
// greeting and sees nothing of what was said in the clear.
func TestUpgrade(t *testing.T) {
	ca := newCA(t)
	cfg := ca.server(t, nil)
	for _, x := range upgradeCases {
		t.Run(x.u.Name, func(t *testing.T) {
			heard := make(chan string, 10)
			to := at(serve(t, script(cfg, heard, append(x.good, "the answer\r\n")...)))
			to.Scheme = Scheme{Name: x.u.Name, Security: StartTLS, Upgrade: x.u}
			var rec recorder
			d := &Dialer{Options: Options{CA: []string{ca.file}}, Trace: rec.add}
			c, err := d.Dial(t.Context(), to)
			if err != nil {
				t.Fatal(err)
			}
			r := bufio.NewReader(c)
			if line, err := r.ReadString('\n'); line != x.u.Replay+"\r\n" {
				t.Errorf("the greeting is %q, %v", line, err)
			}
			io.WriteString(c, "HELLO\r\n")
			if line, err := r.ReadString('\n'); line != "the answer\r\n" {
				t.Errorf("got %q, %v", line, err)
			}
			if tm := d.Timing(); c.Info().TLS == nil || tm.Greeting <= 0 || tm.TLS <= 0 {
				t.Errorf("info %+v, timing %+v", c.Info(), tm)
			}
			c.Close()
			if got, want := collect(heard), x.said+"|*HELLO"; got != want {
				t.Errorf("the server heard %q, want %q", got, want)
			}
			secure := 0
			for _, e := range rec.all {
				if e.Secure {
					secure++
				}
			}
			if secure != 2 || !strings.Contains(rec.data("send"), "HELLO") {
				t.Errorf("%d events under TLS in %v", secure, rec.all)
			}
		})
	}
}

// S01: what comes behind the go-ahead, in the same segment, was injected.
// Nothing is sent after it, not even a ClientHello.
func TestInjection(t *testing.T) {
	ca := newCA(t)
	for _, x := range upgradeCases {
		t.Run(x.u.Name, func(t *testing.T) {
			replies := append([]string(nil), x.good...)
			last := len(replies) - 1
			replies[last] = strings.TrimSuffix(replies[last], "TLS") + "250 injected\r\n"
			heard := make(chan string, 10)
			to := at(serve(t, script(nil, heard, replies...)))
			to.Scheme = Scheme{Name: x.u.Name, Security: StartTLS, Upgrade: x.u}
			_, err := (&Dialer{Options: Options{CA: []string{ca.file}}}).Dial(t.Context(), to)
			wantFault(t, err, fault.TLSRequired, "data injected before TLS", "14 bytes")
			if strings.Contains(err.Error(), "injected\\r") {
				t.Errorf("the injected text is shown: %v", err)
			}
			if got := collect(heard); got != x.said {
				t.Errorf("the server heard %q, want %q", got, x.said)
			}
		})
	}
}

// S02: TLS that is refused, or not offered. Required, it is an error and
// nothing more is sent; with auto it goes on in the clear and says so.
func TestUpgradeRefused(t *testing.T) {
	for _, x := range upgradeCases {
		for _, mode := range []string{"", "require", "auto", "off"} {
			t.Run(x.u.Name+" "+mode, func(t *testing.T) {
				heard := make(chan string, 10)
				to := at(serve(t, script(nil, heard, append(x.refusal, "the answer\r\n")...)))
				to.Scheme = Scheme{Name: x.u.Name, Security: StartTLS, Upgrade: x.u}
				c, err := (&Dialer{Options: Options{TLS: mode}}).Dial(t.Context(), to)
				said := x.said
				switch mode {
				case "off":
					said = ""
					fallthrough
				case "auto":
					if err != nil {
						t.Fatal(err)
					}
					line, err := bufio.NewReader(c).ReadString('\n')
					if line != x.refusal[0] {
						t.Errorf("the greeting is %q, %v; want the server's own", line, err)
					}
					if why := c.Info().NoTLS; (why != "") != (mode == "auto") {
						t.Errorf("no TLS because %q", why)
					}
					c.Close()
				default:
					wantFault(t, err, fault.TLSRequired, "--tls off")
				}
				if got := collect(heard); got != said {
					t.Errorf("the server heard %q, want %q", got, said)
				}
			})
		}
	}
}

// S02, S03, S04: greetings and answers that end it before TLS.
func TestUpgradeFaults(t *testing.T) {
	for name, x := range map[string]struct {
		u       *Upgrade
		replies []string
		kind    *fault.Kind
		words   string
	}{
		"not offered":     {SMTP, []string{"220 hi\r\n", "250-x\r\n250 SIZE STARTTLS\r\n"}, fault.TLSRequired, "does not offer STARTTLS"},
		"EHLO refused":    {SMTP, []string{"220 hi\r\n", "502 what\r\n"}, fault.TLSRequired, "refuses EHLO"},
		"busy":            {SMTP, []string{"421 too many\r\n"}, fault.Refused, "421 too many"},
		"POP3 busy":       {POP3, []string{"-ERR go away\r\n"}, fault.Refused, "go away"},
		"bye":             {IMAP, []string{"* BYE full\r\n"}, fault.Refused, "full"},
		"preauth":         {IMAP, []string{"* PREAUTH hi\r\n"}, fault.TLSRequired, "PREAUTH"},
		"garbage":         {IMAP, []string{"what\x1b[2J\r\n"}, fault.Protocol, `what\x1b[2J`},
		"tagged greeting": {IMAP, []string{"a OK hi\r\n"}, fault.Protocol, "greeting"},
		"endless reply":   {SMTP, []string{"220 hi\r\n", strings.Repeat("250-x\r\n", 2000)}, fault.Limit, "does not end"},
		"endless line":    {SMTP, []string{strings.Repeat("x", 100000) + "\r\n"}, fault.Limit, "65536"},
		"bye in between":  {IMAP, []string{"* OK hi\r\n", "* BYE no\r\n"}, fault.TLSRequired, "BYE"},
	} {
		t.Run(name, func(t *testing.T) {
			heard := make(chan string, 10)
			to := at(serve(t, script(nil, heard, x.replies...)))
			to.Scheme = Scheme{Name: x.u.Name, Security: StartTLS, Upgrade: x.u}
			_, err := (&Dialer{}).Dial(t.Context(), to)
			wantFault(t, err, x.kind, x.words)
			if got := collect(heard); strings.Count(got, "|")+1 > len(x.replies) && got != "" {
				t.Errorf("it went on: %q", got)
			}
		})
	}
	to := at(serve(t, func(net.Conn) {}))
	to.Scheme = Scheme{Name: "smtp", Security: StartTLS, Upgrade: SMTP}
	_, err := (&Dialer{}).Dial(t.Context(), to)
	wantFault(t, err, fault.Empty, "without a byte", "greeting: ")
	to = at(serve(t, silent))
	to.Scheme = Scheme{Name: "smtp", Security: StartTLS, Upgrade: SMTP}
	_, err = (&Dialer{Options: Options{ReplyTime: 100 * time.Millisecond}}).Dial(t.Context(), to)
	wantFault(t, err, fault.Timeout, "--reply-timeout", "greeting: ")
	_, err = (&Dialer{Options: Options{TLS: "require"}}).Dial(t.Context(), at(serve(t, silent)))
	wantFault(t, err, fault.TLSRequired)
}

// RAW-14, RAW-15: TLS on a session that is open already.
func TestUpgradeOpenSession(t *testing.T) {
	ca := newCA(t)
	cfg := ca.server(t, nil)
	d := &Dialer{Options: Options{CA: []string{ca.file}}}
	for _, greeted := range []bool{false, true} {
		heard := make(chan string, 10)
		c := dial(t, d, serve(t, script(cfg, heard, "+OK hi\r\n", "+OK go\r\nTLS", "+OK\r\n")))
		if greeted {
			io.ReadFull(c, make([]byte, 8))
		}
		if err := c.Upgrade(t.Context(), POP3, "localhost"); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(c, "NOOP\r\n")
		b := make([]byte, 5)
		if _, err := io.ReadFull(c, b); string(b) != "+OK\r\n" || c.TLS() == nil {
			t.Errorf("got %q, %v", b, err)
		}
		if err := c.StartTLS(t.Context(), ""); err == nil {
			t.Error("TLS in TLS")
		}
		c.Close()
		if got := collect(heard); got != "STLS|*NOOP" {
			t.Errorf("heard %q", got)
		}
	}
	c := dial(t, d, serve(t, says("unread")))
	if _, err := c.Peek(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	wantFault(t, c.StartTLS(t.Context(), "localhost"), fault.TLSRequired, "injected")
}
