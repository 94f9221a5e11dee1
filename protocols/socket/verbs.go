package socket

import (
	"context"
	"time"

	"wireline/protocols/verb"
)

// streamVerbs are the verbs of a session that is a stream.
func streamVerbs() []verb.Verb {
	return append(commonVerbs(), verb.Verb{
		Name: "starttls", Short: "begin TLS on the open connection",
		Long:    "With a protocol, the server is asked first, in the words of that protocol; bytes that were said in the clear and not taken are refused. Without, the handshake begins at once.",
		Example: []string{"starttls smtp", "starttls --name mail.example.org"},
		Explain: []string{"send(2) of the question, recv(2) of the answer, then the TLS handshake (RFC 8446)", `Python: s = ssl.create_default_context().wrap_socket(s, server_hostname="mail.example.org")`},
		Run:     on(securable.StartTLS),
	})
}

// commonVerbs are the verbs of every session that has a peer.
func commonVerbs() []verb.Verb {
	return []verb.Verb{
		{
			Name: "send", Short: "send text, bytes or a file",
			Long: "The words are sent as they are, joined by a blank; within double quotes the shell reads \\r \\n \\t \\0 \\xHH and \\u{…}, and on the command line of the process send reads them itself. " +
				"With a --recv option it waits for an answer and shows that. With --hex the text is hexadecimal digits, unless it holds a line end: then only the answer is shown so.",
			Example: []string{`send "HELLO\r\n"`, "send --hex 02 45 31 38 03", "send --base64 aGVsbG8=", "send --file photo.jpg --rate 100k", `send "ping" --recv 100 -t 2`},
			Explain: []string{"send(2), again until all is sent (--once: one call)", `Python: s.sendall(b"HELLO\r\n"); with --once: s.send(b"HELLO\r\n")`},
			Run:     on(conversation.Send),
		},
		{
			Name: "recv", Short: "receive what came, or wait for it",
			Long: "Without options, what is there, or the next that comes. What is not taken stays for the next recv, also when a limit runs out first. " +
				"Of datagrams it takes one at a time.",
			Example: []string{"recv", "recv 1024", "recv 7 --exact", `recv --until "\n" -t 2`, "recv --idle 0.5", "recv --all", "recv --lines", "recv --nowait"},
			Explain: []string{"recv(2); --peek, --oob, --exact and --nowait are MSG_PEEK, MSG_OOB, MSG_WAITALL and MSG_DONTWAIT", "Python: s.recv(1024)"},
			Run:     on(conversation.Recv),
		},
		{
			Name: "peek", Short: "show what came and leave it for the next recv",
			Example: []string{"peek", "peek 10 --hex"},
			Explain: []string{"recv(2) with MSG_PEEK", "Python: s.recv(1024, socket.MSG_PEEK)"},
			Run:     on(peek),
		},
		{
			Name: "put", Short: "send a file",
			Example: []string{"put photo.jpg", "put big.iso --rate 1M", "put big.iso --no-hash"},
			Explain: []string{"read(2) and send(2), or sendfile(2) with --no-hash", `Python: s.sendfile(open("photo.jpg", "rb"))`},
			Run:     on(conversation.Put),
		},
		{
			Name: "shutdown", Short: "end one direction, or both",
			Long:    "After shutdown write the peer reads to the end of what was sent, and may still answer.",
			Example: []string{"shutdown write"},
			Explain: []string{"shutdown(2) with SHUT_RD, SHUT_WR or SHUT_RDWR", "Python: s.shutdown(socket.SHUT_WR)"},
			Run:     on(conversation.Shutdown),
		},
		{
			Name: "interact", Short: "talk: the keyboard to the peer, the peer to the screen",
			Long: "On a terminal, lines are sent at Enter, ^D ends our side and ^] goes back to the prompt; the session stays. " +
				"Without a terminal, standard input goes to the peer and what it sends to standard output. The end of the input ends our side, as shutdown write does, and what the peer still says is read to its end.",
			Example: []string{"interact", "interact --eol crlf", "interact --char"},
			Explain: []string{"poll(2), read(2), send(2), recv(2), write(2); splice(2) where the kernel can", "Python: telnetlib.Telnet.interact()"},
			Run:     on(conversation.Interact),
		},
		{
			Name: "raw", Short: "send one line with its end",
			Example: []string{"raw QUIT", "raw NOOP --eol lf"},
			Explain: []string{"send(2)", `Python: s.sendall(b"QUIT\r\n")`},
			Run:     on(conversation.Raw),
		},
		{
			Name: "watch", Short: "show what comes as it comes",
			Example: []string{"watch", "watch --count 1 -t 60"},
			Explain: []string{"recv(2), again and again", "Python: while data := s.recv(65536): print(data)"},
			Run:     on(conversation.Watch),
		},
		{
			Name: "sockopt", Short: "read or set a socket option, or list them",
			Example: []string{"sockopt", "sockopt SO_RCVBUF", "sockopt TCP_NODELAY 1"},
			Explain: []string{"getsockopt(2), setsockopt(2)", "Python: s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)"},
			Run:     on(tunable.Sockopt),
		},
		{
			Name: "caps", Short: "list the socket's options, which are its capabilities",
			Example: []string{"caps"},
			Explain: []string{"getsockopt(2)", "Python: s.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF)"},
			Run:     on(caps),
		},
	}
}

// datagramVerbs are those that a network with datagrams has beside.
func datagramVerbs() []verb.Verb {
	return []verb.Verb{
		{
			Name: "sendto", Short: "send one datagram to an address",
			Example: []string{`sendto 127.0.0.1 4000 "hi"`, "sendto 127.0.0.1:4000 --hex 02 03", `sendto localhost 4000 "ping" --recv 1 -t 1`},
			Explain: []string{"sendto(2)", `Python: s.sendto(b"hi", ("127.0.0.1", 4000))`},
			Run:     on(postal.SendTo),
		},
		{
			Name: "recvfrom", Short: "receive one datagram and tell who sent it",
			Example: []string{"recvfrom", "recvfrom 512 -t 2", "recvfrom --anc"},
			Explain: []string{"recvfrom(2); recvmsg(2) with --anc", "Python: data, address = s.recvfrom(1024)"},
			Run:     on(postal.RecvFrom),
		},
	}
}

// groupVerbs are those of multicast.
func groupVerbs() []verb.Verb {
	return []verb.Verb{
		{
			Name: "join", Short: "receive what is sent to a multicast group",
			Example: []string{"join 239.1.2.3", "join ff02::fb eth0"},
			Explain: []string{"setsockopt(2) with IP_ADD_MEMBERSHIP or IPV6_JOIN_GROUP", `Python: s.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, socket.inet_aton("239.1.2.3") + bytes(4))`},
			Run:     on(postal.Join),
		},
		{
			Name: "leave", Short: "end what join began",
			Example: []string{"leave 239.1.2.3"},
			Explain: []string{"setsockopt(2) with IP_DROP_MEMBERSHIP or IPV6_LEAVE_GROUP", `Python: s.setsockopt(socket.IPPROTO_IP, socket.IP_DROP_MEMBERSHIP, socket.inet_aton("239.1.2.3") + bytes(4))`},
			Run:     on(postal.Leave),
		},
	}
}

// PeekArgs are those of peek.
type PeekArgs struct {
	N       int            `arg:"n?" help:"at most this many bytes"`
	Hex     bool           `flag:"hex" help:"show it in hexadecimal"`
	Timeout *time.Duration `flag:"t,timeout" help:"limit for waiting; 0 does not wait"`
}

func peek(s conversation, ctx context.Context, a PeekArgs) (any, error) {
	return s.Recv(ctx, RecvArgs{N: a.N, Hex: a.Hex, Timeout: a.Timeout, Peek: true})
}

func caps(s tunable, ctx context.Context, _ NoArgs) (any, error) {
	return s.Sockopt(ctx, SockoptArgs{})
}
