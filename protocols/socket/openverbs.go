package socket

import (
	"context"

	"wireline/protocols"
	"wireline/protocols/verb"
)

const (
	connectShort = "connect to a host and port"
	listenLong   = "Without an address it listens on this machine only (127.0.0.1); 0.0.0.0 or :: is every interface, port 0 lets the system choose. accept makes a session of each client. " +
		"With --echo, --discard, --chargen or --reply it serves all clients by itself until it is closed."
)

func tcpOpen() []verb.Verb {
	return []verb.Verb{
		{
			Name: "connect", Short: connectShort,
			Example: []string{"connect tcp localhost 12345", "connect tcp localhost smtp", "connect tcp [::1]:12345 --connect-timeout 2"},
			Explain: []string{"getaddrinfo(3), socket(2), connect(2)", `Python: s = socket.create_connection(("localhost", 12345))`},
			Run: verb.Call(func(p protocols.Peer, ctx context.Context, _ ConnectArgs) (protocols.Session, error) {
				return connect(ctx, p)
			}),
		},
		{
			Name: "listen", Short: "wait for clients, or serve them", Long: listenLong,
			Example: []string{"listen tcp :12345", `listen tcp :12345 --reply "Thank you for connecting" --close`, "listen tcp 0.0.0.0:0 --echo"},
			Explain: []string{"socket(2), setsockopt(2) with SO_REUSEADDR, bind(2), listen(2)", `Python: s = socket.create_server(("127.0.0.1", 12345))`},
			Run: verb.Call(func(p protocols.Peer, ctx context.Context, a ListenArgs) (protocols.Session, error) {
				return listenOn(ctx, p, a)
			}),
		},
		socketVerb(verb.Call(plainSocket), "socket tcp", "socket tcp -6"),
	}
}

func tlsOpen() []verb.Verb {
	return []verb.Verb{
		{
			Name: "connect", Short: connectShort + ", under TLS",
			Long:    "The certificate is verified. With --starttls the server is asked for TLS first.",
			Example: []string{"connect tls mail.example.org 993", "connect tls mail.example.org 25 --starttls smtp", "connect tls localhost 8443 --ca ca.pem"},
			Explain: []string{"getaddrinfo(3), socket(2), connect(2), then the TLS handshake (RFC 8446)", `Python: s = ssl.create_default_context().wrap_socket(socket.create_connection(("mail.example.org", 993)), server_hostname="mail.example.org")`},
			Run: verb.Call(func(p protocols.Peer, ctx context.Context, a TLSArgs) (protocols.Session, error) {
				return connectTLS(ctx, p, a)
			}),
		},
		{
			Name: "listen", Short: "wait for TLS clients, or serve them",
			Long:    listenLong + " Without --cert a certificate is made for the occasion; its fingerprint is told, for a client to --pin.",
			Example: []string{"listen tls :8443 --cert server.pem --key server.key", "listen tls :8443 --echo"},
			Explain: []string{"socket(2), bind(2), listen(2); the TLS handshake (RFC 8446) with each client", `Python: ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).wrap_socket(socket.create_server(("127.0.0.1", 8443)), server_side=True)`},
			Run: verb.Call(func(p protocols.Peer, ctx context.Context, a ListenArgs) (protocols.Session, error) {
				return listenOn(ctx, p, a)
			}),
		},
	}
}

func udpOpen() []verb.Verb {
	bind := verb.Call(func(p protocols.Peer, ctx context.Context, a BindArgs) (protocols.Session, error) {
		return bindTo(ctx, p, a)
	})
	return []verb.Verb{
		{
			Name: "connect", Short: "send datagrams to one host and port",
			Example: []string{"connect udp 127.0.0.1 4000"},
			Explain: []string{"getaddrinfo(3), socket(2), connect(2): nothing is sent yet", `Python: s = socket.socket(type=socket.SOCK_DGRAM); s.connect(("127.0.0.1", 4000))`},
			Run: verb.Call(func(p protocols.Peer, ctx context.Context, _ ConnectArgs) (protocols.Session, error) {
				return connect(ctx, p)
			}),
		},
		{
			Name: "bind", Short: "take datagrams from anyone at a port",
			Long:    "Without an address that is a port of this machine only (127.0.0.1); 0.0.0.0 or :: is every interface. recvfrom tells who sent each datagram, sendto answers.",
			Example: []string{"bind udp :9999", "bind udp 0.0.0.0:0", "bind udp :9999 --echo"},
			Explain: []string{"socket(2), bind(2)", `Python: s = socket.socket(type=socket.SOCK_DGRAM); s.bind(("127.0.0.1", 9999))`},
			Run:     bind,
		},
		{
			Name: "listen", Short: "the same as bind: datagrams have no connections to wait for",
			Example: []string{"listen udp :9999 --echo"},
			Explain: []string{"socket(2), bind(2)", `Python: s = socket.socket(type=socket.SOCK_DGRAM); s.bind(("127.0.0.1", 9999))`},
			Run:     bind,
		},
		socketVerb(verb.Call(plainSocket), "socket udp", "socket udp -6"),
	}
}

func unixOpen() []verb.Verb {
	return []verb.Verb{
		{
			Name: "connect", Short: "connect to a Unix socket",
			Example: []string{"connect unix /run/app.sock", "connect unix @abstract", "connect unix /run/app.sock --seqpacket"},
			Explain: []string{"socket(2) with AF_UNIX, connect(2)", `Python: s = socket.socket(socket.AF_UNIX); s.connect("/run/app.sock")`},
			Run: verb.Call(func(p protocols.Peer, ctx context.Context, k Kind) (protocols.Session, error) {
				p, err := k.of(p)
				if err != nil {
					return nil, err
				}
				return connect(ctx, p)
			}),
		},
		{
			Name: "listen", Short: "wait for clients at a Unix socket, or serve them",
			Long:    "The socket's file is readable by its owner only and goes when the session is closed; a file that was there before is never removed.",
			Example: []string{"listen unix /tmp/app.sock", "listen unix @abstract --echo", "listen unix /tmp/app.sock --seqpacket"},
			Explain: []string{"socket(2) with AF_UNIX, bind(2), listen(2)", `Python: s = socket.socket(socket.AF_UNIX); s.bind("/tmp/app.sock"); s.listen()`},
			Run: verb.Call(func(p protocols.Peer, ctx context.Context, a UnixListenArgs) (protocols.Session, error) {
				p, err := a.of(p)
				if err != nil {
					return nil, err
				}
				if p.Target.Net() == "unixgram" {
					return bindTo(ctx, p, BindArgs{a.ServeArgs, a.Once})
				}
				return listenOn(ctx, p, a.ListenArgs)
			}),
		},
		{
			Name: "bind", Short: "take datagrams from anyone at a Unix socket",
			Example: []string{"bind unix /tmp/log.sock"},
			Explain: []string{"socket(2) with AF_UNIX and SOCK_DGRAM, bind(2)", `Python: s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); s.bind("/tmp/log.sock")`},
			Run: verb.Call(func(p protocols.Peer, ctx context.Context, a BindArgs) (protocols.Session, error) {
				p, err := Kind{Dgram: true}.of(p)
				if err != nil {
					return nil, err
				}
				return bindTo(ctx, p, a)
			}),
		},
		socketVerb(verb.Call(unixSocket), "socket unix", "socket unix --dgram", "socket unix --seqpacket"),
	}
}

func socketVerb(run verb.Func, examples ...string) verb.Verb {
	return verb.Verb{
		Name: "socket", Short: "make a socket and lead it by hand: bind, listen, accept, connect …",
		Long:    "Nothing happens by itself: each verb is one system call and tells which, so that a textbook's lines can be typed one by one.",
		Example: examples,
		Explain: []string{"socket(2)", "Python: s = socket.socket()"},
		Run:     run,
	}
}

// stepVerbs are the calls of a socket that is led by hand which elsewhere are
// words of the shell, or do more than one thing.
func stepVerbs() []verb.Verb {
	return []verb.Verb{
		{
			Name: "bind", Short: "give the socket an address of its own",
			Example: []string{"bind 127.0.0.1 12345", "bind :0"},
			Explain: []string{"bind(2)", `Python: s.bind(("127.0.0.1", 12345))`},
			Run:     verb.Call((*Step).Bind),
		},
		{
			Name: "listen", Short: "let clients connect",
			Example: []string{"listen", "listen 5"},
			Explain: []string{"listen(2)", "Python: s.listen(5)"},
			Run:     verb.Call((*Step).Listen),
		},
		{
			Name: "accept", Short: "wait for a client, and make a session of it",
			Example: []string{"accept"},
			Explain: []string{"accept(2)", "Python: c, addr = s.accept()"},
			Run:     verb.Call((*Step).accept),
		},
		{
			Name: "connect", Short: "give the socket a peer",
			Example: []string{"connect localhost 12345"},
			Explain: []string{"connect(2)", `Python: s.connect(("localhost", 12345))`},
			Run:     verb.Call((*Step).Connect),
		},
		{
			Name: "sendto", Short: "send one datagram to an address",
			Example: []string{`sendto 127.0.0.1 4000 "hi"`},
			Explain: []string{"sendto(2)", `Python: s.sendto(b"hi", ("127.0.0.1", 4000))`},
			Run:     verb.Call((*Step).SendTo),
		},
	}
}
