package conformance

import (
	"crypto/tls"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"wireline/protocols/lab"
	"wireline/protocols/wire"
)

// A Peer is the other side of conversations, on the loopback. It ends with
// its test, or with Close.
type Peer struct {
	Target wire.Target // how to reach it
	CA     string      // file of the certificate to trust, if the scheme speaks TLS

	config *tls.Config
	close  func() error
	done   sync.WaitGroup // who listens
	talks  sync.WaitGroup
	spare  chan string // whose connections came while there was nobody to talk

	mu     sync.Mutex
	handle func(*Peer, net.Conn) // nil between two conversations
	conns  map[net.Conn]bool     // nil once closed
}

// Serve listens as s demands and gives every connection to handle, in a
// goroutine of its own, and closes it afterwards. On a network of packets
// there is one connection, which answers who spoke last.
func Serve(t testing.TB, s wire.Scheme, handle func(net.Conn)) *Peer {
	t.Helper()
	return serve(t, s, trusted(t), func(_ *Peer, c net.Conn) { handle(c) })
}

// serve is Serve for many peers, whose certificate is in the file ca.
func serve(t testing.TB, s wire.Scheme, ca string, handle func(*Peer, net.Conn)) *Peer {
	t.Helper()
	p := &Peer{Target: wire.Target{Scheme: s}, handle: handle, conns: map[net.Conn]bool{}, spare: make(chan string, 64)}
	id, err := identity()
	if err != nil {
		t.Fatal(err)
	}
	p.CA, p.config = ca, id.config.Clone()

	network, address := p.Target.Net(), "127.0.0.1:0"
	if isUnix(network) {
		dir, err := os.MkdirTemp("", "peer") // short, for the path of a socket
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { os.RemoveAll(dir) })
		address = filepath.Join(dir, "s")
	}
	if err := p.listen(network, address); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

// trusted is a file of the certificate that peers have.
func trusted(t testing.TB) string {
	t.Helper()
	id, err := identity()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(path, id.cert, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// identity is the certificate of all peers, made once: a sweep has thousands
// of them.
var identity = sync.OnceValues(func() (id struct {
	cert   []byte
	config *tls.Config
}, err error) {
	dir, err := os.MkdirTemp("", "identity")
	if err != nil {
		return id, err
	}
	defer os.RemoveAll(dir)
	cert, key, err := lab.Certificate(dir)
	if err != nil {
		return id, err
	}
	if id.cert, err = os.ReadFile(cert); err != nil {
		return id, err
	}
	pair, err := tls.LoadX509KeyPair(cert, key)
	id.config = &tls.Config{Certificates: []tls.Certificate{pair}}
	return id, err
})

func (p *Peer) listen(network, address string) error {
	at := func(a net.Addr) {
		p.Target.URL = &url.URL{Scheme: p.Target.Scheme.Name, Host: a.String()}
		if isUnix(network) {
			p.Target.URL = &url.URL{Scheme: p.Target.Scheme.Name, Path: a.String()}
		}
	}
	if network == "udp" || network == "unixgram" {
		pc, err := net.ListenPacket(network, address)
		if err != nil {
			return err
		}
		at(pc.LocalAddr())
		p.close = pc.Close
		p.take(&packets{PacketConn: pc})
		return nil
	}
	ln, err := net.Listen(network, address)
	if err != nil {
		return err
	}
	at(ln.Addr())
	p.close = ln.Close
	secure := p.Target.Scheme.Security == wire.TLS // a test may change Target
	p.done.Go(func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			if secure {
				c = tls.Server(c, p.config)
			}
			p.take(c)
		}
	})
	return nil
}

func (p *Peer) take(c net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	handle := p.handle
	if p.conns == nil || handle == nil {
		c.Close()
		select {
		case p.spare <- c.RemoteAddr().String():
		default:
		}
		return
	}
	p.conns[c] = true
	p.talks.Go(func() {
		handle(p, c)
		c.Close()
		p.mu.Lock()
		defer p.mu.Unlock()
		delete(p.conns, c)
	})
}

// Close ends all conversations, and waits until they have ended.
func (p *Peer) Close() {
	p.mu.Lock()
	conns := p.conns
	p.conns = nil
	p.mu.Unlock()
	if conns == nil {
		return
	}
	p.close()
	for c := range conns {
		below(c).Close()
	}
	p.done.Wait()
	p.talks.Wait()
}

// below is the connection that carries c.
func below(c net.Conn) net.Conn {
	if t, ok := c.(*tls.Conn); ok {
		return t.NetConn()
	}
	return c
}

func isUnix(network string) bool {
	return network == "unix" || network == "unixgram" || network == "unixpacket"
}

// packets is a socket of packets as a connection with whoever spoke last.
type packets struct {
	net.PacketConn
	mu   sync.Mutex
	last net.Addr
}

func (c *packets) Read(b []byte) (int, error) {
	n, from, err := c.ReadFrom(b)
	c.mu.Lock()
	defer c.mu.Unlock()
	if from != nil {
		c.last = from
	}
	return n, err
}

func (c *packets) Write(b []byte) (int, error) {
	to := c.RemoteAddr()
	if to == nil || to.String() == "" {
		return 0, net.ErrClosed
	}
	return c.WriteTo(b, to)
}

func (c *packets) RemoteAddr() net.Addr {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.last
}
