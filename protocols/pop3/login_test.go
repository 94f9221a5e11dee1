package pop3_test

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
	"wireline/protocols/pop3"
	"wireline/protocols/sasl/saslserver"
	"wireline/protocols/wire"
)

// logins is a server at which ann logs in by SASL.
func logins(secret string) func(net.Conn) {
	return func(c net.Conn) {
		in := bufio.NewScanner(c)
		fmt.Fprint(c, "+OK ready\r\n")
		for in.Scan() {
			switch f := strings.Fields(in.Text()); f[0] {
			case "CAPA":
				fmt.Fprintf(c, "+OK\r\nSASL %s\r\n.\r\n", strings.Join(saslserver.Mechanisms, " "))
			case "AUTH":
				var state *tls.ConnectionState
				if t, ok := c.(*tls.Conn); ok {
					cs := t.ConnectionState()
					state = &cs
				}
				step, err := saslserver.User{Name: "ann", Secret: secret}.Begin(f[1], state)
				if err != nil {
					fmt.Fprint(c, "-ERR not that\r\n")
					continue
				}
				var answer []byte
				if len(f) > 2 {
					answer, _ = base64.StdEncoding.DecodeString(f[2])
				}
				for {
					challenge, over, right := step(answer)
					if over {
						fmt.Fprint(c, map[bool]string{true: "+OK welcome\r\n", false: "-ERR [AUTH] not you\r\n"}[right])
						break
					}
					fmt.Fprintf(c, "+ %s\r\n", base64.StdEncoding.EncodeToString(challenge))
					if !in.Scan() || in.Text() == "*" {
						fmt.Fprint(c, "-ERR cancelled\r\n")
						break
					}
					answer, _ = base64.StdEncoding.DecodeString(in.Text())
					answer = append([]byte{}, answer...)
				}
			case "STAT":
				fmt.Fprint(c, "+OK 0 0\r\n")
			default:
				fmt.Fprint(c, "+OK\r\n")
			}
		}
	}
}

// POP-02: each mechanism of SASL, with the right secret and with a wrong one.
func TestMechanisms(t *testing.T) {
	for _, mech := range append([]string{""}, saslserver.Mechanisms...) {
		for _, scheme := range []int{0, 1} { // plain, and under TLS
			for secret, right := range map[string]bool{password: true, "other": false} {
				peer := conformance.Serve(t, pop3.Protocol().Schemes[scheme], logins(secret))
				u, err := connect(t, peer.Target, wire.Options{Insecure: true}, "-u", "ann", "--mech", mech)
				switch {
				case strings.HasSuffix(mech, "-PLUS") && scheme == 0:
					fails(t, err, fault.TLSRequired, "binds the login to TLS")
				case right && err != nil:
					t.Errorf("%q, scheme %d: %v", mech, scheme, err)
				case right:
					u.sess.Close()
				default:
					fails(t, err, fault.Login, "")
				}
			}
		}
	}
}
