package wire

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// A Conn is a connection made by a Dialer. It is a net.Conn, so any library
// that takes one is traced, limited and cancelled without knowing. One
// goroutine may read while another writes. Its errors are *fault.Error, but
// for io.EOF, which means that the peer has ended its side in good order.
type Conn struct {
	d       *Dialer
	id      int
	network string
	host    string // whom we meant to talk to: the name for TLS
	via     string // the proxy, without credentials
	forward *Proxy // the proxy, if it is no tunnel but is asked for each thing
	port    int    // that was asked for
	opened  time.Time
	usable  atomic.Pointer[time.Time] // connected, and under TLS if that was wanted
	sock    *sock
	limits  Limits
	server  bool // we are the server
	onClose func()

	in, out atomic.Int64 // bytes of the protocol
	tap     tap
	closed  atomic.Bool
	downed  atomic.Bool // CloseWrite was called
	sparing atomic.Bool // see Spare

	rmu      sync.Mutex // held while reading
	buf      []byte     // read from top and not yet taken
	own      int        // how many of the first of buf are ours, said by nobody (a replayed greeting)
	buffered atomic.Int64
	room     []byte     // what buf lies in
	left     []datagram // read by Peek or in a batch, and not taken
	line     bool
	column   int // bytes of this line so far
	reply    replyCount
	taken    bool // something was given to a reader

	wmu sync.Mutex // held while writing
	top net.Conn   // sock, or TLS on it; changed only with rmu and wmu held
	tls atomic.Pointer[tls.Conn]

	shake sync.Mutex
	lazy  atomic.Bool // the handshake waits for the first byte
	info  atomic.Pointer[TLSInfo]
	final atomic.Pointer[Info]   // what was known when it was closed
	plain atomic.Pointer[string] // why there is no TLS though it was tried
	clear Cleartext              // what was said before TLS
}

// LocalAddr is our end of the transport.
func (c *Conn) LocalAddr() net.Addr { return c.sock.LocalAddr() }

// RemoteAddr is the other end of the transport: the proxy, if there is one.
func (c *Conn) RemoteAddr() net.Addr { return c.sock.RemoteAddr() }

// Dialer is whose connection c is. For one that a Listener has accepted, it
// is a dialer of its own: what is traced, counted or cut there concerns this
// client only.
func (c *Conn) Dialer() *Dialer { return c.d }

// ID is the number by which a trace calls c; see Dialer.Numbers.
func (c *Conn) ID() int { return c.id }

// SetDeadline sets when reading and writing give up; see net.Conn. It can
// only shorten what the limits and a cut allow.
func (c *Conn) SetDeadline(t time.Time) error { return c.sock.SetDeadline(t) }

// SetReadDeadline sets when reading gives up. A time in the past ends a Read
// that waits, with nothing lost; after SetReadDeadline(time.Time{}) reading
// goes on.
func (c *Conn) SetReadDeadline(t time.Time) error { return c.sock.SetReadDeadline(t) }

// SetWriteDeadline sets when writing gives up.
func (c *Conn) SetWriteDeadline(t time.Time) error { return c.sock.SetWriteDeadline(t) }

// Interrupt ends a Read that waits. Reading goes on after SetReadDeadline.
func (c *Conn) Interrupt() { c.sock.SetReadDeadline(past) }

// SetIdle limits every wait for a byte, in and out; zero or less is no limit.
// An --idle-timeout of the user prevails.
func (c *Conn) SetIdle(limit time.Duration) {
	if own := c.d.Options.IdleTime; own > 0 {
		limit = own
	}
	c.sock.idle(limit)
}

// Spare has the kernel send files by itself. That takes half of the processor's
// time, and on a fast network, as within a machine, may take longer: it is for
// a peer that is slower than we are, since it stores what it gets.
func (c *Conn) Spare() { c.sparing.Store(true) }

// Read reads what has come. In line mode it never returns bytes of two lines.
func (c *Conn) Read(p []byte) (int, error) {
	c.rmu.Lock()
	defer c.rmu.Unlock()
	if len(p) == 0 {
		return 0, nil
	}
	if len(c.left) > 0 {
		return copy(p, c.next()), nil
	}
	if len(c.buf) == 0 && (!c.line && len(p) >= 4096 || c.packets()) {
		n, err := c.receive(p)
		if n > 0 {
			c.taken = true
			if lerr := c.reply.bytes(c, p[:n]); lerr != nil {
				return 0, lerr
			}
		}
		return n, err
	}
	if len(c.buf) == 0 {
		if err := c.fill(); err != nil {
			return 0, err
		}
	}
	return c.take(p)
}

// receive reads from the top of the wire into p, counts it and shows it.
func (c *Conn) receive(p []byte) (int, error) {
	if err := c.ready(context.Background()); err != nil {
		return 0, err
	}
	if err := c.sock.isCut(); err != nil {
		return 0, ended(err, c.where(), "")
	}
	n, err := c.top.Read(p)
	if n > 0 || err == nil && c.packets() {
		c.arrived(p[:n])
		return n, nil
	}
	if err == nil {
		err = io.ErrNoProgress
	}
	return 0, c.fail(&c.sock.r, err)
}

func (c *Conn) arrived(p []byte) {
	was := c.in.Add(int64(len(p))) - int64(len(p))
	c.d.count(in, int64(len(p)))
	c.d.firstByte(*c.usable.Load(), was == 0 && c.out.Load() == 0 && !c.server)
	c.show(in, was, p)
}

func (c *Conn) show(dir int, off int64, p []byte) {
	c.tap.show(c.d, c.id, dir, off, p, c.tls.Load() != nil, c.server, c.packets())
}

// packets reports whether each Read and Write is a message by itself.
func (c *Conn) packets() bool {
	return c.network == "udp" || c.network == "unixgram" || c.network == "unixpacket"
}

// Write writes all of p, or fails.
func (c *Conn) Write(p []byte) (int, error) {
	if err := c.ready(context.Background()); err != nil {
		return 0, err
	}
	c.wmu.Lock()
	defer c.wmu.Unlock()
	if err := c.sock.isCut(); err != nil {
		return 0, ended(err, c.where(), "")
	}
	c.show(out, c.out.Load(), p)
	n, err := c.top.Write(p)
	c.out.Add(int64(n))
	c.d.count(out, int64(n))
	if err != nil {
		return n, c.fail(&c.sock.w, err)
	}
	return n, nil
}

// CloseWrite says that we shall send no more. Reading goes on.
func (c *Conn) CloseWrite() error {
	c.wmu.Lock()
	defer c.wmu.Unlock()
	h, ok := c.top.(interface{ CloseWrite() error })
	if !ok {
		if h, ok = c.sock.Conn.(interface{ CloseWrite() error }); !ok {
			return c.unsupported("closing one direction")
		}
	}
	c.downed.Store(true)
	if err := h.CloseWrite(); err != nil {
		return c.fail(&c.sock.w, err)
	}
	return nil
}

// CloseRead says that we shall read no more. Writing goes on.
func (c *Conn) CloseRead() error {
	h, ok := c.sock.Conn.(interface{ CloseRead() error })
	if !ok {
		return c.unsupported("closing one direction")
	}
	if err := h.CloseRead(); err != nil {
		return c.fail(&c.sock.r, err)
	}
	return nil
}

// Close ends the connection. It waits at most Limits.Goodbye for TLS to say
// so. A second Close does nothing.
func (c *Conn) Close() error {
	if c.closed.Swap(true) {
		return nil
	}
	c.tap.flush(c.d, c.id, c.tls.Load() != nil)
	c.sock.set(&c.sock.w, func(x *side) { x.whole = time.Now().Add(c.limits.Goodbye) })
	c.freeze()
	var err error
	if t := c.tls.Load(); t != nil && !c.lazy.Load() {
		err = t.Close()
	} else {
		err = c.sock.Conn.Close()
	}
	c.d.leave(c)
	if c.onClose != nil {
		c.onClose()
	}
	c.d.note(c.id, "close", "closed")
	if err != nil && c.sock.isCut() == nil && !c.sock.eof.Load() {
		return c.fail(&c.sock.w, err)
	}
	return nil
}

func (c *Conn) cut(cause error) {
	c.d.note(c.id, "cut", cause.Error())
	c.sock.cut(cause)
}

// Raw is the TCP connection below when nothing stands between, for those who
// want the kernel to move bytes; nil otherwise. What is read or written there
// is neither traced nor counted.
func (c *Conn) Raw() net.Conn {
	if isTCP(c.sock.Conn) && c.tls.Load() == nil && c.Buffered() == 0 {
		return c.sock.Conn
	}
	return nil
}
