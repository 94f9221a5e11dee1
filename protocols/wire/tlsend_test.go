package wire

import (
	"crypto/tls"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"wireline/protocols/fault"
	"wireline/protocols/lab"
)

// S13: the environment alone writes no secrets.
func TestKeyLogEnvironment(t *testing.T) {
	file := filepath.Join(t.TempDir(), "keys")
	t.Setenv("SSLKEYLOGFILE", file)
	ca := newCA(t)
	var warned string
	if _, err := dialTLS(t, &Dialer{Options: Options{CA: []string{ca.file}}, Warn: func(s string) { warned += s }}, serveTLS(t, ca.server(t, nil), echo)); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(file); err == nil || !strings.Contains(warned, "--keylog") {
		t.Errorf("warned %q, file %v", warned, err)
	}
}

// T17: an end that TLS has not announced can be told from one that it has.
func TestTruncated(t *testing.T) {
	ca := newCA(t)
	for _, cut := range []bool{false, true} {
		cfg := ca.server(t, nil)
		address := serve(t, func(c net.Conn) {
			s := tls.Server(c, cfg)
			io.WriteString(s, "part")
			if cut {
				c.(*net.TCPConn).CloseWrite()
			} else {
				s.CloseWrite()
			}
			io.Copy(io.Discard, s)
		})
		c, err := dialTLS(t, &Dialer{Options: Options{CA: []string{ca.file}}}, address)
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(c)
		if string(b) != "part" || err != nil || c.Truncated() != cut {
			t.Errorf("cut %v: got %q, %v, truncated %v", cut, b, err, c.Truncated())
		}
	}
}

// S10: sessions of TLS are a Dialer's own.
func TestTicketsAreNotShared(t *testing.T) {
	ca := newCA(t)
	address := serveTLS(t, ca.server(t, nil), echo)
	b := make([]byte, 1)
	for range 2 {
		c, err := dialTLS(t, &Dialer{Options: Options{CA: []string{ca.file}}}, address)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(c, "x")
		io.ReadFull(c, b)
		if c.Info().TLS.Resumed {
			t.Error("resumed from another dialer's session")
		}
	}
}

// T18: a server that speaks of the connection for ever, and never on it, is
// left (CVE-2026-56862).
func TestPostHandshakeFlood(t *testing.T) {
	r := lab.Start(t, lab.OpenSSL("-num_tickets", "200"))
	d := &Dialer{Options: Options{CA: []string{r.Path("cert.pem")}}}
	c, err := dialTLS(t, d, r.Addr())
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Read(make([]byte, 1))
	wantFault(t, err, fault.Recv, "too many")
	if _, err := c.Read(make([]byte, 1)); err == nil {
		t.Error("reading goes on")
	}
}
