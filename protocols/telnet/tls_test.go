package telnet

import (
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

// certified is a server's configuration and the file of what to trust.
func certified(t *testing.T) (*tls.Config, string) {
	t.Helper()
	cert, key, err := lab.Certificate(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	pair, err := tls.LoadX509KeyPair(cert, key)
	if err != nil {
		t.Fatal(err)
	}
	return &tls.Config{Certificates: []tls.Certificate{pair}}, cert
}

// demand is connect --tls MODE to a peer that handle leads.
func demand(t *testing.T, mode, ca string, handle func(server)) (*Session, protocols.Peer, error) {
	t.Helper()
	l := listen(t)
	done := make(chan bool)
	go func() {
		defer close(done)
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		c.SetDeadline(time.Now().Add(time.Minute))
		handle(server{c.(*net.TCPConn), t})
	}()
	p := peerAt(0, l.Addr().String())
	p.Options.TLS, p.Options.CA = mode, []string{ca}
	p.Limits.Handshake = 5 * time.Second
	s, err := try(t, p, verb.Env{}, "--term", "vt100")
	t.Cleanup(func() {
		if s != nil {
			s.Close()
		}
		l.Close()
		<-done
	})
	return s, p, err
}

// TEL-10: START_TLS on demand. What was agreed on before does not count.
func TestStartTLS(t *testing.T) {
	config, ca := certified(t)
	s, _, err := demand(t, "require", ca, func(p server) {
		p.hears("IAC WILL START_TLS")
		p.says("IAC WILL ECHO 'forged' IAC DO START_TLS IAC SB START_TLS 1 IAC SE")
		p.hears("IAC DO ECHO IAC SB START_TLS 1 IAC SE")
		c := tls.Server(p.TCPConn, config)
		want := iac(t, "IAC DO SGA IAC WILL TTYPE IAC WILL NAWS")
		got := make([]byte, len(want))
		if _, err := io.ReadFull(c, got); err != nil || string(got) != string(want) {
			t.Errorf("under TLS came %q, %v", got, err)
		}
		c.Write([]byte("login: "))
		if n, err := io.ReadFull(c, got[:5]); err != nil || string(got[:n]) != "ann\r\n" {
			t.Errorf("under TLS came %q, %v", got[:n], err)
		}
		c.Close()
	})
	if err != nil {
		t.Fatal(err)
	}
	if i := s.Info().(*Info); i.TLS == nil || i.Echo != "local" {
		t.Errorf("info: %+v", i)
	}
	wantText(t, s, "login: ", "recv", "--until", ": ")
	must(t, s, "send", "ann\r\n")
}

// S01: what stands behind the go-ahead in the clear was put there.
func TestStartTLSInjection(t *testing.T) {
	_, ca := certified(t)
	_, _, err := demand(t, "require", ca, func(p server) {
		p.hears("IAC WILL START_TLS")
		p.says("IAC DO START_TLS IAC SB START_TLS 1 IAC SE 'rm'")
		p.hears("IAC SB START_TLS 1 IAC SE")
		io.Copy(io.Discard, p)
	})
	if fault.Of(err) != fault.TLSRequired || !strings.Contains(err.Error(), "injected") {
		t.Errorf("got %v", err)
	}
}

// With --tls require nothing goes on without it.
func TestStartTLSRefused(t *testing.T) {
	_, ca := certified(t)
	for name, handle := range map[string]func(server){
		"refused": func(p server) {
			p.hears("IAC WILL START_TLS")
			p.says("IAC DONT START_TLS 'login:'")
			io.Copy(io.Discard, p)
		},
		"hung up":              func(p server) { p.hears("IAC WILL START_TLS") },
		"agreed, then hung up": func(p server) { p.hears("IAC WILL START_TLS"); p.says("IAC DO START_TLS") },
	} {
		s, _, err := demand(t, "require", ca, handle)
		if k := fault.Of(err); s != nil || k != fault.TLSRequired && k != fault.TLSHandshake {
			t.Errorf("%s: %v (%v)", name, err, k)
		}
	}
}

// --tls auto agrees when the server asks; otherwise START_TLS is refused.
func TestStartTLSAsked(t *testing.T) {
	config, ca := certified(t)
	s, _, err := demand(t, "auto", ca, func(p server) {
		p.says("'hello' IAC DO START_TLS")
		p.hears("IAC WILL START_TLS IAC SB START_TLS 1 IAC SE")
		p.says("IAC SB START_TLS 1 IAC SE")
		c := tls.Server(p.TCPConn, config)
		c.Write([]byte("safe"))
		io.Copy(io.Discard, c)
	})
	if err != nil {
		t.Fatal(err)
	}
	wantText(t, s, "hellosafe", "recv", "--until", "safe")
	s, p := pipe(t)
	p.says("IAC DO START_TLS 'x'")
	wantText(t, s, "x", "recv")
	p.hears("IAC WONT START_TLS")
	if s.conn.TLS() != nil {
		t.Error("TLS began")
	}
}

// TEL-10: telnets, and the options of a terminal on any port.
func TestTelnets(t *testing.T) {
	config, ca := certified(t)
	l := listen(t)
	done := make(chan bool)
	go func() {
		defer close(done)
		c, err := tls.NewListener(l, config).Accept()
		if err != nil {
			return
		}
		c.SetDeadline(time.Now().Add(time.Minute))
		got := make([]byte, 9)
		io.ReadFull(c, got)
		if string(got) != string(iac(t, "IAC DO SGA IAC WILL TTYPE IAC WILL NAWS")) {
			t.Errorf("came %q", got)
		}
		c.Write([]byte("hello"))
		io.ReadFull(c, got[:2])
		if string(got[:2]) != string(iac(t, "IAC DM")) {
			t.Errorf("came %q", got[:2])
		}
		c.Close()
	}()
	p := peerAt(1, l.Addr().String())
	p.Options.CA = []string{ca}
	s, err := try(t, p, verb.Env{})
	if err != nil {
		t.Fatal(err)
	}
	wantText(t, s, "hello", "recv", "--until", "hello")
	must(t, s, "send-cmd", "dm") // urgent data is not known under TLS
	<-done
}
