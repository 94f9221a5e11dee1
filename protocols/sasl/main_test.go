package sasl

import (
	"crypto/tls"
	"net"
	"testing"

	"go.uber.org/goleak"

	"wireline/protocols/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// handshake gives what both ends know of a TLS connection.
func handshake(t *testing.T, pair tls.Certificate, version uint16) (client, server *tls.ConnectionState) {
	t.Helper()
	a, b := net.Pipe()
	defer a.Close()
	defer b.Close()
	s := tls.Server(b, &tls.Config{Certificates: []tls.Certificate{pair}, MaxVersion: version})
	done := make(chan error, 1)
	go func() { done <- s.Handshake() }()
	c := tls.Client(a, &tls.Config{InsecureSkipVerify: true, MaxVersion: version})
	if err := c.Handshake(); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	cs, ss := c.ConnectionState(), s.ConnectionState()
	return &cs, &ss
}

// C09: what is private.
func TestOver(t *testing.T) {
	for addr, want := range map[string]bool{"127.0.0.1:25": true, "[::1]:25": true, "192.0.2.1:25": false, "10.0.0.1:25": false} {
		a, b := net.Pipe()
		tcp, err := net.ResolveTCPAddr("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		d := &wire.Dialer{}
		if got := Over(d.Own(at{a, tcp})).Private; got != want {
			t.Errorf("%s: %v", addr, got)
		}
		d = &wire.Dialer{Options: wire.Options{Cleartext: true}}
		if !Over(d.Own(at{a, tcp})).Private {
			t.Errorf("%s: the user does not mind", addr)
		}
		b.Close()
		a.Close()
	}
}

// at is a connection from elsewhere.
type at struct {
	net.Conn
	addr net.Addr
}

func (a at) RemoteAddr() net.Addr { return a.addr }
func (a at) LocalAddr() net.Addr  { return a.addr }
