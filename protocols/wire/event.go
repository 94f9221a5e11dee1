package wire

import (
	"net/netip"
	"time"
)

// An Event is something that happened on a wire, with secrets already
// replaced by ***.
type Event struct {
	Time   time.Time `json:"time"`
	Conn   int       `json:"conn"`           // Conn.ID
	What   string    `json:"what"`           // send, recv; resolve, try, dial, proxy, tls, upgrade, socket, bind, listen, accept, refuse, peer, cut, close
	Data   []byte    `json:"data,omitempty"` // for send and recv: what was said, whatever the transport
	Note   string    `json:"note,omitempty"` // one line for people
	Secure bool      `json:"secure"`         // said under TLS
	Offset int64     `json:"offset"`         // of Data in its direction
}

// A Timing is how long each phase took; zero for one that did not happen.
type Timing struct {
	DNS       time.Duration `json:"dns"`
	Connect   time.Duration `json:"connect"`
	TLS       time.Duration `json:"tls"`
	Greeting  time.Duration `json:"greeting"`
	FirstByte time.Duration `json:"first_byte"`
}

// A Try is one address that was tried.
type Try struct {
	Addr  netip.AddrPort `json:"addr"`
	After time.Duration  `json:"after"` // since the dial began
	Took  time.Duration  `json:"took"`
	Err   string         `json:"error,omitempty"` // "" for the one that answered
}
