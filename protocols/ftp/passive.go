package ftp

import (
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"

	"wireline/protocols/fault"
)

const passiveMode = 227

// A dataAddress is what PASV and PORT speak of (RFC 959, section 4.1.2).
type dataAddress [6]byte

// parsePASV finds the address in the text of a reply to PASV: the first six
// numbers with commas between them, whatever stands around (RFC 1123, section
// 4.1.2.6).
func parsePASV(text string) (a dataAddress, ok bool) {
	for start := 0; start < len(text); start++ {
		if !digit(text[start]) || start > 0 && (digit(text[start-1]) || text[start-1] == ',') {
			continue
		}
		rest := text[start:]
		i := 0
		for ; i < len(a); i++ {
			n := 0
			for n < len(rest) && digit(rest[n]) {
				n++
			}
			v, err := strconv.ParseUint(rest[:n], 10, 8)
			if err != nil {
				break
			}
			a[i], rest = byte(v), rest[n:]
			if i < len(a)-1 {
				if rest == "" || rest[0] != ',' {
					break
				}
				rest = strings.TrimLeft(rest[1:], " ")
			}
		}
		if i == len(a) {
			return a, true
		}
	}
	return dataAddress{}, false
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

func (a dataAddress) String() string {
	return fmt.Sprintf("%d,%d,%d,%d,%d,%d", a[0], a[1], a[2], a[3], a[4], a[5])
}

// reply is the address as the library can read it.
func (a dataAddress) reply() []byte {
	return fmt.Appendf(nil, "227 Entering Passive Mode (%s)\r\n", a)
}

// dataAddressOf is a for PORT; only IPv4 has one.
func dataAddressOf(ap netip.AddrPort) (a dataAddress, ok bool) {
	ip := ap.Addr().Unmap()
	if !ip.Is4() {
		return a, false
	}
	b := ip.As4()
	copy(a[:], b[:])
	a[4], a[5] = byte(ap.Port()>>8), byte(ap.Port())
	return a, true
}

// dialData opens the data connection that the library asks for. The host is
// that of the control connection, whatever the server has named, unless the
// user trusts it.
func (s *Session) dialData(addr string) (net.Conn, error) {
	d := &data{s: s, ctx: s.opening}
	if l := s.act.waiting; l != nil {
		s.act.waiting = nil
		d.waiting = l
		s.data.Store(d)
		return d, nil
	}
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	if n, err := strconv.Atoi(port); err != nil || n < 1024 || n > 65535 {
		return nil, &fault.Error{Kind: fault.Protocol, At: s.target.String(), Text: "the server names port " + quote(port) + " for a data connection"}
	}
	if host == nowhere.IP.String() {
		host = s.host()
	}
	d.conn, err = s.wire.Next(d.ctx, net.JoinHostPort(host, port), s.target.Hostname(), s.private())
	if err != nil {
		return nil, noData(err)
	}
	d.conn.Spare()
	s.data.Store(d)
	return d, nil
}

// noData is why there is no data connection, told apart from there being no
// server.
func noData(err error) error {
	f, ok := err.(*fault.Error)
	if !ok || f.Kind != fault.Connect {
		return err
	}
	e := *f
	e.Phase, e.Text, e.Hint = "body", "no data connection: "+f.Text, "a firewall may be in between; passive off"
	return &e
}

// host is where data connections go: the very address of the control
// connection, or the name where a proxy looks it up.
func (s *Session) host() string {
	if s.ctl.proxied {
		return s.target.Hostname()
	}
	host, _, err := net.SplitHostPort(s.ctl.Conn.RemoteAddr().String())
	if err != nil {
		return s.target.Hostname()
	}
	return host
}
