package socket

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net"
	"syscall"
	"time"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/talk"
	"wireline/protocols/verb"
)

// Send sends one datagram to the peer, or a file in several.
func (s *Datagram) Send(ctx context.Context, a SendArgs) (any, error) { return send(ctx, s, a) }

// Put sends a file in datagrams.
func (s *Datagram) Put(ctx context.Context, a PutArgs) (*Sent, error) { return put(ctx, s, a) }

// Raw sends a line in a datagram.
func (s *Datagram) Raw(ctx context.Context, a RawArgs) (any, error) { return raw(ctx, s, a) }

func (s *Datagram) connected() error {
	if s.conn == nil {
		return fault.New(fault.Usage, "the socket has no peer").WithHint("sendto HOST PORT TEXT, or connect first")
	}
	return nil
}

func (s *Datagram) write(_ context.Context, p []byte) (int64, error) {
	if err := s.connected(); err != nil {
		return 0, err
	}
	n, err := s.conn.Write(p)
	return int64(n), s.unsent(err, len(p))
}

// unsent is err in words for people.
func (s *Datagram) unsent(err error, size int) error {
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return &fault.Error{Kind: fault.Connect, At: s.peer(), Err: err,
			Text: "nobody listens there: the datagram before came back as unreachable, and this one was not sent"}
	case errors.Is(err, syscall.EMSGSIZE):
		return &fault.Error{Kind: fault.BadArgument, At: s.peer(), Err: err, Text: talk.Amount(int64(size)) + " do not fit into one datagram"}
	}
	return err
}

func (s *Datagram) once(p []byte) (int64, error) { return s.write(context.Background(), p) }

func (s *Datagram) urgent([]byte) (int64, error) {
	return 0, fault.New(fault.Unsupported, "datagrams know no urgent data")
}

// batch is how many datagrams go to the kernel at a time.
const batch = 64

// pump sends in as datagrams of a.Size bytes.
func (s *Datagram) pump(ctx context.Context, in verb.Input, a Pace) (*Sent, error) {
	if err := s.connected(); err != nil {
		return nil, err
	}
	size := int(a.Size)
	if size == 0 {
		size = 1400
	}
	if size > largest {
		return nil, fault.New(fault.BadArgument, "%s do not fit into one datagram", talk.Amount(int64(size)))
	}
	sent, start, hash := &Sent{File: in.Name}, time.Now(), sha256.New()
	n := batch
	if a.Rate > 0 {
		n = 1
	}
	block := make([]byte, size*n)
	for {
		got, err := io.ReadFull(in, block)
		if !a.NoHash {
			hash.Write(block[:got])
		}
		if werr := s.pieces(block[:got], size, sent); werr != nil {
			return nil, werr
		}
		switch {
		case err == io.EOF || err == io.ErrUnexpectedEOF:
			sent.Took = time.Since(start)
			if !a.NoHash {
				sent.SHA256 = hex.EncodeToString(hash.Sum(nil))
			}
			return sent, nil
		case err != nil:
			return nil, unread(in, err)
		case ctx.Err() != nil:
			return nil, talk.Ended(ctx)
		}
		if err := a.hold(ctx, start, sent.Bytes); err != nil {
			return nil, err
		}
	}
}

// pieces sends p as datagrams of size bytes.
func (s *Datagram) pieces(p []byte, size int, sent *Sent) error {
	var list [][]byte
	for rest := p; len(rest) > 0; {
		n := min(size, len(rest))
		list, rest = append(list, rest[:n]), rest[n:]
	}
	if len(list) == 0 {
		return nil
	}
	if err := s.conn.WriteBatch(list); err != nil {
		return s.unsent(err, size)
	}
	sent.Bytes += int64(len(p))
	sent.Datagrams += int64(len(list))
	return nil
}

// SendToArgs are those of sendto.
type SendToArgs struct {
	Host string   `arg:"host" help:"to whom; for a unix socket its path" complete:"host"`
	Rest []string `arg:"port-and-text..." help:"the port, and what to send; several words are joined by a blank" escapes:"yes"`
	Hex  bool     `flag:"hex" help:"the text is hexadecimal digits, blanks are free"`
	EOL  string   `flag:"eol" enum:"crlf,lf,none" help:"end the text with this"`
	After
}

// SendTo sends one datagram to whom it names.
func (s *Datagram) SendTo(ctx context.Context, a SendToArgs) (any, error) {
	if s.bound == nil {
		return nil, fault.New(fault.Usage, "the socket has a peer already").WithHint("send TEXT sends to %s; bind udp :0 makes a socket for several", s.peer())
	}
	to, words, err := a.address(s.bound.LocalAddr().Network())
	if err != nil {
		return nil, err
	}
	p, _, err := (&SendArgs{Text: words, Hex: a.Hex, EOL: a.EOL}).content()
	if err != nil {
		return nil, err
	}
	n, err := s.bound.WriteTo(p, to)
	if err != nil {
		return nil, s.unsent(err, len(p))
	}
	if !a.wanted() {
		return &Sent{Bytes: int64(n), To: to}, nil
	}
	a.HexOut = a.HexOut || a.Hex
	res, err := s.after(ctx, a.After)
	if err != nil {
		return nil, err
	}
	if r, ok := res.(*Received); ok {
		r.Sent = int64(n)
	}
	return res, nil
}

// address takes the address off the front of the words: HOST PORT, HOST:PORT
// or a path.
func (a *SendToArgs) address(network string) (to string, words []string, err error) {
	if network == "unixgram" {
		return a.Host, a.Rest, nil
	}
	if _, _, err := net.SplitHostPort(a.Host); err == nil {
		return a.Host, a.Rest, nil
	}
	if len(a.Rest) == 0 {
		return "", nil, fault.New(fault.Usage, "missing port after %s", a.Host)
	}
	return net.JoinHostPort(a.Host, a.Rest[0]), a.Rest[1:], nil
}

// GroupArgs are those of join and leave.
type GroupArgs struct {
	Group     string `arg:"group" help:"multicast address, such as 239.1.2.3"`
	Interface string `arg:"interface?" help:"network interface; the system chooses if left out"`
}

func (a GroupArgs) check() error {
	return errors.Join(protocols.OneLine("group", a.Group), protocols.OneLine("interface", a.Interface))
}

// Join makes the socket receive what is sent to a multicast group.
func (s *Datagram) Join(_ context.Context, a GroupArgs) (*Done, error) {
	if err := a.check(); err != nil {
		return nil, err
	}
	if s.bound == nil {
		return nil, fault.New(fault.Usage, "only a bound socket receives from a group").WithHint("bind udp 0.0.0.0:PORT")
	}
	if err := s.bound.Join(a.Group, a.Interface); err != nil {
		return nil, err
	}
	return &Done{Text: "joined " + a.Group}, nil
}

// Leave ends what Join began.
func (s *Datagram) Leave(_ context.Context, a GroupArgs) (*Done, error) {
	if err := a.check(); err != nil {
		return nil, err
	}
	if s.bound == nil {
		return nil, fault.New(fault.Usage, "the socket is in no group")
	}
	if err := s.bound.Leave(a.Group, a.Interface); err != nil {
		return nil, err
	}
	return &Done{Text: "left " + a.Group}, nil
}

// Sockopt reads or sets a socket option.
func (s *Datagram) Sockopt(_ context.Context, a SockoptArgs) (any, error) {
	return sockopt(s.options(), a)
}

// Shutdown ends one direction of a connected socket.
func (s *Datagram) Shutdown(_ context.Context, a ShutdownArgs) (*Done, error) {
	if err := s.connected(); err != nil {
		return nil, err
	}
	return shutdown(s.conn, a.How)
}
