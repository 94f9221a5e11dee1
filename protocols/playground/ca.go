package playground

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// identity is a certificate authority that lives as long as its world, and
// the one certificate that it issued. It is made when first asked for.
type identity struct {
	once sync.Once
	ca   []byte // DER
	leaf tls.Certificate
	err  error
}

// CA is the certificate, as PEM, that the TLS servers of the world are to be
// trusted by, and its SHA-256 fingerprint, as openssl x509 -fingerprint
// prints it. A world that could not make one gives none.
func (w *World) CA() (pemFile []byte, fingerprint string) {
	if w.identity.make(); w.identity.err != nil {
		return nil, ""
	}
	sum := sha256.Sum256(w.identity.ca)
	hexes := make([]string, len(sum))
	for i, b := range sum {
		hexes[i] = strings.ToUpper(hex.EncodeToString([]byte{b}))
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: w.identity.ca}), strings.Join(hexes, ":")
}

// CAFile is a file with the certificate of CA, for those who want to be given
// a name, such as wire.Options.CA and curl. It is gone with the world.
func (w *World) CAFile() (string, error) {
	pemFile, _ := w.CA()
	if pemFile == nil {
		return "", w.identity.err
	}
	name := filepath.Join(w.dir, "ca.pem")
	return name, os.WriteFile(name, pemFile, 0o600)
}

func (id *identity) config(alpn []string) *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS12,
		NextProtos: alpn,
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
			id.make()
			return &id.leaf, id.err
		},
	}
}

func (id *identity) make() {
	id.once.Do(func() { id.err = id.issue() })
}

func (id *identity) issue() error {
	caKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	now := time.Now()
	ca := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		Subject:      pkix.Name{CommonName: "wireline playground CA"},
		NotBefore:    now.Add(-time.Hour), NotAfter: now.AddDate(0, 0, 30),
		IsCA: true, BasicConstraintsValid: true, MaxPathLenZero: true,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(now.UnixNano()),
		Subject:      pkix.Name{CommonName: "localhost"},
		NotBefore:    ca.NotBefore, NotAfter: ca.NotAfter,
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	for _, h := range hosts() {
		if ip := net.ParseIP(h); ip != nil {
			leaf.IPAddresses = append(leaf.IPAddresses, ip)
		} else {
			leaf.DNSNames = append(leaf.DNSNames, h)
		}
	}
	if id.ca, err = x509.CreateCertificate(rand.Reader, ca, ca, caKey.Public(), caKey); err != nil {
		return err
	}
	// The issuer's key id is in the issued certificate only if it is read back.
	if ca, err = x509.ParseCertificate(id.ca); err != nil {
		return err
	}
	der, err := x509.CreateCertificate(rand.Reader, leaf, ca, key.Public(), caKey)
	id.leaf = tls.Certificate{Certificate: [][]byte{der, id.ca}, PrivateKey: key}
	return err
}
