package wire

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"wireline/protocols/fault"
)

// An authority signs certificates for a test.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	file string
}

func newCA(t testing.TB) *authority {
	t.Helper()
	ca := &authority{}
	ca.cert, ca.key = issue(t, nil, func(c *x509.Certificate) {
		c.Subject.CommonName, c.IsCA, c.BasicConstraintsValid, c.KeyUsage = "Test CA", true, true, x509.KeyUsageCertSign
		c.DNSNames, c.IPAddresses, c.ExtKeyUsage = nil, nil, nil
	}, nil)
	ca.file = filepath.Join(t.TempDir(), "ca.pem")
	writePEM(t, ca.file, ca.cert.Raw, nil)
	return ca
}

func writePEM(t testing.TB, file string, cert []byte, key *ecdsa.PrivateKey) {
	t.Helper()
	b := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert})
	if key != nil {
		der, err := x509.MarshalECPrivateKey(key)
		if err != nil {
			t.Fatal(err)
		}
		b = append(b, pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der})...)
	}
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

// issue makes a certificate for localhost, as changed by f, signed by ca or
// by itself. pub is the key to certify; nil is a new one.
func issue(t testing.TB, ca *authority, f func(*x509.Certificate), pub any) (*x509.Certificate, *ecdsa.PrivateKey) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: "server"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(48 * time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		DNSNames: []string{"localhost", "far.test"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	if f != nil {
		f(c)
	}
	if pub == nil {
		pub = &key.PublicKey
	}
	parent, signer := c, key
	if ca != nil {
		parent, signer = ca.cert, ca.key
	}
	der, err := x509.CreateCertificate(rand.Reader, c, parent, pub, signer)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return cert, key
}

// server is a configuration with a certificate for localhost.
func (ca *authority) server(t testing.TB, f func(*x509.Certificate)) *tls.Config {
	cert, key := issue(t, ca, f, nil)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{cert.Raw}, PrivateKey: key}}}
}

func serveTLS(t testing.TB, cfg *tls.Config, f func(net.Conn)) string {
	t.Helper()
	return serve(t, func(c net.Conn) {
		s := tls.Server(c, cfg)
		defer s.Close()
		f(s)
	})
}

var tlsScheme = Scheme{Name: "imaps", Security: TLS}

func dialTLS(t testing.TB, d *Dialer, address string) (*Conn, error) {
	t.Helper()
	to := at(address)
	to.Scheme = tlsScheme
	c, err := d.Dial(t.Context(), to)
	if err == nil {
		t.Cleanup(func() { c.Close() })
	}
	return c, err
}

// RAW-14, X-15, X-16: what a good handshake is known by, and the policy.
func TestPolicy(t *testing.T) {
	ca := newCA(t)
	cfg := ca.server(t, nil)
	cfg.NextProtos = []string{"imap", "h2"}
	seen := make(chan tls.ConnectionState, 10)
	address := serveTLS(t, cfg, func(c net.Conn) {
		s := c.(*tls.Conn)
		if s.Handshake() == nil {
			seen <- s.ConnectionState()
		}
		echo(c)
	})
	to := "localhost:" + strings.TrimPrefix(address, "127.0.0.1:")
	keys := filepath.Join(t.TempDir(), "keys")
	var rec recorder
	d := &Dialer{Trace: rec.add, Options: Options{CA: []string{filepath.Dir(ca.file)}, ALPN: []string{"imap"}, KeyLog: keys}}
	c, err := dialTLS(t, d, to)
	if err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 4)
	io.WriteString(c, "ping")
	if _, err := io.ReadFull(c, b); string(b) != "ping" {
		t.Fatal(err)
	}
	i := c.Info().TLS
	if i.Version != "1.3" || i.ALPN != "imap" || !i.Verified || i.ServerName != "localhost" || i.DaysLeft != 1 || len(i.Chain) != 1 ||
		!strings.HasPrefix(i.SPKI, "sha256/") || i.Chain[0].KeyType != "ECDSA P-256" || len(i.Chain[0].SHA256) != 64 || i.Resumed {
		t.Errorf("info %+v", i)
	}
	if cs := <-seen; cs.ServerName != "localhost" {
		t.Errorf("asked for %q", cs.ServerName)
	}
	if c.TLS() == nil || d.Timing().TLS <= 0 || rec.data("send") != "ping" || !strings.Contains(rec.notes("tls"), "TLS 1.3") {
		t.Errorf("trace %q, %q", rec.data("send"), rec.notes("tls"))
	}
	if s, err := os.Stat(keys); err != nil || s.Mode().Perm() != 0o600 || s.Size() == 0 {
		t.Errorf("key log: %v, %v", s, err) // D13
	}
	// A further connection resumes, since tickets are shared.
	n, err := d.Next(t.Context(), to, "localhost", true)
	if err != nil {
		t.Fatal(err)
	}
	defer n.Close()
	if n.TLS() != nil {
		t.Error("the handshake did not wait")
	}
	io.WriteString(n, "ping")
	io.ReadFull(n, b)
	if i := n.Info().TLS; i == nil || !i.Resumed {
		t.Errorf("not resumed: %+v", i)
	}
	pin := c.Info().TLS.SPKI
	for name, x := range map[string]struct {
		o     Options
		kind  *fault.Kind
		words string
	}{
		"good pin":       {Options{CA: []string{ca.file}, Pin: []string{pin}}, nil, ""},
		"pin, no CA":     {Options{Pin: []string{pin}}, nil, ""},
		"digest, no CA":  {Options{Pin: []string{c.Info().TLS.Chain[0].SHA256}}, nil, ""},
		"wrong pin":      {Options{CA: []string{ca.file}, Pin: []string{"sha256/" + strings.Repeat("A", 43) + "="}}, fault.TLSCert, "pin"},
		"pin, other SNI": {Options{Pin: []string{pin}, SNI: "wrong.test"}, fault.TLSCert, "not for wrong.test"},
		"bad pin":        {Options{Pin: []string{"x"}}, fault.BadArgument, "--pin"},
		"SNI":            {Options{CA: []string{ca.file}, SNI: "far.test"}, nil, ""},
		"1.2":            {Options{CA: []string{ca.file}, TLSMax: "1.2"}, nil, ""},
		"min over max":   {Options{TLSMin: "1.3", TLSMax: "1.2"}, fault.BadArgument, "--tls-max"},
		"no CA file":     {Options{CA: []string{"/nonexistent"}}, fault.ReadLocal, "/nonexistent"},
		"not a CA file":  {Options{CA: []string{keys}}, fault.ReadLocal, "PEM"},
		"no cert file":   {Options{Cert: "/nonexistent"}, fault.ReadLocal, "/nonexistent"},
		"no common ALPN": {Options{CA: []string{ca.file}, ALPN: []string{"xyz"}}, fault.TLSHandshake, "application protocol"},
		"key log":        {Options{KeyLog: "/nonexistent/x"}, fault.WriteLocal, "/nonexistent/x"},
	} {
		t.Run(name, func(t *testing.T) {
			c, err := dialTLS(t, &Dialer{Options: x.o}, to)
			if x.kind == nil {
				if err != nil {
					t.Fatal(err)
				}
				if name == "1.2" && c.Info().TLS.Version != "1.2" {
					t.Error(c.Info().TLS.Version)
				}
				return
			}
			wantFault(t, err, x.kind, x.words)
		})
	}
}

// a server that wants to know who we are.
func TestClientCertificate(t *testing.T) {
	ca := newCA(t)
	cfg := ca.server(t, nil)
	pool := x509.NewCertPool()
	pool.AddCert(ca.cert)
	cfg.ClientCAs, cfg.ClientAuth = pool, tls.RequireAndVerifyClientCert
	address := serveTLS(t, cfg, says("welcome"))
	mine, key := issue(t, ca, func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth} }, nil)
	file := filepath.Join(t.TempDir(), "me.pem")
	writePEM(t, file, mine.Raw, key)
	c, err := dialTLS(t, &Dialer{Options: Options{CA: []string{ca.file}, Cert: file}}, address)
	if err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 7)
	if _, err := io.ReadFull(c, b); string(b) != "welcome" {
		t.Errorf("got %q, %v", b, err)
	}
	c, err = dialTLS(t, &Dialer{Options: Options{CA: []string{ca.file}}}, address)
	if err == nil { // under TLS 1.3 the server's refusal comes later
		_, err = c.Read(b)
	}
	wantFault(t, err, fault.TLSHandshake, "wants a certificate", "--cert")
}

// S11: TLS to a port that speaks plain text;
// T05: a server that never answers the handshake.
func TestHandshakeFaults(t *testing.T) {
	ca := newCA(t)
	for name, x := range map[string]struct {
		address string
		kind    *fault.Kind
		words   string
	}{
		"plain text": {serve(t, says("* OK IMAP4rev1 ready\r\n")), fault.TLSHandshake, `"* OK "`},
		"hang-up":    {serve(t, func(c net.Conn) { c.Read(make([]byte, 100)) }), fault.TLSHandshake, ""},
		"silence":    {serve(t, silent), fault.Timeout, "no TLS handshake within 200ms"},
	} {
		t.Run(name, func(t *testing.T) {
			d := &Dialer{Options: Options{CA: []string{ca.file}}, Limits: Limits{Handshake: 200 * time.Millisecond}}
			if name != "silence" {
				d.Limits.Handshake = 0
			}
			_, err := dialTLS(t, d, x.address)
			wantFault(t, err, x.kind, x.words, "tls: ")
			if n := len(d.Conns()); n != 0 {
				t.Errorf("%d connections are left open", n)
			}
		})
	}
	d := &Dialer{}
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	to := at(serve(t, silent))
	to.Scheme = tlsScheme
	_, err := d.Dial(ctx, to)
	wantFault(t, err, fault.Interrupt)
}
