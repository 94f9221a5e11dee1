package smtp_test

import (
	"bufio"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"net"
	"strings"
	"sync"
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

// SMTP-04: each mechanism, with the right secret and with a wrong one. C08,
// SMTP-16: no trace shows the secret, in whatever form a mechanism sends it.
func TestMechanisms(t *testing.T) {
	for _, mech := range append([]string{""}, saslserver.Mechanisms...) {
		for _, scheme := range []int{0, 1} { // plain, and under TLS
			for secret, right := range map[string]bool{password: true, "other": false} {
				peer := conformance.Serve(t, smtp.Protocols()[0].Schemes[scheme], logins(secret))
				var seen strings.Builder
				var mu sync.Mutex
				d := &wire.Dialer{Options: wire.Options{Insecure: true, NoProxy: "*"}, Trace: func(e wire.Event) {
					mu.Lock()
					defer mu.Unlock()
					seen.Write(e.Data)
					seen.WriteString(e.Note + "\n")
				}}
				u, err := connectBy(t, d, peer.Target, "-u", "ann", "--mech", mech)
				mu.Lock()
				for _, form := range forms(password) {
					if strings.Contains(seen.String(), form) {
						t.Errorf("%q, scheme %d: the trace has %q in it: %s", mech, scheme, form, seen.String())
					}
				}
				if !strings.HasSuffix(mech, "-PLUS") && !strings.Contains(seen.String(), "AUTH ") {
					t.Errorf("%q: there is no login in the trace: %s", mech, seen.String())
				}
				mu.Unlock()
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

// forms are how mechanisms send a secret.
func forms(secret string) []string {
	all := []string{secret}
	for _, text := range []string{secret, "\x00ann\x00" + secret, "ann\x00ann\x00" + secret, "user=ann\x01auth=Bearer " + secret + "\x01\x01"} {
		all = append(all, base64.StdEncoding.EncodeToString([]byte(text)))
	}
	return all
}
