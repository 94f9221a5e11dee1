package socket

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/lab"
	"wireline/protocols/verb"
)

// A tlsServer talks to one client under a certificate for localhost, which
// the peers that it makes trust.
type tlsServer struct {
	net.Listener
	config *tls.Config
	ca     string
}

func newTLSServer(t *testing.T, talk func(c net.Conn, config *tls.Config)) *tlsServer {
	t.Helper()
	cert, key, err := lab.Certificate(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	pair, err := tls.LoadX509KeyPair(cert, key)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &tlsServer{l, &tls.Config{Certificates: []tls.Certificate{pair}}, cert}
	done := make(chan bool)
	go func() {
		defer close(done)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			c.SetDeadline(time.Now().Add(time.Minute))
			talk(c, s.config)
			c.Close()
		}
	}()
	t.Cleanup(func() {
		l.Close()
		<-done
	})
	return s
}

func (s *tlsServer) peer(t *testing.T, name string) protocols.Peer {
	_, port, _ := net.SplitHostPort(s.Addr().String())
	p := peer(t, name, "localhost:"+port)
	p.Dialer.Options.CA = []string{s.ca}
	return p
}

// T17: an end that anybody on the way could have made is told from the peer's.
func TestTLSTruncated(t *testing.T) {
	for _, honest := range []bool{true, false} {
		s := newTLSServer(t, func(c net.Conn, config *tls.Config) {
			x := tls.Server(c, config)
			io.WriteString(x, "all of it?")
			if honest {
				x.CloseWrite()
			}
			// What the client sends is read, so that closing is no reset.
			c.(*net.TCPConn).CloseWrite()
			io.Copy(io.Discard, c)
		})
		whole := openAt(t, s.peer(t, "tls"), "tls", "connect")
		b := must(t, whole, "recv", "--all").(*verb.Blob)
		var got bytes.Buffer
		_, err := io.Copy(&got, b.ReadCloser)
		b.Close()
		whole.Close()
		if got.String() != "all of it?" || honest && err != nil || !honest && fault.Of(err) != fault.Partial {
			t.Errorf("close_notify %v: %q %v", honest, got.String(), err)
		}
		one := openAt(t, s.peer(t, "tls"), "tls", "connect")
		wantRecv(t, one, "all of it?", "recv", "10", "--exact", "-t", "5")
		_, err = run(t.Context(), one, "recv", "-t", "5")
		if truncated := fault.Of(err) == fault.Partial; truncated == honest {
			t.Errorf("close_notify %v: %v", honest, err)
		}
		one.Close()
	}
}

// smtpServer greets, agrees to STARTTLS, and echoes under TLS. What inject
// holds comes with the go-ahead.
func smtpServer(t *testing.T, inject string) *tlsServer {
	return newTLSServer(t, func(c net.Conn, config *tls.Config) {
		io.WriteString(c, "220-hello\r\n220 ready\r\n")
		r := bufio.NewReader(c)
		for {
			line, err := r.ReadString('\n')
			switch {
			case err != nil:
				return
			case strings.HasPrefix(line, "EHLO"):
				io.WriteString(c, "250-me\r\n250 STARTTLS\r\n")
			case strings.HasPrefix(line, "STARTTLS"):
				io.WriteString(c, "220 go ahead\r\n"+inject)
				x := tls.Server(c, config)
				io.Copy(x, x)
				return
			}
		}
	})
}

// RAW-15: connect tls --starttls lands after the upgrade.
func TestConnectStartTLS(t *testing.T) {
	s := openAt(t, smtpServer(t, "").peer(t, "tls"), "tls", "connect", "--starttls", "smtp")
	wantRecv(t, s, "echo\n", "send", "echo\n", "--recv-until", "\n", "-t", "5")
	s.Close()
}

// RAW-14: starttls on an open session, whether its greeting was waited for,
// noticed at the prompt, or taken.
func TestStartTLSGreeting(t *testing.T) {
	for name, before := range map[string]func(protocols.Session){
		"unread": func(protocols.Session) {},
		"seen":   func(s protocols.Session) { wantRecv(t, s, "220-hello\r\n220 ready\r\n", "peek", "-t", "5") },
		"taken":  func(s protocols.Session) { wantRecv(t, s, "220-hello\r\n220 ready\r\n", "recv", "-t", "5") },
	} {
		t.Run(name, func(t *testing.T) {
			s := openAt(t, smtpServer(t, "").peer(t, "tcp"), "tcp", "connect")
			before(s)
			if m := must(t, s, "starttls", "smtp").(verb.Message).Message(); !strings.Contains(m, "verified") {
				t.Errorf("%q", m)
			}
			wantRecv(t, s, "echo\n", "send", "echo\n", "--recv-until", "\n", "-t", "5")
			if _, err := run(t.Context(), s, "starttls"); fault.Of(err) != fault.Usage {
				t.Errorf("again: %v", err)
			}
			s.Close()
		})
	}
}

// S01: what was said in the clear is not taken for what is said under TLS.
func TestStartTLSInjected(t *testing.T) {
	s := openAt(t, smtpServer(t, "250 injected\r\n").peer(t, "tcp"), "tcp", "connect")
	if _, err := run(t.Context(), s, "starttls", "smtp"); fault.Of(err) != fault.TLSRequired {
		t.Errorf("behind the go-ahead: %v", err)
	}
	s.Close()
	p, c := pipe(t)
	io.WriteString(c, "not a greeting\r\n")
	wantRecv(t, p, "not a greeting\r\n", "peek", "-t", "5")
	for _, line := range []string{"starttls", "starttls smtp"} {
		if _, err := run(t.Context(), p, strings.Fields(line)...); fault.Of(err) != fault.TLSRequired {
			t.Errorf("%s: %v", line, err)
		}
	}
	wantRecv(t, p, "not a greeting\r\n", "recv") // nothing was lost, nothing was sent
	must(t, p, "shutdown", "write")
	if got, _ := io.ReadAll(c); len(got) > 0 {
		t.Errorf("sent %q", got)
	}
}
