package wire

import (
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"strings"
	"time"
)

// TLSInfo is what was agreed on in a handshake.
type TLSInfo struct {
	Version    string     `json:"version"` // "1.3"
	Cipher     string     `json:"cipher"`
	ALPN       string     `json:"alpn"`
	ServerName string     `json:"server_name,omitempty"`
	Verified   bool       `json:"verified"`
	SPKI       string     `json:"spki_sha256,omitempty"` // "sha256/BASE64", as --pin takes it
	NotAfter   time.Time  `json:"not_after,omitzero"`
	DaysLeft   int        `json:"days"`
	Resumed    bool       `json:"resumed"`
	Chain      []CertInfo `json:"chain,omitempty"`
}

// CertInfo is a certificate for people.
type CertInfo struct {
	Subject   string    `json:"subject"`
	Issuer    string    `json:"issuer"`
	Names     []string  `json:"names,omitempty"`
	NotBefore time.Time `json:"not_before" show:"wide"`
	NotAfter  time.Time `json:"not_after" show:"wide"`
	DaysLeft  int       `json:"days_left"`
	Serial    string    `json:"serial" show:"wide"`
	KeyType   string    `json:"key" show:"wide"`
	Signature string    `json:"signature" show:"wide"`
	SHA256    string    `json:"sha256" show:"wide"` // of the certificate, in hexadecimal
	SPKI      string    `json:"spki_sha256" show:"wide"`
}

// DescribeTLS is the TLSInfo of a connection whose handshake someone else has
// made with the policy of d.
func (d *Dialer) DescribeTLS(cs *tls.ConnectionState) *TLSInfo {
	t := &TLSInfo{
		Version:    strings.TrimPrefix(tls.VersionName(cs.Version), "TLS "),
		Cipher:     tls.CipherSuiteName(cs.CipherSuite),
		ALPN:       cs.NegotiatedProtocol,
		ServerName: cs.ServerName,
		Resumed:    cs.DidResume,
	}
	for _, c := range cs.PeerCertificates {
		t.Chain = append(t.Chain, describe(c))
	}
	if len(t.Chain) > 0 {
		t.SPKI, t.NotAfter, t.DaysLeft = t.Chain[0].SPKI, t.Chain[0].NotAfter, t.Chain[0].DaysLeft
		t.Verified = !d.Options.Insecure
		if d.Options.Insecure {
			p := policy{d: d, host: cs.ServerName}
			var err error
			if p.roots, err = rootsFrom(d.Options.CA); err == nil {
				t.Verified = p.check(cs.PeerCertificates, cs.OCSPResponse) == nil
			}
		}
	}
	return t
}

func describe(c *x509.Certificate) CertInfo {
	sum := sha256.Sum256(c.Raw)
	return CertInfo{
		Subject: c.Subject.String(), Issuer: c.Issuer.String(), Names: namesIn(c),
		NotBefore: c.NotBefore, NotAfter: c.NotAfter, DaysLeft: daysLeft(c.NotAfter),
		Serial: c.SerialNumber.Text(16), KeyType: keyType(c), Signature: c.SignatureAlgorithm.String(),
		SHA256: hex.EncodeToString(sum[:]), SPKI: spkiPin(c),
	}
}

func keyType(c *x509.Certificate) string {
	switch k := c.PublicKey.(type) {
	case *rsa.PublicKey:
		return fmt.Sprintf("RSA %d", k.N.BitLen())
	case *ecdsa.PublicKey:
		return "ECDSA " + k.Curve.Params().Name
	}
	return c.PublicKeyAlgorithm.String()
}
