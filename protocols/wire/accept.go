package wire

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"math/big"
	"net"
	"net/netip"
	"os"
	"time"

	"wireline/protocols/fault"
)

// An arrival is a connection that waits to be accepted, under TLS with the
// handshake made.
type arrival struct {
	sock *sock
	tls  *tls.Conn
}

// Accept waits for a connection until ctx ends; under TLS, for one whose
// handshake is made. The connection has a Dialer of its own, with l's TLS
// sessions.
func (l *Listener) Accept(ctx context.Context) (*Conn, error) {
	var a arrival
	select {
	case a = <-l.accepted:
	default:
		select {
		case a = <-l.accepted:
		case err := <-l.failed:
			return nil, err
		case <-l.done:
			return nil, &fault.Error{Kind: fault.Recv, Text: "the listener is closed"}
		case <-ctx.Done():
			return nil, ended(context.Cause(ctx), l.Addr().String(), "")
		}
	}
	d := l.d.child()
	d.sessions = l.d.tickets() // a data connection of FTP is to resume that of its control connection
	c := d.own(&Conn{sock: a.sock, network: l.network, server: true, onClose: l.gone})
	if a.tls != nil {
		c.secure(a.tls)
		cs := a.tls.ConnectionState()
		c.info.Store(c.d.DescribeTLS(&cs))
	}
	l.d.note(c.id, "accept", c.where())
	return c, nil
}

func (l *Listener) gone() {
	l.mu.Lock()
	l.open--
	l.mu.Unlock()
}

// pump accepts from one socket until the listener is closed.
func (l *Listener) pump(ln net.Listener) {
	for {
		c, err := ln.Accept()
		if err != nil {
			select {
			case <-l.done:
				return
			default:
			}
			if l.pause(err) {
				continue
			}
			return
		}
		if why := l.refuse(c); why != "" {
			l.d.note(0, "refuse", why)
			l.d.warn(why)
			c.Close()
			continue
		}
		if a := (arrival{sock: &sock{Conn: c}}); l.tls == nil {
			l.deliver(a)
		} else {
			l.pumps.Go(func() { l.greet(a) })
		}
	}
}

// deliver hands a connection to Accept, or closes it when l is closed first.
func (l *Listener) deliver(a arrival) {
	select {
	case l.accepted <- a:
	case <-l.done:
		a.sock.Close()
		l.gone()
	}
}

// greet makes the server's side of the handshake. A client that fails at it
// is not accepted.
func (l *Listener) greet(a arrival) {
	ctx, stop := l.d.limited(context.Background(), l.d.InForce().Handshake)
	defer stop()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		select {
		case <-l.done:
			cancel()
		case <-ctx.Done():
		}
	}()
	from := a.sock.RemoteAddr().String()
	a.tls = tls.Server(a.sock, l.tls)
	if err := fault.Safely(func() error { return a.tls.HandshakeContext(ctx) }); err != nil {
		why := "it took too long"
		if ctx.Err() == nil {
			why = tlsFault(err, from, "tls").(*fault.Error).Text
		}
		l.d.note(0, "refuse", "no TLS handshake with "+from+": "+why)
		l.d.warn("no TLS handshake with " + from + ": " + why)
		a.sock.Close()
		l.gone()
		return
	}
	l.deliver(a)
}

// pause waits a little after an error that may pass, such as a lack of file
// descriptors, and reports whether to go on.
func (l *Listener) pause(err error) bool {
	f := &fault.Error{At: l.Addr().String(), Kind: fault.Recv, Err: err, Text: "cannot accept: " + plain(err, err.Error())}
	select {
	case l.failed <- f:
	default: // nobody has looked at the last ones yet
	}
	if errors.Is(err, net.ErrClosed) {
		return false
	}
	t := time.NewTimer(100 * time.Millisecond)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-l.done:
		return false
	}
}

// refuse counts a connection in, or says why it is turned away.
func (l *Listener) refuse(c net.Conn) string {
	from := c.RemoteAddr().String()
	if len(l.allow) > 0 {
		ap, err := netip.ParseAddrPort(from)
		ok := false
		for _, p := range l.allow {
			ok = ok || err == nil && p.Contains(ap.Addr().Unmap().WithZone(""))
		}
		if !ok {
			return "refused a connection from " + from + ": not allowed by --allow"
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.open >= l.max {
		return fmt.Sprintf("refused a connection from %s: %d are open, the limit is --max-conns", from, l.open)
	}
	l.open++
	return ""
}

// serveTLS prepares the certificate to show: the user's, or a new one.
func (l *Listener) serveTLS(o ListenOptions, host string) error {
	cert, key := o.Cert, o.Key
	if cert == "" {
		cert, key = l.d.Options.Cert, l.d.Options.Key
	}
	var pair tls.Certificate
	var err error
	if cert != "" {
		pair, err = keyPair(cert, key)
	} else {
		pair, err = throwaway(host)
	}
	if err != nil {
		return err
	}
	if cert == "" {
		l.print = spkiPin(pair.Leaf)
	}
	l.tls = &tls.Config{
		Certificates: []tls.Certificate{pair},
		MinVersion:   tlsVersion(l.d.Options.TLSMin, tls.VersionTLS12),
		MaxVersion:   tlsVersion(l.d.Options.TLSMax, 0),
		NextProtos:   l.d.Options.ALPN,
	}
	l.tls.KeyLogWriter, err = l.d.keyLog()
	return err
}

// throwaway makes a certificate for this machine that lives in memory only.
func throwaway(host string) (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return tls.Certificate{}, err
	}
	t := x509.Certificate{
		SerialNumber: serial,
		Subject:      pkix.Name{CommonName: "wireline throwaway"},
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().Add(30 * 24 * time.Hour),
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		DNSNames:     []string{"localhost"},
		IPAddresses:  []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
	}
	if name, err := os.Hostname(); err == nil && name != "localhost" {
		t.DNSNames = append(t.DNSNames, name)
	}
	if a, err := netip.ParseAddr(host); err == nil && !a.IsLoopback() && !a.IsUnspecified() {
		t.IPAddresses = append(t.IPAddresses, a.AsSlice())
	} else if h, err := ParseHost(host); err == nil && h != "" && h != "localhost" {
		t.DNSNames = append(t.DNSNames, h)
	}
	der, err := x509.CreateCertificate(rand.Reader, &t, &t, &key.PublicKey, key)
	if err != nil {
		return tls.Certificate{}, err
	}
	leaf, err := x509.ParseCertificate(der)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}, err
}
