package socket

import (
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/talk"
	"wireline/protocols/wire"
)

// A Stream is a connection that carries bytes without bounds between them:
// TCP, TLS or a Unix stream socket, connected or accepted.
type Stream struct {
	conn   *wire.Conn
	target wire.Target

	talk.Inbox
}

func newStream(p protocols.Peer, c *wire.Conn) *Stream {
	s := &Stream{conn: c, target: p.Target}
	s.Inbox = talk.Inbox{Peer: "the peer", Gone: "closed its side", Fill: s.fill, More: s.more, At: s.at}
	return s
}

// Where is empty while both sides may speak.
func (s *Stream) Where() string {
	if s.End != nil {
		return " (closed by peer)"
	}
	return ""
}

// Stream is the connection, for whoever moves its bytes elsewhere. What Take
// gives comes first.
func (s *Stream) Stream() *wire.Conn { return s.conn }

// linger is how long Close waits for the peer to close too.
const linger = 100 * time.Millisecond

// Close says that nothing more will be sent, gives the peer a moment to agree
// and closes. To close at once could destroy what is still on its way.
func (s *Stream) Close() error {
	if s.conn.Info().Out > 0 && s.End == nil && s.conn.CloseWrite() == nil {
		s.conn.SetReadDeadline(time.Now().Add(linger))
		io.Copy(io.Discard, io.LimitReader(s.conn, 16*talk.Most))
	}
	return s.conn.Close()
}

// fill waits for one byte or more to come and keeps them. It fails with
// io.EOF when the peer closed, and politely when ctx ends.
func (s *Stream) fill(ctx context.Context) error {
	if s.End != nil {
		return s.End
	}
	room := 2 << 10
	if len(s.Buf) > room {
		room = min(len(s.Buf), 256<<10)
	}
	s.Buf = slices.Grow(s.Buf, room)
	var n int
	err := talk.Politely(ctx, s.conn.SetReadDeadline, func() (err error) {
		n, err = s.conn.Read(s.Buf[len(s.Buf):cap(s.Buf)])
		return err
	})
	s.Buf = s.Buf[:len(s.Buf)+n]
	s.In += int64(n)
	if err != nil && !talk.Over(err, ctx) {
		s.End = s.whole(err)
		err = s.End
	}
	if n > 0 {
		return nil
	}
	return err
}

// whole is err, unless it is an end of the stream that somebody other than
// the peer may have made: under TLS the peer says that it is the end.
func (s *Stream) whole(err error) error {
	if err == io.EOF && s.conn.Truncated() {
		return s.at(fault.New(fault.Partial, "TLS truncation: the connection ended without a close_notify after %s, and more may have been meant to come", talk.Amount(s.In)))
	}
	return err
}

// gone is the error of a verb that wanted bytes when none will come.
func (s *Stream) gone() error {
	if s.End != io.EOF {
		return s.End
	}
	if s.In == 0 {
		return s.at(fault.New(fault.Empty, "the peer closed the connection without a byte"))
	}
	return s.at(fault.New(fault.Recv, "the peer has closed its side after %s; nothing more comes", talk.Amount(s.In)).
		WithHint("send still works if the peer only stopped sending; close ends the session"))
}

func (s *Stream) at(e *fault.Error) error {
	e.At = s.peer()
	return e
}

func (s *Stream) peer() string {
	if s.target.URL != nil && s.target.Net() != "tcp" {
		return s.target.String()
	}
	return who(s.conn)
}

// write sends all of p, and ends politely when ctx ends: the error then says
// how much was sent.
func (s *Stream) write(ctx context.Context, p []byte) (int64, error) {
	n, err := 0, error(nil)
	if len(p) > 0 {
		err = talk.Politely(ctx, s.conn.SetWriteDeadline, func() (err error) {
			n, err = s.conn.Write(p)
			return err
		})
	}
	if err != nil && talk.Over(err, ctx) {
		return int64(n), s.at(&fault.Error{Kind: fault.Of(err), Err: err,
			Text: fmt.Sprintf("the peer does not read: %d of %s sent", n, talk.Amount(int64(len(p))))})
	}
	return int64(n), err
}

// A guest is a Stream that came to us: it goes by the name of its peer.
type guest struct {
	*Stream
	began string
}

// Named is the peer's address.
func (g guest) Named() string { return g.peer() }

// Wire is its own, not that of the listener.
func (g guest) Wire() *wire.Dialer { return g.conn.Dialer() }

// Message tells how it came, in one line.
func (g guest) Message() string { return g.began }
