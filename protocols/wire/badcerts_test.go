package wire

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/lab"
)

// A badCert is a server's certificate that is refused.
type badCert struct {
	name  string
	cfg   *tls.Config
	host  string   // that is asked for; "" is localhost
	words []string // of the reason
	never bool     // crypto/tls does not go on with it, whatever the policy
}

// badCerts are the ways for a certificate to be wrong (S07), in a world that
// trusts ca.
func badCerts(t *testing.T, ca *authority) []badCert {
	other := newCA(t)
	middle := &authority{}
	middle.cert, middle.key = issue(t, ca, func(c *x509.Certificate) {
		c.Subject.CommonName, c.IsCA, c.BasicConstraintsValid, c.KeyUsage = "Middle CA", true, true, x509.KeyUsageCertSign
		c.PermittedDNSDomains = []string{"allowed.test"}
	}, nil)
	gone := &authority{}
	gone.cert, gone.key = issue(t, ca, func(c *x509.Certificate) {
		c.Subject.CommonName, c.IsCA, c.BasicConstraintsValid, c.KeyUsage = "Old CA", true, true, x509.KeyUsageCertSign
		c.NotAfter = time.Now().Add(-time.Minute)
	}, nil)
	small, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	tiny, _ := issue(t, ca, nil, &small.PublicKey)
	self, selfKey := issue(t, nil, nil, nil)
	named := func(names ...string) func(*x509.Certificate) {
		return func(c *x509.Certificate) { c.DNSNames, c.IPAddresses = names, nil }
	}
	return []badCert{
		{name: "expired", cfg: ca.server(t, func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-30 * time.Hour) }), words: []string{"expired on", "2 days ago"}},
		{name: "not yet valid", cfg: ca.server(t, func(c *x509.Certificate) { c.NotBefore = time.Now().Add(time.Hour) }), words: []string{"not valid before", "clock"}},
		{name: "wrong host", cfg: ca.server(t, func(c *x509.Certificate) { c.DNSNames = []string{"a.test", "b.test"} }), words: []string{"for a.test, b.test, 127.0.0.1, not for localhost", "--sni"}},
		{name: "IP address without its name", cfg: ca.server(t, named("localhost")), host: "127.0.0.1", words: []string{"for localhost, not for 127.0.0.1"}},
		{name: "IP address as a DNS name", cfg: ca.server(t, named("127.0.0.1")), host: "127.0.0.1", words: []string{"not for 127.0.0.1"}},
		{name: "wildcard over two labels", cfg: ca.server(t, named("*.test")), host: "a.b.test", words: []string{"*.test", "not for a.b.test"}},
		{name: "wildcard alone", cfg: ca.server(t, named("*")), host: "localhost", words: []string{"not for localhost"}},
		{name: "NUL in a name", cfg: ca.server(t, named("localhost\x00.evil.test")), words: []string{`localhost\x00.evil.test, not for localhost`}},
		{name: "only a common name", cfg: ca.server(t, func(c *x509.Certificate) { c.DNSNames, c.IPAddresses, c.Subject.CommonName = nil, nil, "localhost" }), words: []string{"names no host", `"localhost"`}},
		{name: "self-signed", cfg: certified(selfKey, self), words: []string{"self-signed", "--ca", "--pin sha256/"}},
		{name: "unknown issuer", cfg: other.server(t, nil), words: []string{"the issuer", "Test CA"}},
		{name: "incomplete chain", cfg: middle.server(t, nil), words: []string{"Middle CA", "intermediate"}},
		{name: "name constraint", cfg: chain(middle.server(t, nil), middle), words: []string{"may not issue for this name"}},
		{name: "issuer expired", cfg: chain(gone.server(t, nil), gone), words: []string{"the issuer Old CA", "not valid now"}},
		{name: "issuer not an authority", cfg: notAuthority(t, ca), words: []string{"may not issue"}},
		{name: "wrong usage", cfg: ca.server(t, func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth} }), words: []string{"not meant for servers"}},
		{name: "RSA 1024", cfg: &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{tiny.Raw}, PrivateKey: small}}}, words: []string{"1024 bits"}, never: true},
		{name: "SHA-1", cfg: ca.server(t, func(c *x509.Certificate) { c.SignatureAlgorithm = x509.ECDSAWithSHA1 }), words: []string{"signed with ECDSA-SHA1", "broken"}},
		{name: "SHA-1 within the chain", cfg: sha1Chain(t, ca), words: []string{"Weak CA is signed with ECDSA-SHA1"}},
		{name: "revoked", cfg: stapled(t, ca, "R"), words: []string{"revoked by its issuer on 2026-01-02", "the key is compromised"}},
		{name: "RSA 1024 issuer", cfg: weakIssuer(t, ca), words: []string{"Small CA has 1024 bits"}},
	}
}

// rsaServer has a key with which the old suites would do.
func rsaServer(t *testing.T, ca *authority) *tls.Config {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	cert, _ := issue(t, ca, nil, &key.PublicKey)
	return certified(key, cert)
}

func certified(key any, chain ...*x509.Certificate) *tls.Config {
	pair := tls.Certificate{PrivateKey: key}
	for _, c := range chain {
		pair.Certificate = append(pair.Certificate, c.Raw)
	}
	return &tls.Config{Certificates: []tls.Certificate{pair}}
}

func chain(cfg *tls.Config, more *authority) *tls.Config {
	cfg.Certificates[0].Certificate = append(cfg.Certificates[0].Certificate, more.cert.Raw)
	return cfg
}

// notAuthority is a chain whose middle is not allowed to sign.
func notAuthority(t *testing.T, ca *authority) *tls.Config {
	bad := &authority{}
	bad.cert, bad.key = issue(t, ca, func(c *x509.Certificate) {
		c.Subject.CommonName, c.BasicConstraintsValid, c.IsCA = "Not a CA", true, false
		c.ExtKeyUsage = nil
	}, nil)
	return chain(bad.server(t, nil), bad)
}

func sha1Chain(t *testing.T, ca *authority) *tls.Config {
	weak := &authority{}
	weak.cert, weak.key = issue(t, ca, func(c *x509.Certificate) {
		c.Subject.CommonName, c.IsCA, c.BasicConstraintsValid, c.KeyUsage = "Weak CA", true, true, x509.KeyUsageCertSign
		c.SignatureAlgorithm = x509.ECDSAWithSHA1
	}, nil)
	return chain(weak.server(t, nil), weak)
}

// weakIssuer is a chain whose middle has a key that is too short.
func weakIssuer(t *testing.T, ca *authority) *tls.Config {
	key, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	small, _ := issue(t, ca, func(c *x509.Certificate) {
		c.Subject.CommonName, c.IsCA, c.BasicConstraintsValid, c.KeyUsage = "Small CA", true, true, x509.KeyUsageCertSign
	}, &key.PublicKey)
	own, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	leaf, _ := issue(t, nil, nil, nil)
	leaf.SignatureAlgorithm = x509.SHA256WithRSA
	der, err := x509.CreateCertificate(rand.Reader, leaf, small, &own.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return certified(own, signed, small)
}

// stapled is a good certificate with an answer of OCSP, made by openssl: V
// for valid, R for revoked.
func stapled(t *testing.T, ca *authority, status string) *tls.Config {
	dir := t.TempDir()
	cfg := ca.server(t, nil)
	leaf, err := x509.ParseCertificate(cfg.Certificates[0].Certificate[0])
	if err != nil {
		t.Fatal(err)
	}
	in := func(name string) string { return filepath.Join(dir, name) }
	writePEM(t, in("ca.pem"), ca.cert.Raw, ca.key)
	writePEM(t, in("leaf.pem"), leaf.Raw, nil)
	serial := leaf.SerialNumber.Text(16)
	if len(serial)%2 > 0 {
		serial = "0" + serial
	}
	since := ""
	if status == "R" {
		since = "260102030405Z,keyCompromise"
	}
	line := fmt.Sprintf("%s\t491231235959Z\t%s\t%s\tunknown\t/CN=server\n", status, since, strings.ToUpper(serial))
	if err := os.WriteFile(in("index"), []byte(line), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := lab.Command(t, "openssl", "ocsp", "-index", in("index"), "-CA", in("ca.pem"), "-rsigner", in("ca.pem"),
		"-issuer", in("ca.pem"), "-cert", in("leaf.pem"), "-respout", in("answer"), "-noverify", "-ndays", "1")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("openssl ocsp: %v\n%s", err, out)
	}
	if cfg.Certificates[0].OCSPStaple, err = os.ReadFile(in("answer")); err != nil {
		t.Fatal(err)
	}
	return cfg
}

// S07, X-15: each way for a certificate to be wrong, on each way to TLS, is
// refused with its reason, and accepted, loudly, with -k.
func TestBadCertificates(t *testing.T) {
	ca := newCA(t)
	for _, x := range badCerts(t, ca) {
		t.Run(x.name, func(t *testing.T) {
			port := strings.TrimPrefix(serveTLS(t, x.cfg, echo), "127.0.0.1:")
			to := at(orLocalhost(x.host) + ":" + port)
			to.Scheme = tlsScheme
			o := Options{CA: []string{ca.file}, Resolve: []string{"*:" + port + ":127.0.0.1"}}
			_, err := (&Dialer{Options: o}).Dial(t.Context(), to)
			kind := fault.TLSCert
			wantFault(t, err, kind, append(x.words, "tls: ")...)
			for _, u := range upgradeCases {
				port := strings.TrimPrefix(serve(t, upgrades(x.cfg, u)), "127.0.0.1:")
				o := Options{CA: []string{ca.file}, Resolve: []string{"*:" + port + ":127.0.0.1"}, TLS: "require"}
				to := at(orLocalhost(x.host) + ":" + port)
				to.Scheme = Scheme{Name: u.u.Name, Security: StartTLS, Upgrade: u.u}
				_, err := (&Dialer{Options: o}).Dial(t.Context(), to)
				wantFault(t, err, kind, x.words...)
			}
			if x.never {
				return
			}
			var warned []string
			o.Insecure = true
			d := &Dialer{Options: o, Warn: func(s string) { warned = append(warned, s) }}
			for range 2 {
				c, err := d.Dial(t.Context(), to)
				if err != nil {
					t.Fatal(err)
				}
				defer c.Close()
				if c.Info().TLS.Verified {
					t.Error("it says verified")
				}
			}
			if len(warned) != 2 || !strings.Contains(warned[1], "-k") || !strings.Contains(warned[0], x.words[0]) {
				t.Errorf("warned %q", warned)
			}
		})
	}
}

func orLocalhost(host string) string {
	if host == "" {
		return "localhost"
	}
	return host
}

// upgrades is a server that goes through the dialogue of an upgrade and then
// speaks TLS.
func upgrades(cfg *tls.Config, u upgradeCase) func(net.Conn) {
	return func(c net.Conn) {
		io.WriteString(c, u.good[0])
		r := bufio.NewReader(c)
		for _, reply := range u.good[1:] {
			if _, err := r.ReadString('\n'); err != nil {
				return
			}
			text, secure := strings.CutSuffix(reply, "TLS")
			io.WriteString(c, text)
			if secure {
				s := tls.Server(c, cfg)
				if s.Handshake() == nil {
					io.Copy(io.Discard, s)
				}
				return
			}
		}
	}
}

// A staple that says that all is well changes nothing, nor does one by
// somebody else.
func TestStapled(t *testing.T) {
	ca, other := newCA(t), newCA(t)
	good := stapled(t, ca, "V")
	forged := stapled(t, ca, "V")
	forged.Certificates[0].OCSPStaple = stapled(t, other, "R").Certificates[0].OCSPStaple
	cut := stapled(t, ca, "R")
	cut.Certificates[0].OCSPStaple = cut.Certificates[0].OCSPStaple[:100]
	for name, cfg := range map[string]*tls.Config{"valid": good, "forged": forged, "cut": cut} {
		if _, err := dialTLS(t, &Dialer{Options: Options{CA: []string{ca.file}}}, serveTLS(t, cfg, echo)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
