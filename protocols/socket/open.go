package socket

import (
	"context"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/wire"
)

// connect makes a session with a peer.
func connect(ctx context.Context, p protocols.Peer) (protocols.Session, error) {
	c, err := p.Dial(ctx, p.Target)
	if err != nil {
		return nil, err
	}
	switch p.Target.Net() {
	case "udp", "unixgram", "unixpacket":
		return newDatagram(p, c, nil), nil
	}
	return newStream(p, c), nil
}

// ConnectArgs are those of connect tcp and connect udp.
type ConnectArgs struct{}

// TLSArgs are those of connect tls.
type TLSArgs struct {
	StartTLS string `flag:"starttls" enum:"smtp,submission,lmtp,pop3,imap,ftp,nntp" help:"ask the server for TLS first, as this protocol does"`
}

// connectTLS makes a session under TLS.
func connectTLS(ctx context.Context, p protocols.Peer, a TLSArgs) (protocols.Session, error) {
	if a.StartTLS == "" {
		return connect(ctx, p)
	}
	u, err := upgrade(a.StartTLS)
	if err != nil {
		return nil, err
	}
	p.Target.Scheme.Security = wire.Plain
	c, err := p.Dial(ctx, p.Target)
	if err != nil {
		return nil, err
	}
	if err := c.Upgrade(ctx, u, ""); err != nil {
		c.Close()
		return nil, err
	}
	return newStream(p, c), nil
}

// A Kind chooses among the Unix sockets.
type Kind struct {
	Dgram     bool `flag:"dgram" help:"datagrams"`
	Seqpacket bool `flag:"seqpacket" help:"a connection that keeps the bounds of messages"`
}

// of is p with its target's network made that of k.
func (k Kind) of(p protocols.Peer) (protocols.Peer, error) {
	switch {
	case k.Dgram && k.Seqpacket:
		return p, fault.New(fault.Usage, "--dgram or --seqpacket, not both")
	case k.Dgram:
		p.Target.Scheme.Network = "unixgram"
	case k.Seqpacket:
		p.Target.Scheme.Network = "unixpacket"
	}
	return p, nil
}

// ListenArgs are those of listen on a network that has connections.
type ListenArgs struct {
	wire.ListenOptions
	ServeArgs
	Close bool `flag:"close" help:"close each connection after the --reply"`
	Once  bool `flag:"once" help:"serve one client, not all that come"`
}

// listenOn makes a session that waits for clients, or serves them.
func listenOn(ctx context.Context, p protocols.Peer, a ListenArgs) (protocols.Session, error) {
	does, err := a.service(a.Close)
	if err != nil {
		return nil, err
	}
	if a.Once && does == nil {
		return nil, fault.New(fault.Usage, "--once is for --echo, --discard, --chargen and --reply").WithHint("accept takes one client")
	}
	a.ListenOptions.Cert, a.ListenOptions.Key = p.Dialer.Options.Cert, p.Dialer.Options.Key
	ln, err := p.Dialer.Listen(ctx, p.Target, a.ListenOptions)
	if err != nil {
		return nil, err
	}
	if does != nil {
		return serve(ln, does, a.Once), nil
	}
	return &Listener{ln: ln, peer: p}, nil
}

// BindArgs are those of bind, and of listen where there are no connections.
type BindArgs struct {
	ServeArgs
	Once bool `flag:"once" help:"answer one datagram, not all that come"`
}

// bindTo makes a session that takes datagrams from anyone, or answers them.
func bindTo(ctx context.Context, p protocols.Peer, a BindArgs) (protocols.Session, error) {
	does, err := a.service(false)
	if err != nil {
		return nil, err
	}
	b, err := p.Dialer.ListenPacket(ctx, p.Target)
	if err != nil {
		return nil, err
	}
	if does != nil {
		return answer(b, does, a.Once), nil
	}
	return port{newDatagram(p, nil, b)}, nil
}

// UnixListenArgs are those of listen unix.
type UnixListenArgs struct {
	Kind
	ListenArgs
}

// UnixBindArgs are those of bind unix.
type UnixBindArgs struct {
	Kind
	BindArgs
}
