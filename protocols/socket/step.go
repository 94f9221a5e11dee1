package socket

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/talk"
	"wireline/protocols/verb"
	"wireline/protocols/wire"
)

// A Step is a socket that the user leads through its life one system call at
// a time, as in a textbook. Once it has a peer, or an address for datagrams,
// it has the verbs of such a session too.
type Step struct {
	sock    *wire.Socket
	peer    protocols.Peer
	network string
	now     protocols.Session // what it has become; nil until then
}

// NoArgs are those of a verb that takes none.
type NoArgs struct{}

func plainSocket(p protocols.Peer, _ context.Context, _ NoArgs) (protocols.Session, error) {
	return newStep(p)
}

func unixSocket(p protocols.Peer, _ context.Context, k Kind) (protocols.Session, error) {
	p, err := k.of(p)
	if err != nil {
		return nil, err
	}
	return newStep(p)
}

// newStep makes a socket and does nothing with it.
func newStep(p protocols.Peer) (protocols.Session, error) {
	network := p.Target.Net()
	if p.Options.IPv6 && (network == "tcp" || network == "udp") {
		network += "6"
	}
	sock, err := p.Dialer.Socket(network)
	if err != nil {
		return nil, err
	}
	return &Step{sock: sock, peer: p, network: network}, nil
}

// Where is the state that the calls have led to.
func (s *Step) Where() string {
	if state := s.sock.State(); state != "" {
		return " " + state
	}
	return ""
}

// Named is the file descriptor.
func (s *Step) Named() string { return fmt.Sprintf("socket %d", s.sock.FD()) }

// Message tells the call that made it.
func (s *Step) Message() string {
	family, kind := "AF_INET", "SOCK_STREAM"
	switch {
	case strings.HasPrefix(s.network, "unix"):
		family = "AF_UNIX"
	case strings.HasSuffix(s.network, "6"):
		family = "AF_INET6"
	}
	switch {
	case s.datagrams():
		kind = "SOCK_DGRAM"
	case s.network == "unixpacket":
		kind = "SOCK_SEQPACKET"
	}
	return fmt.Sprintf("socket(%s, %s) = %d", family, kind, s.sock.FD())
}

func (s *Step) datagrams() bool {
	return strings.HasPrefix(s.network, "udp") || s.network == "unixgram"
}

// Close closes the socket.
func (s *Step) Close() error {
	if s.now != nil {
		s.now.Close()
	}
	return s.sock.Close()
}

// AddressArgs are those of bind and connect.
type AddressArgs struct {
	Host string `arg:"host" help:"host, HOST:PORT, or the path of a Unix socket; \"\" is any address" complete:"host"`
	Port string `arg:"port?" help:"port number or service name; 0 lets the system choose"`
}

// Bind gives the socket an address of its own.
func (s *Step) Bind(_ context.Context, a AddressArgs) (*Done, error) {
	host, port := split(s.network, a.Host, a.Port)
	if err := s.sock.Bind(host, port); err != nil {
		return nil, err
	}
	if s.datagrams() {
		s.now = newDatagram(s.peer, nil, s.sock.Packet())
	}
	return s.called("bind(%d, %s) = 0", s.sock.FD(), s.address(host, port)), nil
}

// address is an address as the call has it.
func (s *Step) address(host, port string) string {
	if strings.HasPrefix(s.network, "unix") {
		return "'" + host + "'"
	}
	if _, err := fmt.Sscanf(port, "%d", new(int)); err != nil {
		port = "'" + port + "'"
	}
	return fmt.Sprintf("('%s', %s)", host, port)
}

func (s *Step) called(format string, a ...any) *Done {
	return &Done{Call: fmt.Sprintf(format, a...), Text: s.sock.Name()}
}

// BacklogArgs are those of listen.
type BacklogArgs struct {
	Backlog int `arg:"backlog?" help:"how many clients may wait; 5 if left out"`
}

// Listen lets clients connect.
func (s *Step) Listen(_ context.Context, a BacklogArgs) (*Done, error) {
	if a.Backlog == 0 {
		a.Backlog = 5
	}
	if err := s.sock.Listen(a.Backlog); err != nil {
		return nil, err
	}
	return s.called("listen(%d, %d) = 0, at %s", s.sock.FD(), a.Backlog, s.sock.Name()), nil
}

// Accept waits for a client and makes a session of it.
func (s *Step) Accept(ctx context.Context) (protocols.Session, error) {
	c, err := s.sock.Accept(ctx)
	if err != nil {
		return nil, s.why(ctx, err)
	}
	fd := -1
	c.Control(func(n uintptr) { fd = int(n) })
	p := s.peer
	p.Target.Scheme.Network = s.network
	return arrived(p, c, fmt.Sprintf("accept(%d) = (%d, %s)", s.sock.FD(), fd, pair(who(c)))), nil
}

func (s *Step) why(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return talk.Ended(ctx)
	}
	return err
}

func (s *Step) accept(ctx context.Context, _ NoArgs) (protocols.Session, error) { return s.Accept(ctx) }

// Connect gives the socket a peer.
func (s *Step) Connect(ctx context.Context, a AddressArgs) (*Done, error) {
	host, port := split(s.network, a.Host, a.Port)
	c, err := s.sock.Connect(ctx, host, port)
	if err != nil {
		return nil, s.why(ctx, err)
	}
	if s.datagrams() || s.network == "unixpacket" {
		s.now = newDatagram(s.peer, c, nil)
	} else {
		s.now = newStream(s.peer, c)
	}
	return s.called("connect(%d, %s) = 0", s.sock.FD(), s.address(host, port)), nil
}

// SendTo sends a datagram from a socket that may have no address yet: the
// system gives it one.
func (s *Step) SendTo(ctx context.Context, a SendToArgs) (any, error) {
	if d, ok := s.now.(*Datagram); ok {
		return d.SendTo(ctx, a)
	}
	if !s.datagrams() {
		return nil, fault.New(fault.Unsupported, "sendto is for datagrams").WithHint("connect, then send")
	}
	to, words, err := a.address(s.network)
	if err != nil {
		return nil, err
	}
	p, _, err := (&SendArgs{Text: words, Hex: a.Hex, EOL: a.EOL}).content()
	if err != nil {
		return nil, err
	}
	host, port := split(s.network, to, "")
	n, err := s.sock.SendTo(p, host, port)
	if err != nil {
		return nil, err
	}
	s.now = newDatagram(s.peer, nil, s.sock.Packet())
	return &Sent{Call: fmt.Sprintf("sendto(%d, %s, %s) = %d", s.sock.FD(), talk.Amount(int64(len(p))), s.address(host, port), n), Bytes: int64(n), To: to}, nil
}

// current is the session that the calls have made of the socket.
func (s *Step) current() (protocols.Session, error) {
	if s.now != nil {
		return s.now, nil
	}
	return nil, fault.New(fault.Usage, "the socket has no peer yet: its state is %s", s.sock.State()).
		WithHint("a client calls connect; a server calls bind, listen and accept, and uses the session that accept makes")
}

// Sockopt reads or sets a socket option.
func (s *Step) Sockopt(ctx context.Context, a SockoptArgs) (any, error) {
	if t, ok := s.now.(tunable); ok {
		return t.Sockopt(ctx, a)
	}
	o, ok := any(s.sock).(optioner)
	if !ok {
		return nil, fault.New(fault.Unsupported, "the options of a socket without a peer cannot be read here")
	}
	return sockopt(o, a)
}

// Idle tells what comes once the socket has a peer.
func (s *Step) Idle(ctx context.Context) verb.Stream[verb.Notice] {
	if i, ok := s.now.(protocols.Idler); ok {
		return i.Idle(ctx)
	}
	return func(func(verb.Notice, error) bool) {}
}

// Expect waits for text once the socket has a peer.
func (s *Step) Expect(ctx context.Context, patterns []*regexp.Regexp, timeout time.Duration) (index int, match, before []byte, err error) {
	if e, ok := s.now.(protocols.Expecter); ok {
		return e.Expect(ctx, patterns, timeout)
	}
	_, err = s.current()
	if err == nil {
		err = lacking(s.now)
	}
	return -1, nil, nil, err
}

// StepInfo is what info shows before the socket has a peer or an address.
type StepInfo struct {
	FD    int    `json:"fd"`
	State string `json:"state"`
	Local string `json:"local,omitempty"`
}

// Info is the state of the socket.
func (s *Step) Info() any {
	if i, ok := s.now.(protocols.Informer); ok {
		return i.Info()
	}
	return StepInfo{s.sock.FD(), s.sock.State(), s.sock.Name()}
}

// Steps are the calls that are the shell's words elsewhere.
func (s *Step) Steps() []verb.Verb { return stepVerbs() }
