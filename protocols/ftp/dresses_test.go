package ftp_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/md5"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/files"
	"wireline/protocols/lab"
	"wireline/protocols/playground"
	"wireline/protocols/verb"
)

var noOptions files.Storing

// Through SOCKS and CONNECT, control and data, with and without TLS. A
// password goes through a proxy only under TLS. (C09, F4 of the library)
func TestProxies(t *testing.T) {
	t.Parallel()
	_, to, flags := dresses()[4].start(t, map[string]string{"a.txt": "hello\n"})
	for _, s := range []lab.Server{lab.Microsocks("", ""), lab.Tinyproxy("", "")} {
		p := lab.Start(t, s)
		c := must(t, to, append(flags, "--proxy", p.URL)...)
		if got := c.ok("ls"); !strings.HasPrefix(got, "file 6 a.txt\n") {
			t.Errorf("%s: ls gives %q", s.Program, got)
		}
		if got := c.ok("cat", "a.txt"); got != "hello\n" {
			t.Errorf("%s: cat gives %q", s.Program, got)
		}
		if err := c.put("up", noise(1<<20)); err != nil {
			t.Errorf("%s: put: %v", s.Program, err)
		}
		if c.wire.Last().Info().Proxy == "" {
			t.Errorf("%s: the data connection went without it", s.Program)
		}
	}
	p := lab.Start(t, lab.Microsocks("", ""))
	plain := lab.Start(t, lab.ProFTPD(nil))
	if _, err := connect(t, plain.URL, "--proxy", p.URL); fault.Of(err) != fault.TLSRequired {
		t.Errorf("a password in the clear through a proxy: %v", err)
	}
	if _, err := connect(t, plain.URL, "--proxy", p.URL, "--allow-cleartext"); err != nil {
		t.Errorf("when that is allowed: %v", err)
	}
}

// A connection that is made again is no less protected than the first: without
// TLS there is no password for it. (C09, S10, FTP-28)
func TestAgainUnderTLS(t *testing.T) {
	t.Parallel()
	r, _, flags := dresses()[5].start(t, nil)
	cable := newCable(t, r.Addr())
	p := lab.Start(t, lab.Microsocks("", ""))
	c := must(t, "ftp://ann@"+cable.addr, append(flags, "--proxy", p.URL)...)
	f := newFake(t, &fake{replies: map[string]string{"AUTH": "502 no"}})
	cable.unplug()
	cable.done.Wait()
	cable.to = f.addr
	cable.plug(t)
	if _, err := c.run("noop"); err == nil {
		t.Error("there is nobody to say that to")
	}
	if _, err := c.run("ls"); fault.Of(err) != fault.TLSRequired {
		t.Errorf("made again, it ended with %v", err)
	}
	if got := f.said(); strings.Contains(got, "PASS") || strings.Contains(got, "USER") {
		t.Errorf("the other server was told\n%s", got)
	}
}

// A server that wants a certificate of its clients gets one, on both
// connections.
func TestClientCertificate(t *testing.T) {
	t.Parallel()
	cert, key := clientCertificate(t)
	r := lab.Start(t, lab.ProFTPD(map[string]string{"a.txt": "hello\n"}, lab.ProFTPDTLS, "TLSRequired on", "TLSVerifyClient on", "TLSCACertificateFile "+cert))
	ca, err := r.Cert()
	if err != nil {
		t.Fatal(err)
	}
	c := must(t, r.URL, "--ca", ca, "--cert", cert, "--key", key)
	if got := c.ok("cat", "a.txt"); got != "hello\n" {
		t.Errorf("cat gives %q", got)
	}
	if _, err := connect(t, r.URL, "--ca", ca, "--tls", "require"); err == nil {
		t.Error("without a certificate it does as well")
	}
}

func clientCertificate(t testing.TB) (cert, key string) {
	t.Helper()
	secret, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tmpl := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "ann"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, &secret.PublicKey, secret)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(secret)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	cert, key = filepath.Join(dir, "client.pem"), filepath.Join(dir, "client.key")
	for name, b := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "PRIVATE KEY", Bytes: pkcs8}} {
		if err := os.WriteFile(name, pem.EncodeToMemory(b), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return cert, key
}

// A server with names in Latin 1 shows them right, and has them found. (FTP-22)
func TestLatinNames(t *testing.T) {
	t.Parallel()
	r := lab.Start(t, lab.ProFTPD(nil, "UseEncoding off"))
	if err := os.WriteFile(r.Path("home/caf\xe9"), []byte("olé"), 0o644); err != nil {
		lab.Skip(t, err)
	}
	for _, flags := range [][]string{nil, {"--charset", "latin1"}} {
		c := must(t, r.URL, flags...)
		if got := c.ok("ls"); got != "file 4 café\n" {
			t.Errorf("%v: ls gives %q", flags, got)
		}
		if got := c.ok("cat", "café"); got != "olé" {
			t.Errorf("%v: cat gives %q", flags, got)
		}
	}
	c := must(t, r.URL)
	c.ok("charset", "latin1")
	if err := c.put("naïve", []byte("x")); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(r.Path("home/na\xefve")); err != nil {
		t.Error(err)
	}
	if _, err := c.run("cat", "price in €"); fault.Of(err) != fault.BadArgument {
		t.Errorf("a character that Latin 1 has not: %v", err)
	}
}

// The server says the size, and ASCII mode turns the lines. (FTP-11)
func TestASCII(t *testing.T) {
	t.Parallel()
	r := lab.Start(t, lab.ProFTPD(map[string]string{"unix.txt": "one\ntwo\n"}))
	c := must(t, r.URL)
	if got := c.ok("cat", "unix.txt", "--ascii"); got != "one\ntwo\n" {
		t.Errorf("as text it is %q", got)
	}
	if err := c.put("up.txt", []byte("one\ntwo\n"), "--ascii"); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(r.Path("home/up.txt")); string(got) != "one\ntwo\n" {
		t.Errorf("the server has %q, %v", got, err)
	}
	if got := c.ok("cat", "unix.txt"); got != "one\ntwo\n" {
		t.Errorf("as it is, afterwards, it is %q", got)
	}
}

// As JSON a listing has permissions by itself, and -l adds whose the files are.
// (FTP-08, FTP-09)
func TestLsJSON(t *testing.T) {
	t.Parallel()
	for _, d := range []int{0, 9} { // MLSD, LIST
		_, to, flags := dresses()[d].start(t, map[string]string{"a.txt": "hello\n"})
		c := must(t, to, flags...)
		for _, long := range []bool{false, true} {
			words := []string{"ls"}
			if long {
				words = append(words, "-l")
			}
			res, err := c.start(t.Context(), verb.Env{}, words...)
			if err != nil {
				t.Fatal(err)
			}
			var text []byte
			switch rows := res.(type) {
			case verb.Stream[files.Entry]:
				for e, err := range rows {
					text, _ = json.Marshal(e)
					if err != nil || long {
						t.Errorf("%v, %v", e, err)
					}
				}
			case verb.Stream[files.LongEntry]:
				for e, err := range rows {
					text, _ = json.Marshal(e)
					if err != nil || !long {
						t.Errorf("%v, %v", e, err)
					}
				}
			}
			var e struct {
				Name, Type, Perm, Owner, Mtime string
				Size                           int
			}
			if err := json.Unmarshal(text, &e); err != nil || e.Name != "a.txt" || e.Type != "file" || e.Size != 6 || !strings.HasPrefix(e.Perm, "rw-") || e.Mtime == "" || (e.Owner != "") != long {
				t.Errorf("%s, with long %v: %s, %v", dresses()[d].name, long, text, err)
			}
		}
	}
}

// md5sum is that of the playground's 1MiB.bin.
var md5sum = fmt.Sprintf("%x", md5.Sum(bytes.Repeat([]byte("0123456789abcdef"), 1<<16)))

// Checksums are compared; the playground's server knows them. (FTP-23)
func TestPlayground(t *testing.T) {
	t.Parallel()
	w, err := playground.Start(t.Context(), playground.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close() })
	ca, err := w.CAFile()
	if err != nil {
		t.Fatal(err)
	}
	c := must(t, "ftp://ann@"+w.Map("tcp", "ftp:21"), "--ca", ca).withDisk(t.TempDir())
	if got := c.ok("ls"); got != "file 86 README\ndir  pub\n" {
		t.Errorf("ls gives %q", got)
	}
	c.ok("cd", "pub")
	c.ok("get", "-c", "1MiB.bin")
	if got := c.ok("hash", "1MiB.bin", "--with", "md5"); got != md5sum+"  /pub/1MiB.bin" {
		t.Errorf("hash gives %q", got)
	}
	c.ok("verify", "1MiB.bin")
	if err := c.put("other", []byte("x")); err != nil {
		t.Fatal(err)
	}
	c.ok("get", "-c", "other")
	if err := c.put("other", []byte("changed")); err != nil {
		t.Fatal(err)
	}
	if _, err := c.run("verify", "other"); fault.Of(err) != fault.Assert {
		t.Errorf("of files that differ it says %v", err)
	}
	c.ok("prot", "c")
	if got := c.ok("cat", "hello.txt"); got != "Hello, world!\n" {
		t.Errorf("in the clear cat gives %q (FTP-05)", got)
	}
	c.ok("prot", "p")
	c.ok("ls")
	c.ok("passive", "off")
	if got := c.ok("cat", "hello.txt"); got != "Hello, world!\n" {
		t.Errorf("active, cat gives %q (FTP-07)", got)
	}

	plain := must(t, "ftp://ann@"+w.Map("tcp", "ftp:21"), "--tls", "off", "--ca", ca)
	plain.ok("starttls")
	if got := plain.ok("cat", "/pub/hello.txt"); got != "Hello, world!\n" {
		t.Errorf("after starttls cat gives %q", got)
	}
	plain.ok("login", "ann")
	plain.ok("ls")
}
