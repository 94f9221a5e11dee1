package wire

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"wireline/protocols/fault"
)

// LongestDatagram is a buffer size that no UDP datagram exceeds.
const LongestDatagram = 64 << 10

// A PacketConn is a datagram socket that is not connected. One goroutine may
// read while another writes.
type PacketConn struct {
	d       *Dialer
	id      int
	network string
	c       net.PacketConn
	file    socketFile
	tap     tap
	in, out atomic.Int64
	closed  atomic.Bool

	rmu  sync.Mutex
	left []datagram // read in a batch and not taken

	mu   sync.Mutex
	dead error     // the cause of a cut
	user time.Time // the read deadline

	wmu    sync.Mutex
	lastTo string // what was resolved last
	lastAt net.Addr
}

// ListenPacket binds a datagram socket, udp or unixgram. Without a host it is
// the loopback address, as with Listen.
func (d *Dialer) ListenPacket(ctx context.Context, t Target) (*PacketConn, error) {
	p := &PacketConn{d: d, id: d.number(), network: t.Net()}
	var err error
	if unixNet(p.network) {
		err = p.bindUnix(ctx, t.Path)
	} else {
		err = p.bindUDP(ctx, t)
	}
	if err != nil {
		return nil, err
	}
	d.join(p)
	d.note(p.id, "bind", p.network+" "+p.LocalAddr().String())
	return p, nil
}

func (c *PacketConn) bindUDP(ctx context.Context, t Target) error {
	_, s, err := net.SplitHostPort(t.Address())
	if err != nil {
		return fault.New(fault.BadArgument, "%q is not host:port", t.Address())
	}
	port, err := Port("udp", s)
	if err != nil {
		return err
	}
	hosts, err := c.d.localHosts(ctx, t.Hostname(), false)
	if err != nil {
		return err
	}
	at := joinPort(hosts[0], port)
	lc := net.ListenConfig{Control: func(network, _ string, r syscall.RawConn) error {
		if a, err := netip.ParseAddr(hosts[0]); err == nil && a.IsMulticast() {
			if err := setOption(r, "SO_REUSEADDR", "1"); err != nil {
				return err
			}
		}
		askAncillary(network, r)
		return c.d.prepare(network, r)
	}}
	family := "udp"
	if a, err := netip.ParseAddr(hosts[0]); err == nil && a.Is4() {
		family = "udp4" // 0.0.0.0 would be :: otherwise
	}
	if c.c, err = lc.ListenPacket(ctx, family, at); err != nil {
		return listenFault(ctx, err, at)
	}
	return nil
}

func (c *PacketConn) bindUnix(ctx context.Context, path string) error {
	if err := prepareUnix("unixgram", path); err != nil {
		return err
	}
	lc := net.ListenConfig{Control: func(_, _ string, r syscall.RawConn) error {
		private(r)
		return nil
	}}
	u, err := lc.ListenPacket(ctx, "unixgram", path)
	if err != nil {
		return &fault.Error{At: path, Phase: "file", Kind: fault.WriteLocal, Err: err, Text: "cannot bind: " + plain(err, err.Error())}
	}
	c.c, c.file = u, claim(path)
	return nil
}

// ReadFrom reads one datagram; what does not fit in p is lost. An empty
// datagram is n 0 without an error.
func (c *PacketConn) ReadFrom(p []byte) (n int, from net.Addr, err error) {
	c.rmu.Lock()
	defer c.rmu.Unlock()
	if len(c.left) > 0 {
		n, from = copy(p, c.left[0].data), c.left[0].from
		c.left = c.left[1:]
		return n, from, nil
	}
	n, from, err = c.c.ReadFrom(p)
	if err != nil {
		return n, from, c.fail(err, fault.Recv)
	}
	c.arrived(p[:n], from)
	return n, from, nil
}

func (c *PacketConn) arrived(p []byte, from net.Addr) {
	was := c.in.Add(int64(len(p))) - int64(len(p))
	c.d.count(in, int64(len(p)))
	c.d.firstByte(time.Now(), false)
	c.show(in, was, p, from)
}

func (c *PacketConn) show(dir int, off int64, p []byte, peer net.Addr) {
	if c.d.tracer() == nil {
		return
	}
	if peer != nil {
		c.d.note(c.id, "peer", dirNames[dir]+" "+peer.String())
	}
	c.tap.show(c.d, c.id, dir, off, p, false, false, true)
}

// WriteTo sends one datagram to host:port, or to the path of a unix socket.
// A broadcast address is allowed.
func (c *PacketConn) WriteTo(p []byte, address string) (int, error) {
	to, err := c.resolve(address)
	if err != nil {
		return 0, err
	}
	c.show(out, c.out.Load(), p, to)
	n, err := c.c.WriteTo(p, to)
	if err != nil {
		return n, c.unsent(err, address)
	}
	c.out.Add(int64(n))
	c.d.count(out, int64(n))
	return n, nil
}

func (c *PacketConn) unsent(err error, address string) error {
	err = c.fail(err, fault.Send)
	var f *fault.Error
	if errors.As(err, &f) {
		f.At = address
		local, lerr := netip.ParseAddrPort(c.LocalAddr().String())
		if errors.Is(err, syscall.EINVAL) && lerr == nil && local.Addr().IsLoopback() {
			f.Text = "a socket bound to " + local.Addr().String() + " reaches this machine only"
			f.Hint = "bind to 0.0.0.0:" + strconv.Itoa(int(local.Port())) + " to reach others"
		}
	}
	return err
}

func (c *PacketConn) resolve(address string) (net.Addr, error) {
	c.wmu.Lock()
	defer c.wmu.Unlock()
	if address == c.lastTo {
		return c.lastAt, nil
	}
	var to net.Addr
	if unixNet(c.network) {
		if err := checkUnixPath(address); err != nil {
			return nil, err
		}
		to = &net.UnixAddr{Net: c.network, Name: address}
	} else {
		a, err := c.udpAddr(address)
		if err != nil {
			return nil, err
		}
		to = a
	}
	c.lastTo, c.lastAt = address, to
	return to, nil
}

func (c *PacketConn) udpAddr(address string) (*net.UDPAddr, error) {
	host, port, err := splitAddress("udp", address)
	if err != nil {
		return nil, err
	}
	if c.d.Map != nil {
		if to := c.d.Map("udp", joinPort(host, port)); to != "" {
			if ap, err := netip.ParseAddrPort(to); err == nil {
				return net.UDPAddrFromAddrPort(ap), nil
			}
		}
	}
	ctx, stop := c.d.limited(context.Background(), c.d.InForce().Connect)
	defer stop()
	addrs, err := c.d.lookup(ctx, host)
	if err != nil {
		return nil, err
	}
	best := addrs[0]
	if local, err := netip.ParseAddrPort(c.LocalAddr().String()); err == nil && local.Addr().Is4() {
		for _, a := range addrs {
			if a.Is4() {
				best = a
				break
			}
		}
	}
	if err := c.d.allowed(best); err != nil {
		return nil, err
	}
	return net.UDPAddrFromAddrPort(netip.AddrPortFrom(best, uint16(port))), nil
}

// LocalAddr is where the socket is bound.
func (c *PacketConn) LocalAddr() net.Addr { return c.c.LocalAddr() }

// SetReadDeadline sets when reading gives up; a time in the past ends a
// ReadFrom that waits, and the zero time lets reading go on.
func (c *PacketConn) SetReadDeadline(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.user = t
	if c.dead != nil {
		t = past
	}
	return c.c.SetReadDeadline(t)
}

func (c *PacketConn) cut(cause error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.dead == nil {
		c.dead = cause
	}
	c.c.SetDeadline(past)
}

// Option reads a socket option; see OptionNames.
func (c *PacketConn) Option(name string) (string, error) {
	r, err := c.c.(syscall.Conn).SyscallConn()
	if err != nil {
		return "", err
	}
	return getOption(r, name)
}

// SetOption sets a socket option; see Conn.SetOption.
func (c *PacketConn) SetOption(name, value string) error {
	r, err := c.c.(syscall.Conn).SyscallConn()
	if err != nil {
		return err
	}
	return setOption(r, name, value)
}

// Info is what is known of the socket.
func (c *PacketConn) Info() Info {
	state := "UNCONNECTED"
	if c.closed.Load() {
		state = "CLOSED"
	}
	return Info{Local: c.LocalAddr().String(), Network: c.network, State: state, In: c.in.Load(), Out: c.out.Load()}
}

// Close closes the socket and removes its file, if it has one.
func (c *PacketConn) Close() error {
	if c.closed.Swap(true) {
		return nil
	}
	err := c.c.Close()
	c.file.remove()
	c.d.leave(c)
	c.d.note(c.id, "close", "closed")
	return err
}

func (c *PacketConn) fail(err error, kind *fault.Kind) error {
	var f *fault.Error
	if errors.As(err, &f) {
		return err
	}
	c.mu.Lock()
	dead := c.dead
	c.mu.Unlock()
	e := &fault.Error{At: c.LocalAddr().String(), Kind: kind, Err: err, Text: plain(err, err.Error())}
	switch {
	case dead != nil:
		return ended(dead, e.At, "")
	case c.closed.Load():
		e.Text = "the socket is closed"
	case timedOut(err):
		e.Kind = fault.Timeout
	case refused(err):
		e.Kind, e.Text = fault.Connect, "connection refused: nothing listens there"
	case errors.Is(err, syscall.EMSGSIZE):
		e.Kind, e.Text = fault.TooLarge, "the datagram is too large"
	}
	return e
}
