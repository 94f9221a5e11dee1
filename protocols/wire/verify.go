package wire

import (
	"bytes"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"wireline/protocols/fault"
)

// A policy is what a server's certificate must fulfil.
type policy struct {
	d     *Dialer
	host  string
	roots *x509.CertPool
	pins  []string
}

// verify checks what crypto/tls has not. A pin that the server's own key
// matches stands in for an issuer that is not known, and for nothing else.
func (p *policy) verify(cs tls.ConnectionState) error {
	err := p.check(cs.PeerCertificates, cs.OCSPResponse)
	if len(p.pins) > 0 && len(cs.PeerCertificates) > 0 {
		own, chain := p.pinned(cs.PeerCertificates)
		switch {
		case !chain:
			leaf := cs.PeerCertificates[0]
			perr := p.bad("the public key is not the pinned one, it is %s", spkiPin(leaf))
			perr.Hint = "if the server has changed its key, pin the new one"
			return perr
		case own && errors.As(err, new(x509.UnknownAuthorityError)):
			err = nil
		}
	}
	if p.d.Options.TOFU && len(p.pins) == 0 && !p.d.Options.Insecure && errors.As(err, new(x509.UnknownAuthorityError)) {
		err = p.firstUse(cs.PeerCertificates[0])
	}
	if p.d.Options.Insecure {
		why := "it would have been accepted anyway"
		if err != nil {
			why = err.(*fault.Error).Text
		}
		p.d.warnOnce(fmt.Sprintf("the certificate of %s is not checked (-k): %s", p.host, why))
		return nil
	}
	return err
}

func (p *policy) bad(format string, a ...any) *fault.Error {
	e := fault.New(fault.TLSCert, format, a...)
	e.Phase, e.At = "tls", p.host
	return e
}

// check returns nil or a *fault.Error that tells what is wrong. A staple is
// what the server has brought along from its issuer (RFC 6066, section 8).
func (p *policy) check(chain []*x509.Certificate, staple []byte) error {
	if len(chain) == 0 {
		return p.bad("the server sent no certificate")
	}
	leaf, now := chain[0], time.Now()
	switch {
	case now.After(leaf.NotAfter):
		return p.bad("the certificate expired on %s (%d days ago)", leaf.NotAfter.UTC().Format("2006-01-02"), -daysLeft(leaf.NotAfter))
	case now.Before(leaf.NotBefore):
		return p.bad("the certificate is not valid before %s; is the clock right?", leaf.NotBefore.UTC().Format("2006-01-02 15:04 MST"))
	}
	for i, c := range chain {
		if bytes.Equal(c.RawIssuer, c.RawSubject) && i > 0 {
			continue // a root; nobody relies on its signature
		}
		if weak(c.SignatureAlgorithm) {
			return p.bad("the certificate of %s is signed with %v, which is broken", nameOf(c), c.SignatureAlgorithm)
		}
		if k, ok := c.PublicKey.(*rsa.PublicKey); ok && k.N.BitLen() < 2048 {
			return p.bad("the RSA key of %s has %d bits; 2048 is the least", nameOf(c), k.N.BitLen())
		}
	}
	if err := leaf.VerifyHostname(p.host); err != nil {
		names := namesIn(leaf)
		switch {
		case len(names) == 0:
			return p.bad("the certificate names no host (only %q as its subject)", leaf.Subject.CommonName)
		case len(names) > 4:
			names = append(names[:4:4], fmt.Sprintf("%d more", len(names)-4))
		}
		e := p.bad("the certificate is for %s, not for %s", strings.Join(names, ", "), p.host)
		e.Hint = "check the name, or use --sni NAME if the server is known by another"
		return e
	}
	pool := x509.NewCertPool()
	for _, c := range chain[1:] {
		pool.AddCert(c)
	}
	trusted, err := leaf.Verify(x509.VerifyOptions{Roots: p.roots, Intermediates: pool, DNSName: p.host, CurrentTime: now})
	if err != nil {
		return p.untrusted(chain, err)
	}
	for _, path := range trusted {
		if len(path) > 1 {
			if since := revoked(staple, leaf, path[1]); since != "" {
				return p.bad("the certificate was revoked by its issuer on %s", since)
			}
		}
	}
	return nil
}

func (p *policy) untrusted(chain []*x509.Certificate, err error) error {
	var unknown x509.UnknownAuthorityError
	var invalid x509.CertificateInvalidError
	var e *fault.Error
	leaf, last := chain[0], chain[len(chain)-1]
	switch {
	case errors.As(err, &unknown) && bytes.Equal(leaf.RawIssuer, leaf.RawSubject):
		e = p.bad("the certificate is self-signed")
		e.Hint = "trust it with --ca FILE or --pin " + spkiPin(leaf)
	case len(chain) > 1 && bytes.Equal(leaf.RawIssuer, chain[1].RawSubject) && !chain[1].IsCA:
		e = p.bad("%s is not an authority and may not issue certificates", nameOf(chain[1]))
	case errors.As(err, &unknown) && len(chain) == 1:
		e = p.bad("the issuer %q is not known, or the server leaves out an intermediate certificate", leaf.Issuer.String())
		e.Hint = "trust the issuer with --ca FILE"
	case errors.As(err, &unknown):
		e = p.bad("the issuer %q is not known", last.Issuer.String())
		e.Hint = "trust the issuer with --ca FILE"
	case errors.As(err, &invalid):
		switch invalid.Reason {
		case x509.Expired:
			e = p.bad("the certificate of the issuer %s is not valid now: %s to %s", nameOf(invalid.Cert),
				invalid.Cert.NotBefore.UTC().Format("2006-01-02"), invalid.Cert.NotAfter.UTC().Format("2006-01-02"))
		case x509.IncompatibleUsage:
			e = p.bad("the certificate is not meant for servers")
		case x509.CANotAuthorizedForThisName, x509.CANotAuthorizedForExtKeyUsage:
			e = p.bad("the issuer may not issue for this name: %s", invalid.Detail)
		default:
			e = p.bad("the certificate is not valid: %s", strings.TrimPrefix(invalid.Error(), "x509: "))
		}
	default:
		e = p.bad("the certificate was not accepted: %s", strings.TrimPrefix(err.Error(), "x509: "))
	}
	e.Err = err
	return e
}

// pinned reports whether a pin matches the server's certificate, and whether
// one matches any of the chain.
func (p *policy) pinned(chain []*x509.Certificate) (own, any bool) {
	for i, c := range chain {
		key, whole := sha256.Sum256(c.RawSubjectPublicKeyInfo), sha256.Sum256(c.Raw)
		for _, s := range p.pins {
			if b, err := parsePin(s); err == nil && (bytes.Equal(b, key[:]) || bytes.Equal(b, whole[:])) {
				own, any = own || i == 0, true
			}
		}
	}
	return own, any
}

// parsePin reads sha256/BASE64, the digest of a public key, or 64 hexadecimal
// digits, with or without colons, the digest of a certificate.
func parsePin(s string) ([]byte, error) {
	t := strings.TrimPrefix(strings.TrimPrefix(s, "sha256/"), "sha256//")
	if b, err := hex.DecodeString(strings.ReplaceAll(strings.TrimPrefix(t, "sha256:"), ":", "")); err == nil && len(b) == 32 {
		return b, nil
	}
	if b, err := base64.StdEncoding.DecodeString(t); err == nil && len(b) == 32 {
		return b, nil
	}
	return nil, fault.New(fault.BadArgument, "--pin %q is not sha256/BASE64", s).WithHint("cert shows the pin of a server")
}

func spkiPin(c *x509.Certificate) string {
	sum := sha256.Sum256(c.RawSubjectPublicKeyInfo)
	return "sha256/" + base64.StdEncoding.EncodeToString(sum[:])
}

func weak(a x509.SignatureAlgorithm) bool {
	switch a {
	case x509.MD2WithRSA, x509.MD5WithRSA, x509.SHA1WithRSA, x509.DSAWithSHA1, x509.ECDSAWithSHA1:
		return true
	}
	return false
}

func nameOf(c *x509.Certificate) string {
	if c.Subject.CommonName != "" {
		return c.Subject.CommonName
	}
	return c.Subject.String()
}

// namesIn lists what a certificate is for, with nothing hidden in it.
func namesIn(c *x509.Certificate) []string {
	var names []string
	for _, n := range c.DNSNames {
		names = append(names, strings.Trim(strconv.Quote(n), `"`))
	}
	for _, ip := range c.IPAddresses {
		names = append(names, ip.String())
	}
	return names
}
