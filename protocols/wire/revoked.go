package wire

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"math/big"
	"slices"
	"time"
)

// A stapled answer of OCSP (RFC 6960, section 4.2.1), as far as it is looked
// at.
type (
	ocspResponse struct {
		Status asn1.Enumerated
		Bytes  struct {
			Type     asn1.ObjectIdentifier
			Response []byte
		} `asn1:"explicit,tag:0,optional"`
	}
	ocspBasic struct {
		Data      ocspData
		Algorithm pkix.AlgorithmIdentifier
		Signature asn1.BitString
		Certs     []asn1.RawValue `asn1:"explicit,tag:0,optional"`
	}
	ocspData struct {
		Raw       asn1.RawContent
		Version   int `asn1:"explicit,tag:0,optional,default:0"`
		Responder asn1.RawValue
		Produced  time.Time `asn1:"generalized"`
		Responses []ocspSingle
	}
	ocspSingle struct {
		Cert struct {
			Hash            pkix.AlgorithmIdentifier
			Issuer, KeyHash []byte
			Serial          *big.Int
		}
		Good    asn1.Flag `asn1:"tag:0,optional"`
		Revoked struct {
			Time   time.Time       `asn1:"generalized"`
			Reason asn1.Enumerated `asn1:"explicit,tag:0,optional"`
		} `asn1:"tag:1,optional"`
		Unknown asn1.Flag        `asn1:"tag:2,optional"`
		This    time.Time        `asn1:"generalized"`
		Next    time.Time        `asn1:"generalized,explicit,tag:0,optional"`
		More    []pkix.Extension `asn1:"explicit,tag:1,optional"`
	}
)

// revoked tells since when and why its issuer says that a certificate holds
// no longer, or "". What the issuer has not signed counts for nothing, since
// the server could as well have sent no answer at all.
func revoked(staple []byte, leaf, issuer *x509.Certificate) string {
	var r ocspResponse
	var b ocspBasic
	if rest, err := asn1.Unmarshal(staple, &r); err != nil || len(rest) > 0 || r.Status != 0 {
		return ""
	}
	if rest, err := asn1.Unmarshal(r.Bytes.Response, &b); err != nil || len(rest) > 0 || !b.signedFor(issuer) {
		return ""
	}
	for _, s := range b.Data.Responses {
		if s.Cert.Serial == nil || s.Cert.Serial.Cmp(leaf.SerialNumber) != 0 || s.Revoked.Time.IsZero() {
			continue
		}
		why := s.Revoked.Time.UTC().Format("2006-01-02")
		if reasons := revocationReasons(); int(s.Revoked.Reason) < len(reasons) && reasons[s.Revoked.Reason] != "" {
			why += fmt.Sprintf(" (%s)", reasons[s.Revoked.Reason])
		}
		return why
	}
	return ""
}

// signedFor reports whether the issuer of certificates has signed the answer,
// or one whom it has certified for that.
func (b *ocspBasic) signedFor(issuer *x509.Certificate) bool {
	alg := signatureOf(b.Algorithm.Algorithm)
	sig := b.Signature.RightAlign()
	if issuer.CheckSignature(alg, b.Data.Raw, sig) == nil {
		return true
	}
	for _, raw := range b.Certs[:min(4, len(b.Certs))] {
		c, err := x509.ParseCertificate(raw.FullBytes)
		if err == nil && slices.Contains(c.ExtKeyUsage, x509.ExtKeyUsageOCSPSigning) &&
			c.CheckSignatureFrom(issuer) == nil && c.CheckSignature(alg, b.Data.Raw, sig) == nil {
			return true
		}
	}
	return false
}

func signatureOf(oid asn1.ObjectIdentifier) x509.SignatureAlgorithm {
	switch oid.String() {
	case "1.2.840.113549.1.1.11":
		return x509.SHA256WithRSA
	case "1.2.840.113549.1.1.12":
		return x509.SHA384WithRSA
	case "1.2.840.113549.1.1.13":
		return x509.SHA512WithRSA
	case "1.2.840.10045.4.3.2":
		return x509.ECDSAWithSHA256
	case "1.2.840.10045.4.3.3":
		return x509.ECDSAWithSHA384
	case "1.2.840.10045.4.3.4":
		return x509.ECDSAWithSHA512
	case "1.3.101.112":
		return x509.PureEd25519
	}
	return x509.UnknownSignatureAlgorithm
}

// revocationReasons are those of RFC 5280, section 5.3.1, by number.
func revocationReasons() []string {
	return []string{1: "the key is compromised", "the authority is compromised", "the affiliation has changed",
		"it is superseded", "it is no longer used", "it is on hold", 9: "the privilege was withdrawn", "the authority is compromised"}
}
