package smtp_test

import (
	"bufio"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"net"
	"strings"
	"testing"

	"wireline/protocols/conformance"
	"wireline/protocols/fault"
	"wireline/protocols/sasl/saslserver"
	"wireline/protocols/smtp"
	"wireline/protocols/wire"
)

// logins is a server at which ann logs in, with a mechanism of hers.
func logins(secret string) func(net.Conn) {
	return func(c net.Conn) {
		in := bufio.NewReader(c)
		read := func() (string, bool) {
			line, err := in.ReadString('\n')
			return strings.TrimRight(line, "\r\n"), err == nil
		}
		fmt.Fprint(c, "220 mx\r\n")
		for {
			line, ok := read()
			if !ok {
				return
			}
			switch f := strings.Fields(line); f[0] {
			case "EHLO":
				fmt.Fprintf(c, "250-mx\r\n250 AUTH %s\r\n", strings.Join(saslserver.Mechanisms, " "))
			case "AUTH":
				var state *tls.ConnectionState
				if t, ok := c.(*tls.Conn); ok {
					cs := t.ConnectionState()
					state = &cs
				}
				step, err := saslserver.User{Name: "ann", Secret: secret}.Begin(f[1], state)
				if err != nil {
					fmt.Fprint(c, "504 5.5.4 not that\r\n")
					continue
				}
				var answer []byte
				if len(f) > 2 {
					answer, _ = base64.StdEncoding.DecodeString(f[2])
				}
				for {
					challenge, over, right := step(answer)
					if over && right {
						fmt.Fprint(c, "235 2.7.0 welcome\r\n")
						break
					} else if over {
						fmt.Fprint(c, "535 5.7.8 not you\r\n")
						break
					}
					fmt.Fprintf(c, "334 %s\r\n", base64.StdEncoding.EncodeToString(challenge))
					if line, ok = read(); !ok || line == "*" {
						fmt.Fprint(c, "501 5.7.0 cancelled\r\n")
						break
					}
					answer, _ = base64.StdEncoding.DecodeString(line)
					if answer == nil {
						answer = []byte{}
					}
				}
			default:
				fmt.Fprint(c, "250 ok\r\n")
			}
		}
	}
}

// SMTP-04: each mechanism, with the right secret and with a wrong one.
func TestMechanisms(t *testing.T) {
	for _, mech := range append([]string{""}, saslserver.Mechanisms...) {
		for _, scheme := range []int{0, 1} { // plain, and under TLS
			for secret, right := range map[string]bool{password: true, "other": false} {
				peer := conformance.Serve(t, smtp.Protocols()[0].Schemes[scheme], logins(secret))
				u, err := connect(t, smtp.Protocols()[0], peer.Target, wire.Options{Insecure: true}, "-u", "ann", "--mech", mech)
				switch {
				case strings.HasSuffix(mech, "-PLUS") && scheme == 0:
					fails(t, err, fault.TLSRequired, "auth", "binds the login to TLS")
				case right && err != nil:
					t.Errorf("%q, scheme %d: %v", mech, scheme, err)
				case right:
					u.sess.Close()
				default:
					fails(t, err, fault.Login, "auth", "535")
				}
			}
		}
	}
}
