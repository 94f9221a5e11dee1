package smtp_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/url"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"wireline/protocols/conformance"
	"wireline/protocols/fault"
	"wireline/protocols/lab"
	"wireline/protocols/smtp"
	"wireline/protocols/verb"
	"wireline/protocols/wire"
)

// names answers questions for MX over UDP, and says so that a long answer is
// to be had over TCP.
func names(t *testing.T, answers map[string][]dnsmessage.MXResource) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	pc, err := net.ListenPacket("udp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	answer := func(p []byte, cut bool) []byte {
		var m dnsmessage.Message
		if m.Unpack(p) != nil || len(m.Questions) != 1 {
			return nil
		}
		m.Response = true
		name := m.Questions[0].Name.String()
		list, known := answers[name]
		if name == "broken.example." {
			m.Response = true
			out, _ := m.Pack()
			return append(out[:6:6], 0xff, 0xff, 0, 0, 0, 0) // there are no such answers
		}
		if name == "failing.example." {
			known, m.RCode = true, dnsmessage.RCodeServerFailure
		}
		if !known {
			m.RCode = dnsmessage.RCodeNameError
		}
		if m.Truncated = cut && len(list) > 2; !m.Truncated {
			for _, mx := range list {
				m.Answers = append(m.Answers, dnsmessage.Resource{Header: dnsmessage.ResourceHeader{Name: m.Questions[0].Name, Type: dnsmessage.TypeMX, Class: dnsmessage.ClassINET}, Body: &mx})
			}
		}
		out, _ := m.Pack()
		return out
	}
	done := make(chan struct{}, 2)
	go func() {
		defer func() { done <- struct{}{} }()
		buf := make([]byte, 4096)
		for {
			n, from, err := pc.ReadFrom(buf)
			if err != nil {
				return
			}
			pc.WriteTo(answer(buf[:n], true), from)
		}
	}()
	go func() {
		defer func() { done <- struct{}{} }()
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			size := make([]byte, 2)
			io.ReadFull(c, size)
			q := make([]byte, int(size[0])<<8|int(size[1]))
			io.ReadFull(c, q)
			a := answer(q, false)
			c.Write(append([]byte{byte(len(a) >> 8), byte(len(a))}, a...))
			c.Close()
		}
	}()
	t.Cleanup(func() { pc.Close(); l.Close(); <-done; <-done })
	return l.Addr().String()
}

func mx(pref uint16, host string) dnsmessage.MXResource {
	return dnsmessage.MXResource{Pref: pref, MX: dnsmessage.MustNewName(host)}
}

// SMTP-14: the lowest preference first, then the next; a domain without MX is
// a host; one with a null MX takes no mail.
func TestMX(t *testing.T) {
	peer := conformance.Play(t, smtp.Protocols()[0].Schemes[0], opening+"C: QUIT\nS: 221 bye\nS: close\n")
	dns := names(t, map[string][]dnsmessage.MXResource{
		"good.example.": {mx(20, "b.example."), mx(10, "a.example."), mx(30, "c.example.")},
		"null.example.": {mx(0, ".")},
		"bare.example.": nil,
	})
	closed := fmt.Sprintf("127.0.0.1:%d", lab.Row(t, 1))
	var tried []string
	open := func(domain string) (*user, error) {
		tried = nil
		d := &wire.Dialer{Options: wire.Options{DNS: dns, NoProxy: "*", ConnectTime: 2 * time.Second}}
		d.Map = func(network, address string) string {
			switch host, _, _ := net.SplitHostPort(address); host {
			case "127.0.0.1":
				return ""
			case "a.example":
				tried = append(tried, host)
				return closed
			default:
				tried = append(tried, host)
				return peer.Target.Host
			}
		}
		return connectBy(t, d, wire.Target{URL: &url.URL{Scheme: "smtp", Host: domain}, Scheme: smtp.Protocols()[0].Schemes[0]}, "--mx")
	}
	u, err := open("good.example")
	if err != nil || strings.Join(tried, " ") != "a.example b.example" {
		t.Fatalf("%v, tried %q", err, tried)
	}
	v, _ := verb.Find(u.p.Verbs, "mx")
	res, err := v.Do(t.Context(), u.sess, verb.Env{}, []string{"good.example"})
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for x := range res.(verb.Stream[smtp.Exchanger]) {
		j, _ := json.Marshal(x)
		list = append(list, string(j))
	}
	if got := strings.Join(list, ""); got != `{"preference":10,"host":"a.example"}{"preference":20,"host":"b.example"}{"preference":30,"host":"c.example"}` {
		t.Error(got)
	}
	if _, err = open("bare.example"); err != nil || strings.Join(tried, " ") != "bare.example" {
		t.Errorf("no MX: %v, tried %q", err, tried)
	}
	if _, err = open("null.example"); fault.Of(err) != fault.Refused {
		t.Errorf("a null MX: %v", err)
	}
	// What is not known is not the same as none: a message would go elsewhere.
	for _, domain := range []string{"no.example", "broken.example", "failing.example"} {
		if _, err = open(domain); fault.Of(err) != fault.Resolve || tried != nil {
			t.Errorf("%s: %v, tried %q", domain, err, tried)
		}
	}
}

// SMTP-13: LMTP on a unix socket.
func TestLMTPSocket(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lmtp")
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	done := make(chan struct{})
	go func() {
		defer close(done)
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		io.WriteString(c, "220 here LMTP\r\n")
		for in := bufio.NewScanner(c); in.Scan(); {
			switch word, _, _ := strings.Cut(in.Text(), " "); word {
			case "LHLO":
				io.WriteString(c, "250-here\r\n250 PIPELINING\r\n")
			case "DATA":
				io.WriteString(c, "354 go\r\n")
			case ".":
				io.WriteString(c, "250 one\r\n")
			case "MAIL", "RCPT", "QUIT":
				io.WriteString(c, "250 ok\r\n")
			}
		}
	}()
	p := smtp.Protocols()[1]
	u, err := connect(t, p, wire.Target{URL: &url.URL{Scheme: "lmtp-unix", Path: path}, Scheme: p.Schemes[1]}, wire.Options{})
	if err != nil {
		t.Fatal(err)
	}
	got, err := u.do(t.Context(), "send", small, "m.eml", "-t", "b")
	if err != nil {
		t.Error(err)
	}
	contains(t, got, `"to":"b","result":"sent","code":250,"text":"one"`)
	u.sess.Close()
	<-done
}

// SMTP-12: a PROXY header goes before all else. SMTP-06: the message of a pipe,
// however long.
func TestStream(t *testing.T) {
	lab.Need(t, "smtp-sink")
	r := lab.Start(t, lab.SMTPSink())
	u, err := connect(t, smtp.Protocols()[0], to(t, r, "smtp", ""), wire.Options{})
	if err != nil {
		t.Fatal(err)
	}
	v, _ := verb.Find(u.p.Verbs, "send")
	for name, text := range map[string]string{
		"long":     small + strings.Repeat(strings.Repeat("x", 70)+"\r\n", 50_000),
		"long NUL": small + strings.Repeat(strings.Repeat("x", 70)+"\r\n", 50_000) + "\x00",
	} {
		in := verb.Input{Size: -1, ReadCloser: io.NopCloser(strings.NewReader(text))}
		env := verb.Env{Open: func(string) (verb.Input, error) { return in, nil }}
		res, err := v.Do(t.Context(), u.sess, env, []string{"-", "-t", "b@y"})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range res.(smtp.Receipts) {
			err = e
		}
		if strings.Contains(name, "NUL") {
			fails(t, err, fault.BadArgument, "mail", "the connection was dropped, and nothing was delivered")
			u, _ = connect(t, smtp.Protocols()[0], to(t, r, "smtp", ""), wire.Options{})
		} else if err != nil {
			t.Error(err)
		}
	}
	heard := make(chan string, 1)
	peer := conformance.Serve(t, smtp.Protocols()[0].Schemes[0], func(c net.Conn) {
		c.SetDeadline(time.Now().Add(time.Minute))
		line, _ := bufio.NewReader(c).ReadString('\n')
		heard <- line
	})
	_, err = connect(t, smtp.Protocols()[0], peer.Target, wire.Options{ProxyHeader: "v1"})
	if got := <-heard; !strings.HasPrefix(got, "PROXY TCP4 127.0.0.1 127.0.0.1 ") || err == nil {
		t.Errorf("%q, %v", got, err)
	}
}

// T15: the server hung up while nobody spoke; a message goes on a new
// connection.
func TestRevive(t *testing.T) {
	var served atomic.Int32
	peer := conformance.Serve(t, smtp.Protocols()[0].Schemes[0], func(c net.Conn) {
		served.Add(1)
		io.WriteString(c, "220 x\r\n")
		for in := bufio.NewScanner(c); in.Scan(); {
			switch word, _, _ := strings.Cut(in.Text(), " "); word {
			case "DATA":
				io.WriteString(c, "354 go\r\n")
			case "EHLO":
				io.WriteString(c, "250-x\r\n250 AUTH PLAIN\r\n")
			case "NOOP":
				io.WriteString(c, "250 ok\r\n421 4.4.2 you idle\r\n")
				return
			case "AUTH":
				io.WriteString(c, "235 welcome\r\n")
			case "MAIL", "RCPT", "QUIT", ".":
				io.WriteString(c, "250 ok\r\n")
			}
		}
	})
	u, err := connect(t, smtp.Protocols()[0], peer.Target, wire.Options{}, "-u", "ann")
	if err != nil {
		t.Fatal(err)
	}
	u.do(t.Context(), "noop", "")
	smtp.Rest(u.sess)
	if _, err := u.do(t.Context(), "send", small, "m.eml", "-t", "b@y"); err != nil || served.Load() != 2 {
		t.Errorf("%v on connection %d", err, served.Load())
	}
}
