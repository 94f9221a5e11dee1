package playground

import (
	"net"
	"runtime"
)

// A Service is a server of the world, as told to people and programs.
type Service struct {
	Name     string `json:"name"`     // where the demo's own shell finds it: "echo:12345"
	Proto    string `json:"proto"`    // the word that connects to it: "tcp"
	URL      string `json:"url"`      // where any program on this machine finds it
	User     string `json:"user"`     // "" when it asks for none
	Password string `json:"password"` // of User
	Note     string `json:"note"`     // one line
}

// A server is one line of the table. Exactly one of each, serve and answer is
// set.
type server struct {
	proto   string
	network string   // tcp, udp, unix, unixgram, unixpacket; "" is tcp
	scheme  string   // of its URL; "" is proto
	names   []string // hosts that mean it in the demo
	port    string   // its port in the demo; for the unix networks, its path
	also    []string // further ports that mean it under its own names
	tls     []string // ALPN names; nil is no TLS
	login   bool     // wants User and Password for some of what it does
	note    string

	each   func(w *World, c net.Conn)     // serves one connection
	serve  func(w *World, l net.Listener) // serves all, until l is closed
	answer func(p []byte) []byte          // the answer to one datagram
}

// table lists the servers. A protocol joins with one line here and one file.
func table() []server {
	all := []server{
		{proto: "tcp", names: []string{"echo"}, port: "12345", each: echo,
			note: "says back what it hears; OK to a message that begins with STX (02)"},
		{proto: "tcp", names: []string{"tutorial"}, port: "12346", each: tutorial,
			note: "the socket tutorial's server: one line, and it closes"},
		{proto: "udp", network: "udp", names: []string{"echo"}, port: "4000", answer: echoPacket,
			note: "sends every datagram back"},
		{proto: "tls", names: []string{"echo"}, port: "12347", tls: []string{}, each: echo,
			note: "the echo server under TLS"},
		{proto: "http", names: []string{"www"}, port: "8080", also: []string{"80", "http"}, serve: serveHTTP, login: true,
			note: "pages with links, forms, redirects, passwords"},
		{proto: "http", scheme: "https", names: []string{"www"}, port: "8443", also: []string{"443", "https"}, tls: []string{"h2", "http/1.1"}, serve: serveHTTP, login: true,
			note: "the same under TLS"},
		{proto: "ftp", names: []string{"ftp"}, port: "2121", also: []string{"21", "ftp"}, serve: serveFTP, login: true,
			note: "the world's files, with and without TLS; ann may change them"},
		{proto: "telnet", names: []string{"login"}, port: "2323", also: []string{"23"}, each: serveTelnet, login: true,
			note: "a login, and a small shell on the world's files"},
		{proto: "telnet", scheme: "telnets", names: []string{"login"}, port: "2992", also: []string{"992", "telnets"}, tls: []string{}, each: serveTelnet, login: true,
			note: "the same under TLS"},
		{proto: "smtp", names: []string{"mail", "smtp"}, port: "2525", also: []string{"25", "587", "smtp", "submission"}, serve: serveSMTP, login: true,
			note: "takes mail for ann; full@ and later@ are refused"},
		{proto: "smtp", scheme: "smtps", names: []string{"mail", "smtp"}, port: "4465", also: []string{"465", "smtps"}, tls: []string{}, serve: serveSMTP, login: true,
			note: "the same under TLS"},
		{proto: "pop3", names: []string{"mail", "pop3"}, port: "1110", also: []string{"110", "pop3"}, each: servePOP3, login: true,
			note: "ann's mail, as SMTP took it"},
		{proto: "pop3", scheme: "pop3s", names: []string{"mail", "pop3"}, port: "1995", also: []string{"995", "pop3s"}, tls: []string{}, each: servePOP3, login: true,
			note: "the same under TLS"},
		{proto: "imap", names: []string{"mail", "imap"}, port: "1143", also: []string{"143", "imap"}, serve: serveIMAP, login: true,
			note: "ann's mailboxes"},
		{proto: "imap", scheme: "imaps", names: []string{"mail", "imap"}, port: "993", also: []string{"imaps"}, tls: []string{}, serve: serveIMAP, login: true,
			note: "the same under TLS"},
		{proto: "nntp", names: []string{"news", "nntp"}, port: "1119", also: []string{"119", "nntp"}, each: serveNNTP, login: true,
			note: "a few groups; private.ann is for ann"},
		{proto: "nntp", scheme: "nntps", names: []string{"news", "nntp"}, port: "5563", also: []string{"563", "nntps"}, tls: []string{}, each: serveNNTP, login: true,
			note: "the same under TLS"},
		{proto: "gopher", names: []string{"hole"}, port: "7070", also: []string{"70"}, each: gopher,
			note: "the world's files as a gopher hole"},
		{proto: "gemini", names: []string{"capsule"}, port: "1965", tls: []string{}, each: gemini,
			note: "the world's files as pages of gemini"},
		{proto: "finger", names: []string{"people"}, port: "7979", also: []string{"79"}, each: finger,
			note: "tells who is here: ann"},
		{proto: "unix", network: "unix", port: "/run/app.sock", each: echo,
			note: "the echo server on a unix socket"},
	}
	if runtime.GOOS == "linux" {
		all = append(all,
			server{proto: "unix", network: "unix", port: "@app", each: echo, note: "the same on an abstract name"},
			server{proto: "unix", network: "unixgram", port: "/run/app.sock", answer: echoPacket, note: "the same with datagrams"},
			server{proto: "unix", network: "unixpacket", port: "/run/app.sock", each: echo, note: "the same with sequenced packets"})
	}
	return all
}
