package socket

import (
	"context"
	"errors"
	"io"
	"net"
	"slices"
	"sync/atomic"
	"syscall"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/talk"
	"wireline/protocols/wire"
)

// A Datagram is a socket that keeps the bounds between messages: UDP, a Unix
// datagram socket, or a Unix seqpacket connection. It has a peer when it was
// connected, and takes from and sends to anyone when it was only bound.
type Datagram struct {
	conn   *wire.Conn       // nil when it has no peer
	bound  *wire.PacketConn // nil when it has one
	dialer *wire.Dialer
	target wire.Target

	room  []byte    // for the next message
	queue []message // came and was not taken
	held  int       // bytes in queue
	end   error     // why nothing more comes
	told  bool      // Idle has told of the end

	last atomic.Pointer[string] // who sent the newest message
}

// A message is one datagram and who sent it.
type message struct {
	from string
	data []byte
	anc  wire.Ancillary
}

// largest is more than any datagram holds, so none is cut.
const largest = 64 << 10

func newDatagram(p protocols.Peer, c *wire.Conn, b *wire.PacketConn) *Datagram {
	return &Datagram{conn: c, bound: b, dialer: p.Dialer, target: p.Target}
}

// Where is empty while the peer may send.
func (s *Datagram) Where() string {
	if s.end != nil {
		return " (closed by peer)"
	}
	return ""
}

// Close closes the socket; a datagram protocol knows no goodbye.
func (s *Datagram) Close() error {
	if s.conn != nil {
		return s.conn.Close()
	}
	return s.bound.Close()
}

// fill waits for one message and keeps it.
func (s *Datagram) fill(ctx context.Context) error {
	if s.end != nil {
		return s.end
	}
	if s.room == nil {
		s.room = make([]byte, largest)
	}
	var m message
	err := s.politely(ctx, func() error {
		n, from, anc, err := s.read(s.room)
		if err == nil {
			m = message{text(from), slices.Clone(s.room[:n]), anc}
		}
		return err
	})
	if err != nil {
		return s.failed(ctx, err)
	}
	s.queue = append(s.queue, m)
	s.held += len(m.data)
	s.last.Store(&m.from)
	return nil
}

func (s *Datagram) read(p []byte) (int, net.Addr, wire.Ancillary, error) {
	if s.conn != nil {
		n, err := s.conn.Read(p)
		return n, s.conn.RemoteAddr(), wire.Ancillary{}, err
	}
	return s.bound.ReadMessage(p)
}

func (s *Datagram) politely(ctx context.Context, op func() error) error {
	if s.conn != nil {
		return talk.Politely(ctx, s.conn.SetReadDeadline, op)
	}
	return talk.Politely(ctx, s.bound.SetReadDeadline, op)
}

// failed tells errors that end a socket from those of one message: that
// nobody listened for one says nothing about the next.
func (s *Datagram) failed(ctx context.Context, err error) error {
	switch {
	case talk.Over(err, ctx):
		return err
	case errors.Is(err, syscall.ECONNREFUSED):
		return &fault.Error{Kind: fault.Connect, At: s.peer(), Err: err,
			Text: "nobody listens there: an earlier datagram came back as unreachable"}
	case err == io.EOF, errors.Is(err, net.ErrClosed), errors.Is(err, syscall.ECONNRESET):
		s.end = err
	}
	return err
}

// gone is the error of a verb that wanted a message when none will come.
func (s *Datagram) gone() error {
	if s.end != io.EOF {
		return s.end
	}
	return &fault.Error{Kind: fault.Recv, At: s.peer(), Text: "the peer has closed; nothing more comes"}
}

func (s *Datagram) peer() string {
	if s.conn == nil {
		return s.bound.LocalAddr().String()
	}
	if a := s.conn.RemoteAddr(); a != nil && a.String() != "" {
		return a.String()
	}
	if s.target.URL != nil {
		return s.target.String()
	}
	return "the peer"
}

func (s *Datagram) options() optioner {
	if s.conn != nil {
		return s.conn
	}
	return s.bound
}

// BoundInfo is what info shows of a socket without a peer.
type BoundInfo struct {
	wire.Info
	Waiting int    `json:"waiting"`             // datagrams that came and were not taken
	Last    string `json:"last_from,omitempty"` // who sent the newest one
}

// Info is the state of the socket.
func (s *Datagram) Info() any {
	if s.conn != nil {
		return Info{s.conn.Info(), len(s.queue), s.end != nil, s.conn.Dialer().Tries()}
	}
	i := BoundInfo{Info: s.bound.Info(), Waiting: len(s.queue)}
	if from := s.last.Load(); from != nil {
		i.Last = *from
	}
	return i
}

// A port is a Datagram that goes by the name of its own address.
type port struct{ *Datagram }

// Named is the local address.
func (p port) Named() string { return p.peer() }

// Message tells what it is bound to.
func (p port) Message() string { return "bound to " + p.peer() + "; recvfrom takes what comes" }

// A visitor is a Datagram session that came to us: a seqpacket client.
type visitor struct {
	*Datagram
	began string
}

// Named is the peer's address.
func (v visitor) Named() string { return v.peer() }

// Wire is its own, not that of the listener.
func (v visitor) Wire() *wire.Dialer { return v.conn.Dialer() }

// Message tells how it came.
func (v visitor) Message() string { return v.began }
