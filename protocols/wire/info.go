package wire

import (
	"crypto/tls"
	"syscall"
	"time"
)

// Info is what is known of a connection.
type Info struct {
	Peer        string        `json:"peer"`
	Local       string        `json:"local,omitempty"` // "" for a unix socket without a name
	Network     string        `json:"network"`
	Host        string        `json:"host,omitempty"`  // whom we meant to reach
	Proxy       string        `json:"proxy,omitempty"` // through which
	State       string        `json:"state"`           // as netstat has it: ESTABLISHED, CLOSE_WAIT, CLOSED …
	In          int64         `json:"in"`              // bytes, of the protocol
	Out         int64         `json:"out"`
	Buffered    int           `json:"buffered"`      // received, not yet taken
	RTT         time.Duration `json:"rtt,omitempty"` // smoothed round trip time, as TCP measures it
	RTTVar      time.Duration `json:"rtt_var,omitempty"`
	Retransmits int           `json:"retransmits"` // segments sent again, in all
	MSS         int           `json:"mss,omitempty"`
	Window      int           `json:"cwnd,omitempty"` // congestion window, in segments
	Creds       *Creds        `json:"creds,omitempty"`
	TLS         *TLSInfo      `json:"tls,omitempty"`
	NoTLS       string        `json:"no_tls,omitempty"` // why TLS was tried and left out
	Opened      time.Time     `json:"opened"`
}

// Creds is who is at the other end of a unix socket.
type Creds struct {
	PID int `json:"pid"`
	UID int `json:"uid"`
	GID int `json:"gid"`
}

// Info is what is known of the connection now, or was when it was closed.
func (c *Conn) Info() Info {
	i := c.known()
	if a := c.RemoteAddr(); a != nil {
		i.Peer = a.String()
	}
	if a := c.LocalAddr(); a != nil {
		i.Local = a.String()
		if i.Local == "@" { // a unix socket that has no name
			i.Local = ""
		}
	}
	i.Host = c.where()
	return i
}

// known is what has to be asked while the connection is open.
func (c *Conn) known() Info {
	if i := c.final.Load(); i != nil {
		return *i
	}
	i := Info{
		Network: c.network, Proxy: c.via, Opened: c.opened, State: "ESTABLISHED",
		In: c.in.Load(), Out: c.out.Load(), Buffered: c.Buffered(), TLS: c.info.Load(),
	}
	if why := c.plain.Load(); why != nil {
		i.NoTLS = *why
	}
	if r, err := c.rawConn(); err == nil {
		kernelInfo(r, c.network, &i)
	}
	return i
}

// freeze keeps what is known of a connection that is about to be closed.
func (c *Conn) freeze() {
	i := c.known()
	i.State = "CLOSED"
	c.final.Store(&i)
}

// rawConn is the way to the socket itself.
func (c *Conn) rawConn() (syscall.RawConn, error) {
	t := c.sock.Conn
	if p, ok := t.(*tls.Conn); ok {
		t = p.NetConn()
	}
	if s, ok := t.(syscall.Conn); ok {
		return s.SyscallConn()
	}
	return nil, c.unsupported("a socket option")
}

// Control calls f with the file descriptor of the socket.
func (c *Conn) Control(f func(fd uintptr)) error {
	r, err := c.rawConn()
	if err != nil {
		return err
	}
	return r.Control(f)
}

// Option reads a socket option by its name in C; see OptionNames.
func (c *Conn) Option(name string) (string, error) {
	r, err := c.rawConn()
	if err != nil {
		return "", err
	}
	return getOption(r, name)
}

// SetOption sets a socket option by its name in C: a number, a word, or for
// SO_LINGER seconds or "off".
func (c *Conn) SetOption(name, value string) error {
	r, err := c.rawConn()
	if err != nil {
		return err
	}
	return setOption(r, name, value)
}
