package wire

import (
	"crypto/tls"
	"encoding/binary"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"wireline/protocols/fault"
)

// S08: what is too old is refused, whoever proposes it.
func TestOldTLS(t *testing.T) {
	ca := newCA(t)
	version := func(v uint16) *tls.Config {
		cfg := ca.server(t, nil)
		cfg.MinVersion, cfg.MaxVersion = v, v
		return cfg
	}
	suite := func(id uint16) *tls.Config {
		cfg := rsaServer(t, ca)
		cfg.MaxVersion, cfg.CipherSuites = tls.VersionTLS12, []uint16{id}
		return cfg
	}
	for name, x := range map[string]struct {
		address, words string
	}{
		"SSLv3":          {serve(t, picks(0x0300, tls.TLS_RSA_WITH_3DES_EDE_CBC_SHA)), "version"},
		"TLS 1.0":        {serveTLS(t, version(tls.VersionTLS10), echo), "version"},
		"TLS 1.1":        {serveTLS(t, version(tls.VersionTLS11), echo), "version"},
		"RC4":            {serveTLS(t, suite(tls.TLS_RSA_WITH_RC4_128_SHA), echo), "cipher"},
		"ECDHE with RC4": {serveTLS(t, suite(tls.TLS_ECDHE_RSA_WITH_RC4_128_SHA), echo), "cipher"},
		"3DES":           {serveTLS(t, suite(tls.TLS_RSA_WITH_3DES_EDE_CBC_SHA), echo), "cipher"},
		"static RSA":     {serveTLS(t, suite(tls.TLS_RSA_WITH_AES_128_GCM_SHA256), echo), "cipher"},
		"NULL":           {serve(t, picks(tls.VersionTLS12, 0x0002)), "cipher"},
		"export":         {serve(t, picks(tls.VersionTLS12, 0x0003)), "cipher"},
	} {
		t.Run(name, func(t *testing.T) {
			d := &Dialer{Options: Options{CA: []string{ca.file}}, Limits: Limits{Handshake: 5 * time.Second}}
			_, err := dialTLS(t, d, x.address)
			wantFault(t, err, fault.TLSHandshake, x.words, "tls: ")
			d.Options.Insecure = true // is about certificates
			_, err = dialTLS(t, d, x.address)
			wantFault(t, err, fault.TLSHandshake, x.words)
		})
	}
}

// picks is a server that answers any ClientHello with one choice, whatever
// was offered.
func picks(version, suite uint16) func(net.Conn) {
	return func(c net.Conn) {
		head := make([]byte, 5)
		if _, err := io.ReadFull(c, head); err != nil {
			return
		}
		io.CopyN(io.Discard, c, int64(binary.BigEndian.Uint16(head[3:])))
		body := binary.BigEndian.AppendUint16(nil, version)
		body = append(body, make([]byte, 32)...) // random
		body = append(body, 0)                   // no session
		body = binary.BigEndian.AppendUint16(body, suite)
		body = append(body, 0) // no compression
		hello := append([]byte{2, 0, 0, byte(len(body))}, body...)
		record := append([]byte{22}, byte(version>>8), byte(version), 0, byte(len(hello)))
		c.Write(append(record, hello...))
		io.Copy(io.Discard, c)
	}
}

// the ciphers of TLS 1.2 can be chosen, by either of their names.
func TestCiphers(t *testing.T) {
	ca := newCA(t)
	to := serveTLS(t, ca.server(t, nil), echo)
	for _, name := range []string{"TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "ECDHE-ECDSA-AES256-GCM-SHA384", "ecdhe-ecdsa-chacha20-poly1305", "ECDHE-ECDSA-AES128-SHA"} {
		c, err := dialTLS(t, &Dialer{Options: Options{CA: []string{ca.file}, Ciphers: []string{name}}}, to)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := c.Info().TLS; got.Version != "1.2" || cipherKey(got.Cipher) != cipherKey(name) {
			t.Errorf("%s gives %s, TLS %s", name, got.Cipher, got.Version)
		}
	}
	for name, words := range map[string]string{
		"ECDHE-RSA-RC4-SHA": "not safe", "TLS_AES_128_GCM_SHA256": "TLS 1.3", "fish": "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", ",": "no cipher",
	} {
		_, err := dialTLS(t, &Dialer{Options: Options{Ciphers: []string{name}}}, to)
		wantFault(t, err, fault.BadArgument, "--ciphers", words)
	}
	_, err := dialTLS(t, &Dialer{Options: Options{TLSMin: "1.3", Ciphers: []string{"ECDHE-ECDSA-AES128-SHA"}}}, to)
	wantFault(t, err, fault.BadArgument, "--tls-min")
	_, err = dialTLS(t, &Dialer{Options: Options{CA: []string{ca.file}, Ciphers: []string{"ECDHE-RSA-AES128-GCM-SHA256"}}}, to)
	wantFault(t, err, fault.TLSHandshake, "cipher") // the server's key is of the other kind
}

// the key of a server is trusted when it is seen first, and afterwards
// no other.
func TestFirstUse(t *testing.T) {
	ca := newCA(t)
	self, key := issue(t, nil, nil, nil)
	changed, other := issue(t, nil, nil, nil)
	file := filepath.Join(t.TempDir(), "new", "known_keys")
	var warned []string
	try := func(cfg *tls.Config, o Options) error {
		o.TOFU = true
		port := strings.TrimPrefix(serveTLS(t, cfg, echo), "127.0.0.1:")
		_, err := dialTLS(t, &Dialer{Options: o, Known: file, Warn: func(s string) { warned = append(warned, s) }}, "localhost:"+port)
		return err
	}
	if err := try(certified(key, self), Options{}); err != nil || len(warned) != 1 || !strings.Contains(warned[0], "first time: its key sha256/") {
		t.Fatalf("first: %v, warned %q", err, warned)
	}
	if s, err := os.Stat(file); err != nil || s.Mode().Perm() != 0o600 {
		t.Errorf("the file: %v, %v", s, err)
	}
	if err := try(certified(key, self), Options{}); err != nil || len(warned) != 1 {
		t.Errorf("again: %v, warned %q", err, warned)
	}
	f := wantFault(t, try(certified(other, changed), Options{}), fault.TLSCert, "not the one that was seen first", "line 1 of "+file)
	if f.At != "localhost" {
		t.Errorf("at %q", f.At)
	}
	if err := try(ca.server(t, nil), Options{CA: []string{ca.file}}); err != nil {
		t.Errorf("a certificate that can be verified needs no more: %v", err)
	}
	wantFault(t, try(certified(key, self), Options{SNI: "wrong.test"}), fault.TLSCert, "not for wrong.test")
	_, err := (&Dialer{Options: Options{TOFU: true}}).TLSConfig("localhost")
	wantFault(t, err, fault.Unsupported, "--tofu")
}
