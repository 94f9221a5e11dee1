package wire

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"wireline/protocols/fault"
)

// TLSConfig is the policy for a connection to host, for those who make the
// handshake themselves. Certificates are verified by its VerifyConnection, so
// that the error says what is wrong, although InsecureSkipVerify is set.
func (d *Dialer) TLSConfig(host string) (*tls.Config, error) { return d.tlsConfig(host, false) }

func (d *Dialer) tlsConfig(host string, proxy bool) (*tls.Config, error) {
	o := &d.Options
	name := strings.TrimSuffix(host, ".")
	if o.SNI != "" && !proxy {
		name = o.SNI
	}
	p := policy{d: d, host: name, pins: o.Pin}
	cfg := &tls.Config{
		ServerName:         name,
		InsecureSkipVerify: true, // by crypto/tls; VerifyConnection does it
		MinVersion:         tlsVersion(o.TLSMin, tls.VersionTLS12),
		MaxVersion:         tlsVersion(o.TLSMax, 0),
		ClientSessionCache: d.tickets(),
	}
	if o.TLSMax == "1.2" && o.TLSMin == "1.3" {
		return nil, fault.New(fault.BadArgument, "--tls-max is below --tls-min")
	}
	if o.TOFU && d.Known == "" {
		return nil, fault.New(fault.Unsupported, "--tofu has no file to remember keys in")
	}
	if len(o.Ciphers) > 0 && !proxy {
		if err := chooseCiphers(cfg, o.Ciphers); err != nil {
			return nil, err
		}
	}
	if proxy {
		p.pins = nil
		cfg.ClientSessionCache = nil
	} else {
		cfg.NextProtos = o.ALPN
		if o.Cert != "" {
			pair, err := keyPair(o.Cert, o.Key)
			if err != nil {
				return nil, err
			}
			cfg.Certificates = []tls.Certificate{pair}
		}
	}
	var err error
	if p.roots, err = rootsFrom(o.CA); err != nil {
		return nil, err
	}
	for _, pin := range p.pins {
		if _, err := parsePin(pin); err != nil {
			return nil, err
		}
	}
	cfg.VerifyConnection = p.verify
	if cfg.KeyLogWriter, err = d.keyLog(); err != nil {
		return nil, err
	}
	return cfg, nil
}

func tlsVersion(s string, otherwise uint16) uint16 {
	switch s {
	case "1.2":
		return tls.VersionTLS12
	case "1.3":
		return tls.VersionTLS13
	}
	return otherwise
}

func keyPair(cert, key string) (tls.Certificate, error) {
	if key == "" {
		key = cert
	}
	pair, err := tls.LoadX509KeyPair(cert, key)
	if err == nil {
		return pair, nil
	}
	if _, serr := os.Stat(cert); serr != nil {
		return pair, unreadable(cert, serr)
	}
	if _, serr := os.Stat(key); serr != nil {
		return pair, unreadable(key, serr)
	}
	return pair, &fault.Error{Kind: fault.ReadLocal, Phase: "file", At: cert, Err: err,
		Text: strings.TrimPrefix(err.Error(), "tls: ")}
}

func unreadable(file string, err error) *fault.Error {
	return &fault.Error{Kind: fault.ReadLocal, Phase: "file", At: file, Err: err, Text: plain(err, err.Error())}
}

// rootsFrom reads the certificates to trust; nil is the system's.
func rootsFrom(files []string) (*x509.CertPool, error) {
	if len(files) == 0 {
		return nil, nil
	}
	pool := x509.NewCertPool()
	for _, f := range files {
		found := false
		all := []string{f}
		if s, err := os.Stat(f); err == nil && s.IsDir() {
			if all, err = filepath.Glob(filepath.Join(f, "*")); err != nil {
				return nil, unreadable(f, err)
			}
		}
		for _, name := range all {
			pem, err := os.ReadFile(name)
			if err != nil {
				if len(all) > 1 {
					continue // a directory within the directory
				}
				return nil, unreadable(name, err)
			}
			found = pool.AppendCertsFromPEM(pem) || found
		}
		if !found {
			return nil, &fault.Error{Kind: fault.ReadLocal, Phase: "file", At: f, Text: "no PEM certificate in it"}
		}
	}
	return pool, nil
}

// keyLog is where TLS secrets go if the user has asked for it. The
// environment alone does not turn it on.
func (d *Dialer) keyLog() (io.Writer, error) {
	name := d.Options.KeyLog
	if name == "" {
		if os.Getenv("SSLKEYLOGFILE") != "" {
			d.warn("SSLKEYLOGFILE is ignored; use --keylog FILE to write TLS secrets")
		}
		return nil, nil
	}
	k := keyLog(name)
	if _, err := k.Write(nil); err != nil {
		return nil, &fault.Error{Kind: fault.WriteLocal, Phase: "file", At: name, Err: err, Text: plain(err, err.Error())}
	}
	return k, nil
}

// A keyLog appends each line by itself, so that no file stays open.
type keyLog string

func (k keyLog) Write(p []byte) (int, error) {
	f, err := os.OpenFile(string(k), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return 0, err
	}
	n, err := f.Write(p)
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	return n, err
}

// daysLeft is how many whole days are left until t; negative when it is over.
func daysLeft(t time.Time) int {
	left := time.Until(t)
	if left < 0 {
		left -= 24*time.Hour - 1
	}
	return int(left / (24 * time.Hour))
}
