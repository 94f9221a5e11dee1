package socket

import (
	"fmt"
	"strings"
	"time"

	"wireline/protocols/talk"
)

// Sent tells what was sent.
type Sent struct {
	Call      string        `json:"call,omitempty"` // the system call, when the socket is led step by step
	Bytes     int64         `json:"bytes"`
	Datagrams int64         `json:"datagrams,omitempty"`
	To        string        `json:"to,omitempty"`
	File      string        `json:"file,omitempty"`
	SHA256    string        `json:"sha256,omitempty"`
	Took      time.Duration `json:"took,omitempty"`
}

// Message is the one line that tells what was sent.
func (s *Sent) Message() string {
	var b strings.Builder
	if s.Call != "" {
		return s.Call
	}
	b.WriteString("sent " + talk.Amount(s.Bytes))
	if s.Datagrams > 1 {
		fmt.Fprintf(&b, " in %d datagrams", s.Datagrams)
	}
	if s.To != "" {
		b.WriteString(" to " + s.To)
	}
	if s.File != "" {
		b.WriteString(" of " + s.File)
	}
	if s.Took > 0 {
		b.WriteString(" in " + talk.Seconds(s.Took))
	}
	if s.SHA256 != "" {
		b.WriteString(", sha256 " + s.SHA256)
	}
	return b.String()
}

func (s *Sent) step(fd int) {
	s.Call = fmt.Sprintf("send(%d, %s) = %d", fd, talk.Amount(s.Bytes), s.Bytes)
}

// Received is what came. As text it is exactly the bytes that came.
type Received struct {
	Call      string `json:"call,omitempty"` // the system call, when the socket is led step by step
	Sent      int64  `json:"sent,omitempty"` // bytes sent before, by the same command
	From      string `json:"from,omitempty"` // who sent it, on a socket with several peers
	Datagrams int    `json:"datagrams,omitempty"`
	Truncated bool   `json:"truncated,omitempty"`   // the rest of the datagram was dropped
	To        string `json:"destination,omitempty"` // the local address it came to
	Interface string `json:"interface,omitempty"`   // and by which interface
	TTL       int    `json:"ttl,omitempty"`         // what is left of its time to live
	talk.Words
	room int // what recv(2) was asked for; 0 is all
}

// received makes the result of the bytes that came.
func received(p []byte, asHex bool) *Received {
	return &Received{Words: talk.Came(p, asHex)}
}

// Raw is what came, or its hexadecimal form when that was asked for.
func (r *Received) Raw() []byte { return r.Plain() }

func (r *Received) step(fd int) {
	n := r.room
	if n == 0 {
		n = largest
	}
	r.Call = fmt.Sprintf("recv(%d, %d) = %d", fd, n, r.Bytes)
}

// A Call is what came, as a socket that is led step by step shows it: a
// record, so that the system call is told too.
type Call Received

// Done tells that a thing was done which yields nothing.
type Done struct {
	Call string `json:"call,omitempty"` // the system call, when the socket is led step by step
	Text string `json:"text"`
	call string
}

// Message is the line that tells it.
func (d *Done) Message() string {
	if d.Call != "" {
		return d.Call
	}
	return d.Text
}

func (d *Done) step(fd int) {
	if d.call != "" {
		d.Call = fmt.Sprintf(d.call, fd) + " = 0"
	}
}
