package wire

import (
	"context"
	"errors"
	"net"
	"strings"
	"sync"
	"sync/atomic"

	"wireline/protocols/fault"
)

// An oracle remembers what the name servers said of a name, for the standard
// resolver tells a name that does not exist from one without addresses only
// in the answer itself.
type oracle struct {
	host  string
	exact atomic.Int32 // RCODE for the name itself, plus one
	other atomic.Int32 // for the name with a search domain appended

	mu     sync.Mutex
	conns  []net.Conn
	over   bool
	circle string // the aliases of the name, when they lead back to one of them
}

// track keeps a connection to a name server, so that a look-up which nobody
// waits for any more does not go on.
func (o *oracle) track(c net.Conn) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.over {
		c.Close()
		return net.ErrClosed
	}
	o.conns = append(o.conns, c)
	return nil
}

// end ends what the resolver still does.
func (o *oracle) end() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.over = true
	for _, c := range o.conns {
		c.Close()
	}
}

func (o *oracle) rcode() int32 {
	if n := o.exact.Load(); n > 0 {
		return n - 1
	}
	return o.other.Load() - 1
}

// note looks at the header and the question of a DNS message (RFC 1035,
// section 4.1).
func (o *oracle) note(p []byte) {
	if len(p) < 12 || p[2]&0x80 == 0 {
		return
	}
	var name []string
	for q := p[12:]; len(q) > 0 && q[0] > 0 && int(q[0]) < len(q); q = q[1+q[0]:] {
		name = append(name, string(q[1:1+q[0]]))
	}
	at := &o.other
	if strings.EqualFold(strings.Join(name, "."), strings.TrimSuffix(o.host, ".")) {
		at = &o.exact
	}
	at.Store(int32(p[3]&15) + 1)
	if circle := circle(aliases(p), strings.Join(name, ".")); circle != "" {
		o.mu.Lock()
		defer o.mu.Unlock()
		o.circle = circle
	}
}

// inCircle is the circle of aliases that an answer had, or "".
func (o *oracle) inCircle() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.circle
}

type udpOracle struct {
	*net.UDPConn
	o *oracle
}

func (c udpOracle) Read(p []byte) (int, error) {
	n, err := c.UDPConn.Read(p)
	c.o.note(p[:n])
	return n, err
}

type tcpOracle struct {
	net.Conn
	o *oracle
}

func (c tcpOracle) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.o.note(p[:n]) // the length and the message are read apart
	return n, err
}

// dnsFault says why a lookup failed. The five causes read differently.
func dnsFault(ctx context.Context, host, family, server string, o *oracle, err error) error {
	if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, errLimit) {
		return ended(cause, host, "resolve")
	}
	var d *net.DNSError
	errors.As(err, &d)
	f := &fault.Error{At: host, Phase: "resolve", Kind: fault.Resolve, Err: err}
	by := ""
	if server != "" {
		by = " " + server
	}
	switch rcode := o.rcode(); {
	case context.Cause(ctx) != nil, d != nil && d.IsTimeout:
		f.Text = "the name server" + by + " did not answer"
		f.Hint = "check the network, or ask another server with --dns ADDR"
	case rcode == 3:
		f.Text = "there is no such name"
		f.Hint = "check the spelling"
	case rcode == 2:
		f.Text = "the name server" + by + " failed (SERVFAIL)"
		f.Hint = "try again, or ask another server with --dns ADDR"
	case rcode == 5:
		f.Text = "the name server" + by + " refused to answer (REFUSED)"
		f.Hint = "ask another server with --dns ADDR"
	case o.inCircle() != "":
		f.Text = "its aliases lead in a circle: " + o.inCircle()
		f.Hint = "only who keeps the name can mend that"
	case rcode == 0 && d != nil && d.IsNotFound:
		f.Text = "the name exists but has no " + family + "address"
	case d != nil && d.IsNotFound:
		f.Text = "the name is not known"
		f.Hint = "check the spelling"
	case d != nil:
		f.Text = "the name server" + by + " could not be asked: " + plain(err, d.Err)
	default:
		f.Text = plain(err, err.Error())
	}
	return f
}
