package http

import (
	"crypto/tls"
	"encoding/pem"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
)

// brokenOff is a server that says something to each client, and then resets
// the connection, closes it, or says no more.
func brokenOff(t *testing.T, text, end string) string {
	return peer(t, func(c net.Conn, _ *http.Request) {
		io.WriteString(c, text)
		switch end {
		case "reset":
			c.(*net.TCPConn).SetLinger(0)
		case "stall":
			io.Copy(io.Discard, c)
		}
	})
}

// cutBelowTLS is a server that says something under TLS, and ends TLS as it
// should, or only the connection below. The file holds its certificate.
func cutBelowTLS(t *testing.T, text string, cut bool) (addr, file string) {
	t.Helper()
	made := httptest.NewUnstartedServer(nil)
	made.StartTLS()
	cert := made.TLS.Certificates[0]
	made.Close()
	file = filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert.Certificate[0]}), 0o600); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	done := make(chan struct{})
	go func() {
		defer close(done)
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		s := tls.Server(c, &tls.Config{Certificates: []tls.Certificate{cert}})
		room := make([]byte, 4096)
		if _, err := s.Read(room); err != nil {
			return
		}
		io.WriteString(s, text)
		if cut {
			c.(*net.TCPConn).CloseWrite()
		} else {
			s.CloseWrite()
		}
		io.Copy(io.Discard, c)
	}()
	t.Cleanup(func() { l.Close(); <-done })
	return l.Addr().String(), file
}
