// Package wire is the only way from a protocol to the network.
//
// Whatever is true of every connection (proxies, TLS, timeouts, tracing,
// cancellation, limits) is true because of this package, and a protocol gets
// it by doing nothing: its library is handed a Conn.
package wire

import (
	"crypto/tls"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// A Dialer makes the connections of one session. It is the handle by which
// the shell traces them, counts them and cuts them. The exported fields are
// set before it is used.
type Dialer struct {
	Options     Options
	Limits      Limits
	Trace       func(Event)                          // nil: no tracing; set with SetTrace once connections are open
	Map         func(network, address string) string // the playground's address book; nil: none
	Warn        func(string)                         // loud remarks, such as a certificate that was not checked; called from any goroutine
	Grace       time.Duration                        // between a context's end and the cutting of the wire; zero: a second
	ShowSecrets bool                                 // do not redact traces
	Known       string                               // file of the keys of servers that --tofu has seen; "": --tofu is an error
	Under       func(net.Conn) net.Conn              // puts something under each connection that is dialled, for tests; nil: nothing
	Numbers     *atomic.Int64                        // the last number of a connection, where several dialers count together; nil: d counts by itself

	numbers atomic.Int64
	trace   atomic.Pointer[func(Event)]
	in, out atomic.Int64
	heard   atomic.Bool // a byte has come since Bind
	up      *Dialer     // of the listener, or of the session, that it is a child of
	apart   bool        // its timing and its newest connection are not up's

	mu       sync.Mutex
	wires    map[cutter]bool // what is open
	warned   map[string]bool // by warnOnce
	last     *Conn
	scheme   string // of the last Dial
	timing   Timing
	proxies  map[string]*Proxy // by how they are told who asks, and their URLs; only where up is nil
	began    time.Time
	tries    []Try
	hidden   *secrets
	sessions tls.ClientSessionCache
}

// A cutter is what Cut ends.
type cutter interface{ cut(cause error) }

// Own makes a connection that came from elsewhere, such as an accepted one,
// one of d's.
func (d *Dialer) Own(c net.Conn) *Conn {
	return d.own(&Conn{sock: &sock{Conn: c}, network: c.RemoteAddr().Network()})
}

// own completes c, of which the sock and the names are given.
func (d *Dialer) own(c *Conn) *Conn {
	c.d, c.id, c.opened, c.limits = d, d.number(), time.Now(), d.InForce()
	c.top = c.sock
	c.usable.Store(&c.opened)
	c.sock.idle(d.Options.IdleTime)
	d.join(c)
	for up := d; up != nil; up = up.told() {
		up.mu.Lock()
		up.last = c
		up.mu.Unlock()
	}
	return c
}

// Child is a dialer for one more conversation of the same session, such as a
// second login that fetches files at the same time. It has d's options and
// limits, its trace (also one that begins later), its warnings and secrets.
// Its connections are counted and cut by itself, and with d's. It has its own
// Timing, Tries and Last, and TLS sessions of its own.
func (d *Dialer) Child() *Dialer {
	c := d.child()
	c.apart = true
	return c
}

// child is a dialer for one client of a listener: cut and counted by itself,
// and with its listener.
func (d *Dialer) child() *Dialer {
	return &Dialer{
		Options: d.Options, Limits: d.Limits, Map: d.Map, Warn: d.Warn, Grace: d.Grace,
		ShowSecrets: d.ShowSecrets, Known: d.Known, Under: d.Under, up: d,
	}
}

// number is the next number of a connection.
func (d *Dialer) number() int {
	for d.Numbers == nil && d.up != nil {
		d = d.up
	}
	if d.Numbers != nil {
		return int(d.Numbers.Add(1))
	}
	return int(d.numbers.Add(1))
}

// told is the dialer that hears of d's timing and newest connection, or nil.
func (d *Dialer) told() *Dialer {
	if d.apart {
		return nil
	}
	return d.up
}

func (d *Dialer) join(c cutter) {
	for ; d != nil; d = d.up {
		d.mu.Lock()
		if d.wires == nil {
			d.wires = map[cutter]bool{}
		}
		d.wires[c] = true
		d.mu.Unlock()
	}
}

func (d *Dialer) leave(c cutter) {
	for ; d != nil; d = d.up {
		d.mu.Lock()
		delete(d.wires, c)
		d.mu.Unlock()
	}
}

// Conns are the open connections, the oldest first.
func (d *Dialer) Conns() []*Conn {
	d.mu.Lock()
	defer d.mu.Unlock()
	var all []*Conn
	for w := range d.wires {
		if c, ok := w.(*Conn); ok {
			all = append(all, c)
		}
	}
	sortConns(all)
	return all
}

// Last is the newest connection, also when it is closed by now, or nil.
func (d *Dialer) Last() *Conn {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.last
}
