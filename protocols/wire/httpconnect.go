package wire

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
)

const longestConnectReply = 64 << 10

// connectHTTP asks an HTTP proxy for a tunnel (RFC 9110, section 9.3.6). It
// reads byte by byte, for what follows the reply belongs to the tunnel.
func connectHTTP(c net.Conn, user *url.Userinfo, host string, port int) error {
	to := joinPort(host, port)
	ask := "CONNECT " + to + " HTTP/1.1\r\nHost: " + to + "\r\n"
	if user != nil {
		password, _ := user.Password()
		ask += "Proxy-Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte(user.Username()+":"+password)) + "\r\n"
	}
	if _, err := io.WriteString(c, ask+"\r\n"); err != nil {
		return err
	}
	for {
		status, err := readHead(c)
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
		case code == 407 && user == nil:
			return proxySays("it wants a user and a password (407)").WithHint("--proxy-user NAME:PASSWORD, or the proxy's URL: http://user:password@host:3128")
		case code == 407:
			return proxySays("it refuses the user or the password (407)")
		default:
			return proxySays("it answered %s", quote(text))
		}
	}
}

// readHead reads a status line and headers, and returns the status line.
func readHead(r io.Reader) (string, error) {
	var head []byte
	var b [1]byte
	for len(head) < longestConnectReply {
		if _, err := io.ReadFull(r, b[:]); err != nil {
			return "", err
		}
		head = append(head, b[0])
		if len(head) == 5 && string(head) != "HTTP/" {
			return "", proxySays("it does not speak HTTP, it answered %s", quote(string(head)))
		}
		if b[0] == '\n' && (bytes.HasSuffix(head, []byte("\r\n\r\n")) || bytes.HasSuffix(head, []byte("\n\n"))) {
			line, _, _ := strings.Cut(string(head), "\n")
			return strings.TrimRight(line, "\r"), nil
		}
	}
	return "", proxySays("its answer has more than %d bytes of headers", longestConnectReply)
}
