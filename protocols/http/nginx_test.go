package http

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/lab"
	"wireline/protocols/wire"
)

// clientCert is a file with a certificate for ann and its key.
func clientCert(t *testing.T) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	cert := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "ann"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, cert, cert, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	text := append(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})...)
	file := filepath.Join(t.TempDir(), "ann.pem")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// HTTP-09, 11, 12, 19 against nginx.
func TestNginxFull(t *testing.T) {
	text := strings.Repeat("from nginx\n", 1000)
	r := lab.Start(t, lab.NginxFull(map[string]string{"a.txt": text}))
	cert, err := r.Cert()
	if err != nil {
		t.Fatal(err)
	}
	at := func(name string) string {
		port, err := r.PortOf(name)
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprintf("https://%s:%d/", r.Host, port)
	}
	for _, c := range []struct {
		base    string
		words   []string
		want    string
		version string
		kind    *fault.Kind
	}{
		{r.URL, []string{"a.txt"}, text, "HTTP/1.1", nil},
		{r.URL, []string{"a.txt", "--http", "1.0"}, text, "HTTP/1.1", nil}, // nginx says 1.1 all the same
		{r.URL, []string{"a.txt", "--compressed"}, text, "HTTP/1.1", nil},
		{r.URL, []string{"a.txt", "--range", "0-3"}, "from", "HTTP/1.1", nil},
		{r.URL, []string{"a.txt", "--from", "10995"}, "ginx\n", "HTTP/1.1", nil},
		{r.URL, []string{"a.txt", "--from", "11000"}, "", "HTTP/1.1", nil},
		{r.URL, []string{"a.txt", "--from", "20000"}, "", "HTTP/1.1", fault.ResumeMismatch},
		{r.URL, []string{"private/x"}, "", "HTTP/1.1", fault.Refused},
		{r.URL, []string{"private/x", "-u", "ann:secret"}, text, "HTTP/1.1", nil},
		{r.URL, []string{"private/x", "-u", "ann:wrong"}, "", "HTTP/1.1", fault.Login},
		{"http://virtual.example/", []string{"a.txt", "--unix-socket", r.Path("nginx.sock")}, text, "HTTP/1.1", nil},
		{at("tls"), []string{"a.txt"}, text, "HTTP/1.1", nil},
		{at("tls"), []string{"a.txt", "--http", "2"}, text, "HTTP/2", nil},
		{at("tls"), []string{"a.txt", "--http", "2", "--compressed"}, text, "HTTP/2", nil},
		{at("tls"), []string{"a.txt", "--http", "2", "--range", "0-3"}, "from", "HTTP/2", nil},
	} {
		d := &wire.Dialer{Options: wire.Options{CA: []string{cert}}}
		s := open(t, d, c.base)
		for range 2 {
			got, err := do(t, s, "get", c.words...)
			if fault.Of(err) != c.kind || err == nil && got != c.want {
				t.Errorf("%s %v: %d bytes, %v; want %d bytes, %v", c.base, c.words, len(got), err, len(c.want), c.kind)
			}
		}
		if s.last == nil || s.last.Version != c.version {
			t.Errorf("%s %v: %+v", c.base, c.words, s.last)
		}
	}
	// C01: the certificate is for the session's own server.
	with := wire.Options{CA: []string{cert}, Cert: clientCert(t)}
	for base, shown := range map[string]bool{at("mutual"): true, at("tls"): false} {
		s := open(t, &wire.Dialer{Options: with}, base)
		got, err := do(t, s, "get", at("mutual"))
		if err != nil || strings.Contains(got, "CN=ann") != shown {
			t.Errorf("from %s: %q, %v", base, got, err)
		}
	}
}
