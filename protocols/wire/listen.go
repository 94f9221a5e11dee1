package wire

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"sync"
	"syscall"

	"wireline/protocols/fault"
)

// ListenOptions is what a user can say about a socket that listens.
type ListenOptions struct {
	Backlog   int      `flag:"backlog" help:"how many connections may wait to be accepted"`
	ReusePort bool     `flag:"reuse-port" help:"let several processes listen on the port"`
	DualStack bool     `flag:"dualstack" help:"listen on IPv4 and IPv6"`
	Cert, Key string   // for tls; "" means those of Options, and without any a throwaway certificate
	MaxConns  int      `flag:"max-conns" help:"connections at a time, 128 unless given"`
	Allow     []string `flag:"allow" help:"network that may connect, as ADDR or ADDR/BITS; others are closed at once"`
}

const defaultMaxConns = 128

// A Listener takes connections that others make.
type Listener struct {
	d        *Dialer
	network  string
	lns      []net.Listener
	allow    []netip.Prefix
	max      int
	tls      *tls.Config
	print    string
	file     socketFile
	accepted chan arrival
	failed   chan error
	done     chan struct{}
	pumps    sync.WaitGroup
	once     sync.Once
	mu       sync.Mutex
	open     int
}

// Listen begins to listen: tcp, tls (a tcp scheme with Security TLS), unix or
// unixpacket. Without a host it is the loopback address, with DualStack both
// of them; "0.0.0.0", "::", "*" or "<any>" is every address. Port 0 is one
// that is free. A unix socket is readable and writable for its owner only, and
// its file is removed by Close.
func (d *Dialer) Listen(ctx context.Context, t Target, o ListenOptions) (*Listener, error) {
	l := &Listener{d: d, network: t.Net(), max: o.MaxConns, accepted: make(chan arrival), failed: make(chan error, 4), done: make(chan struct{})}
	if l.max <= 0 {
		l.max = defaultMaxConns
	}
	var err error
	if l.allow, err = parseAllow(o.Allow); err != nil {
		return nil, err
	}
	if t.Scheme.Security == TLS {
		if err := l.serveTLS(o, t.Hostname()); err != nil {
			return nil, err
		}
	}
	if unixNet(l.network) {
		err = l.listenUnix(ctx, t.Path)
	} else {
		err = l.listenTCP(ctx, t, o)
	}
	if err == nil && o.Backlog > 0 {
		for _, ln := range l.lns {
			if r, rerr := ln.(syscall.Conn).SyscallConn(); rerr == nil && err == nil {
				err = backlog(r, o.Backlog)
			}
		}
	}
	if err != nil {
		l.Close()
		return nil, err
	}
	for _, ln := range l.lns {
		l.pumps.Go(func() { l.pump(ln) })
	}
	d.note(0, "listen", l.network+" "+l.Addr().String())
	return l, nil
}

func (l *Listener) listenTCP(ctx context.Context, t Target, o ListenOptions) error {
	_, p, err := net.SplitHostPort(t.Address())
	if err != nil {
		return fault.New(fault.BadArgument, "%q is not host:port", t.Address())
	}
	port, err := Port("tcp", p)
	if err != nil {
		return err
	}
	hosts, err := l.d.localHosts(ctx, t.Hostname(), o.DualStack)
	if err != nil {
		return err
	}
	lc := net.ListenConfig{Control: func(network, _ string, c syscall.RawConn) error {
		if o.ReusePort {
			if err := reusePort(c); err != nil {
				return err
			}
		}
		return l.d.prepare(network, c)
	}}
	for i, h := range hosts {
		network := "tcp4"
		if strings.Contains(h, ":") {
			network = "tcp6"
			if h == "::" && o.DualStack {
				network = "tcp" // one socket for both families
			}
		}
		ln, err := lc.Listen(ctx, network, joinPort(h, port))
		if err != nil {
			if i > 0 && errors.Is(err, syscall.EADDRNOTAVAIL) {
				continue // no IPv6 here
			}
			return listenFault(ctx, err, joinPort(h, port))
		}
		l.lns = append(l.lns, ln)
		if port == 0 {
			port = ln.Addr().(*net.TCPAddr).Port
		}
	}
	return nil
}

// localHosts are the addresses to bind to for what the user has typed.
func (d *Dialer) localHosts(ctx context.Context, host string, dual bool) ([]string, error) {
	host, err := ParseHost(host)
	if err != nil {
		return nil, err
	}
	v6 := d.family() == "ip6"
	switch {
	case host == "" && dual:
		return []string{"127.0.0.1", "::1"}, nil
	case host == "" && v6:
		return []string{"::1"}, nil
	case host == "":
		return []string{"127.0.0.1"}, nil
	case host == "0.0.0.0" && (dual || v6):
		return []string{"::"}, nil
	}
	addrs, err := d.lookup(ctx, host)
	if err != nil {
		return nil, err
	}
	return []string{addrs[0].String()}, nil
}

func listenFault(ctx context.Context, err error, at string) error {
	if cause := context.Cause(ctx); cause != nil {
		return ended(cause, at, "connect")
	}
	f := &fault.Error{At: at, Phase: "connect", Kind: fault.Connect, Err: err, Text: "cannot listen: " + plain(err, err.Error())}
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		f.Text = "cannot listen: the address is in use"
		f.Hint = "choose another port, or port 0 for one that is free"
	case errors.Is(err, syscall.EACCES):
		f.Hint = "ports below 1024 are for the administrator"
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		f.Text = "cannot listen: the address is not one of this machine"
	}
	return f
}

func (l *Listener) listenUnix(ctx context.Context, path string) error {
	if err := prepareUnix(l.network, path); err != nil {
		return err
	}
	lc := net.ListenConfig{Control: func(_, _ string, c syscall.RawConn) error {
		private(c)
		return nil
	}}
	ln, err := lc.Listen(ctx, l.network, path)
	if err != nil {
		if cause := context.Cause(ctx); cause != nil {
			return ended(cause, path, "connect")
		}
		return &fault.Error{At: path, Phase: "file", Kind: fault.WriteLocal, Err: err, Text: "cannot listen: " + plain(err, err.Error())}
	}
	ln.(*net.UnixListener).SetUnlinkOnClose(false)
	l.lns = append(l.lns, ln)
	l.file = claim(path)
	return nil
}

func parseAllow(list []string) (all []netip.Prefix, err error) {
	for _, s := range list {
		for one := range strings.SplitSeq(s, ",") {
			p, err := netip.ParsePrefix(one)
			if err != nil {
				a, aerr := netip.ParseAddr(one)
				if aerr != nil {
					return nil, fault.New(fault.BadArgument, "--allow %q is not a network such as 192.0.2.0/24", one)
				}
				p = netip.PrefixFrom(a, a.BitLen())
			}
			all = append(all, p.Masked())
		}
	}
	return all, nil
}

// Addr is where l listens; with DualStack, the first of both.
func (l *Listener) Addr() net.Addr { return l.lns[0].Addr() }

// Addrs are all the addresses where l listens.
func (l *Listener) Addrs() (all []net.Addr) {
	for _, ln := range l.lns {
		all = append(all, ln.Addr())
	}
	return all
}

// Fingerprint is how to pin the throwaway certificate of a tls listener,
// "sha256/BASE64" as --pin takes it; "" when there is none.
func (l *Listener) Fingerprint() string { return l.print }

// Close ends the listening. Connections that were accepted stay open.
func (l *Listener) Close() error {
	l.once.Do(func() {
		close(l.done)
		for _, ln := range l.lns {
			ln.Close()
		}
		l.pumps.Wait()
		l.file.remove()
		if len(l.lns) > 0 {
			l.d.note(0, "close", fmt.Sprintf("%s no longer listens", l.Addr()))
		}
	})
	return nil
}
