// Package socket speaks to bare sockets: TCP, UDP, Unix and TLS, as client
// and as server.
package socket

import (
	"cmp"
	"context"
	"slices"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/verb"
	"wireline/protocols/wire"
)

// Protocols are those of this package: tcp, udp, unix and tls.
func Protocols() []protocols.Protocol {
	return []protocols.Protocol{
		{
			Name: "tcp", Short: "bytes to and from any TCP port",
			Once:    true,
			Schemes: []wire.Scheme{{Name: "tcp", Network: "tcp"}},
			Open:    tcpOpen(),
			Verbs:   streamVerbs(),
		},
		{
			Name: "udp", Short: "datagrams to and from any UDP port",
			Once:    true,
			Schemes: []wire.Scheme{{Name: "udp", Network: "udp"}},
			Open:    udpOpen(),
			Verbs:   slices.Concat(commonVerbs(), datagramVerbs(), groupVerbs()),
		},
		{
			Name: "unix", Short: "streams, datagrams and seqpacket between the processes of one machine",
			Once: true,
			Schemes: []wire.Scheme{
				{Name: "unix", Network: "unix"},
				{Name: "unixgram", Network: "unixgram"},
				{Name: "unixpacket", Network: "unixpacket"},
				{Name: "seqpacket", Network: "unixpacket"},
			},
			Open:  unixOpen(),
			Verbs: append(streamVerbs(), datagramVerbs()...),
		},
		{
			Name: "tls", Short: "bytes under TLS, from the start or after STARTTLS",
			Once:    true,
			Schemes: []wire.Scheme{{Name: "tls", Network: "tcp", Security: wire.TLS}},
			Open:    tlsOpen(),
			Verbs:   streamVerbs(),
		},
	}
}

// on makes a verb of a method that not every session of this package has. A
// socket that is led step by step lends what it has become.
func on[S, A, R any](f func(S, context.Context, A) (R, error)) verb.Func {
	return verb.Call(func(s protocols.Session, ctx context.Context, a A) (result R, err error) {
		step, stepping := s.(*Step)
		t, ok := s.(S)
		if stepping && !ok {
			if s, err = step.current(); err != nil {
				return result, err
			}
			t, ok = s.(S)
		}
		if !ok {
			if c, checks := any(a).(interface{ check() error }); checks {
				err = c.check() // what is wrong anywhere is told first
			}
			return result, cmp.Or(err, lacking(s))
		}
		result, err = f(t, ctx, a)
		if err == nil && stepping {
			result = told(result, step.sock.FD())
		}
		return result, err
	})
}

// told is a result that tells the system call it comes from.
func told[R any](result R, fd int) R {
	if c, ok := any(result).(interface{ step(fd int) }); ok {
		c.step(fd)
	}
	if r, ok := any(result).(*Received); ok {
		if c, ok := any((*Call)(r)).(R); ok {
			return c
		}
	}
	return result
}

// lacking says why a session cannot do what was asked of it.
func lacking(s protocols.Session) error {
	switch s.(type) {
	case *Listener:
		return fault.New(fault.Unsupported, "a listener has no peer").WithHint("accept makes a session of the next client")
	case *Server:
		return fault.New(fault.Unsupported, "the server talks to its clients by itself").WithHint("close ends it; listen without --echo or --reply lets you accept")
	case *Datagram, port, visitor:
		return fault.New(fault.Unsupported, "datagrams cannot do that; it is for streams")
	}
	return fault.New(fault.Unsupported, "a stream cannot do that; it is for datagrams")
}

// What the sessions of this package can do, by the verbs they have.
type (
	// A conversation is a session with a peer.
	conversation interface {
		Send(context.Context, SendArgs) (any, error)
		Recv(context.Context, RecvArgs) (any, error)
		Put(context.Context, PutArgs) (*Sent, error)
		Raw(context.Context, RawArgs) (any, error)
		Shutdown(context.Context, ShutdownArgs) (*Done, error)
		Interact(context.Context, InteractArgs) (*Talked, error)
		Watch(context.Context, WatchArgs) (verb.Stream[*Arrival], error)
	}
	// A tunable session has socket options.
	tunable interface {
		Sockopt(context.Context, SockoptArgs) (any, error)
	}
	// A securable session can begin TLS.
	securable interface {
		StartTLS(context.Context, StartTLSArgs) (*Done, error)
	}
	// A postal session tells senders apart.
	postal interface {
		SendTo(context.Context, SendToArgs) (any, error)
		RecvFrom(context.Context, RecvFromArgs) (*Letter, error)
		Join(context.Context, GroupArgs) (*Done, error)
		Leave(context.Context, GroupArgs) (*Done, error)
	}
)
