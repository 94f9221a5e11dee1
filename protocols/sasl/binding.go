package sasl

import (
	"crypto"
	"crypto/tls"
	"crypto/x509"
	"errors"

	// For the hashes of certificates.
	_ "crypto/sha256"
	_ "crypto/sha512"
)

// bindingTo is what proves to a server that nobody sits in the middle: the
// kind of it and the data (RFC 9266). In TLS 1.2 the exporter wants an
// extension that not every server has, so there it is the hash of the server's
// certificate (RFC 5929, section 4).
func bindingTo(cs *tls.ConnectionState) (kind string, data []byte, err error) {
	switch {
	case cs == nil:
		return "", nil, errors.New("there is none")
	case cs.Version >= tls.VersionTLS13:
		data, err = cs.ExportKeyingMaterial("EXPORTER-Channel-Binding", nil, 32)
		return "tls-exporter", data, err
	case len(cs.PeerCertificates) == 0:
		return "", nil, errors.New("the server has no certificate")
	}
	cert := cs.PeerCertificates[0]
	h := crypto.SHA256 // also where the signature has the weaker MD5 or SHA-1
	switch cert.SignatureAlgorithm {
	case x509.SHA384WithRSA, x509.ECDSAWithSHA384, x509.SHA384WithRSAPSS:
		h = crypto.SHA384
	case x509.SHA512WithRSA, x509.ECDSAWithSHA512, x509.SHA512WithRSAPSS:
		h = crypto.SHA512
	case x509.PureEd25519, x509.UnknownSignatureAlgorithm:
		return "", nil, errors.New("no hash belongs to the signature of the server's certificate")
	}
	sum := h.New()
	sum.Write(cert.Raw)
	return "tls-server-end-point", sum.Sum(nil), nil
}
