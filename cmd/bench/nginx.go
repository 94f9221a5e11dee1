package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// A site is nginx with a directory of files, with and without TLS.
type site struct {
	root       string
	http, port string // "http://127.0.0.1:8080/" and its port
	https      string
}

const nginxConf = `daemon off;
worker_processes 1;
error_log %[1]s/error.log;
pid %[1]s/nginx.pid;
events { worker_connections 1024; }
http {
	access_log off;
	sendfile on;
	keepalive_requests 100000;
	client_body_temp_path %[1]s/body;
	proxy_temp_path %[1]s/proxy;
	fastcgi_temp_path %[1]s/fastcgi;
	uwsgi_temp_path %[1]s/uwsgi;
	scgi_temp_path %[1]s/scgi;
	server {
		listen 127.0.0.1:%[2]s;
		listen 127.0.0.1:%[3]s ssl http2;
		ssl_certificate %[1]s/cert.pem;
		ssl_certificate_key %[1]s/cert.pem;
		root %[1]s/root;
	}
}
`

// errNginx is why a race cannot be run.
var errNginx = errors.New("nginx is not installed")

// nginx starts a site, which ends with the race.
func (c *course) nginx(ctx context.Context) (*site, error) {
	program, err := exec.LookPath("nginx")
	if err != nil {
		if program, err = exec.LookPath("/usr/sbin/nginx"); err != nil {
			return nil, errNginx
		}
	}
	dir, err := os.MkdirTemp(c.dir, "nginx")
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(c.dir, 0o755); err != nil { // started as root, it reads as somebody else
		return nil, err
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		return nil, err
	}
	ports, err := freePorts(2)
	if err != nil {
		return nil, err
	}
	s := &site{filepath.Join(dir, "root"), "http://127.0.0.1:" + ports[0] + "/", ports[0], "https://127.0.0.1:" + ports[1] + "/"}
	if err := os.Mkdir(s.root, 0o755); err != nil {
		return nil, err
	}
	cert, err := certificate()
	if err != nil {
		return nil, err
	}
	conf := filepath.Join(dir, "nginx.conf")
	for name, text := range map[string][]byte{filepath.Join(dir, "cert.pem"): cert, conf: fmt.Appendf(nil, nginxConf, dir, ports[0], ports[1])} {
		if err := os.WriteFile(name, text, 0o600); err != nil {
			return nil, err
		}
	}
	cmd := exec.CommandContext(ctx, program, "-p", dir, "-c", conf, "-e", filepath.Join(dir, "error.log"))
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	c.ends = append(c.ends, func() {
		cmd.Process.Signal(os.Interrupt)
		cmd.Wait()
		os.RemoveAll(dir)
	})
	return s, reached(ctx, "127.0.0.1:"+ports[1])
}

// reached waits until somebody listens there.
func reached(ctx context.Context, addr string) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	for {
		conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", addr)
		if err == nil {
			return conn.Close()
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the server at %s does not come up: %w", addr, err)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// freePorts are ports that nobody has at the moment.
func freePorts(n int) (ports []string, err error) {
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		defer l.Close()
		_, port, err := net.SplitHostPort(l.Addr().String())
		if err != nil {
			return nil, err
		}
		ports = append(ports, port)
	}
	return ports, nil
}

// certificate is one that nobody has reason to trust, with its key.
func certificate() ([]byte, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	cert := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "bench"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, cert, cert, key.Public(), key)
	if err != nil {
		return nil, err
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	return append(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})...), nil
}

// add links a file into the site under a name.
func (s *site) add(file, name string) error {
	if err := os.Link(file, filepath.Join(s.root, name)); err != nil {
		return err
	}
	return os.Chmod(file, 0o644)
}
