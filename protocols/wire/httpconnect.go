package wire

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"strings"
)

const longestConnectReply = 64 << 10

// errProxyAsks means that the proxy wants to be told in another way who asks: on
// another connection, since many end the one that they said it on.
var errProxyAsks = errors.New("it wants to be told again who asks (407)")

// connectHTTP asks an HTTP proxy for a tunnel (RFC 9110, section 9.3.6). It
// reads byte by byte, for what follows the reply belongs to the tunnel.
func connectHTTP(c net.Conn, p *Proxy, host string, port int) error {
	to := joinPort(host, port)
	ask := "CONNECT " + to + " HTTP/1.1\r\nHost: " + to + "\r\n"
	said := p.Authorization("CONNECT", to)
	if said != "" {
		ask += "Proxy-Authorization: " + said + "\r\n"
	}
	if _, err := io.WriteString(c, ask+"\r\n"); err != nil {
		return err
	}
	for {
		status, fields, err := readHead(c)
		if err != nil {
			return err
		}
		var major, minor, code int
		if n, _ := fmt.Sscanf(status, "HTTP/%d.%d %d", &major, &minor, &code); n != 3 || major != 1 {
			return proxySays("it does not speak HTTP, it answered %s", quote(status))
		}
		_, text, _ := strings.Cut(status, " ")
		switch {
		case code >= 200 && code < 300:
			return nil
		case code >= 100 && code < 200:
			continue
		case code == 407 && p.Challenged(fields["Proxy-Authenticate"], said):
			return errProxyAsks
		case code == 407 && p.URL.User == nil:
			return proxySays("it wants a user and a password (407)").WithHint("--proxy-user NAME:PASSWORD, or the proxy's URL: http://user:password@host:3128")
		case code == 407:
			return proxySays("it refuses the user or the password (407)")
		default:
			return proxySays("it answered %s", quote(text))
		}
	}
}

// readHead reads a status line and headers.
func readHead(r io.Reader) (status string, fields textproto.MIMEHeader, err error) {
	var head []byte
	var b [1]byte
	for len(head) < longestConnectReply {
		if _, err := io.ReadFull(r, b[:]); err != nil {
			return "", nil, err
		}
		head = append(head, b[0])
		if len(head) == 5 && string(head) != "HTTP/" {
			return "", nil, proxySays("it does not speak HTTP, it answered %s", quote(string(head)))
		}
		if b[0] == '\n' && (bytes.HasSuffix(head, []byte("\r\n\r\n")) || bytes.HasSuffix(head, []byte("\n\n"))) {
			line, rest, _ := strings.Cut(string(head), "\n")
			fields, _ := textproto.NewReader(bufio.NewReader(strings.NewReader(rest))).ReadMIMEHeader()
			return strings.TrimRight(line, "\r"), fields, nil
		}
	}
	return "", nil, proxySays("its answer has more than %d bytes of headers", longestConnectReply)
}
