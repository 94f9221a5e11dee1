package smtp_test

import (
	"bufio"
	"context"
	"encoding/base64"
	"fmt"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"wireline/protocols"
	"wireline/protocols/conformance"
	"wireline/protocols/fault"
	"wireline/protocols/sasl/saslserver"
	"wireline/protocols/smtp"
	"wireline/protocols/wire"
)

// logins is a server at which ann logs in, with a mechanism of hers. secret is
// asked for at each login.
func logins(secret func() string) func(net.Conn) {
	verdicts := map[saslserver.Verdict]string{
		saslserver.Right: "235 2.7.0 welcome\r\n", saslserver.Wrong: "535 5.7.8 not you\r\n",
		saslserver.Cancelled: "501 5.7.0 cancelled\r\n", saslserver.Unknown: "504 5.5.4 not that\r\n",
	}
	return func(c net.Conn) {
		fmt.Fprint(c, "220 mx\r\n")
		for in := bufio.NewScanner(c); in.Scan(); {
			switch f := strings.Fields(in.Text()); f[0] {
			case "EHLO":
				fmt.Fprintf(c, "250-mx\r\n250 AUTH %s\r\n", strings.Join(saslserver.Mechanisms, " "))
			case "AUTH":
				u := saslserver.User{Name: "ann", Secret: secret()}
				fmt.Fprint(c, verdicts[u.Exchange(c, f[1:], func(challenge string) (string, bool) {
					fmt.Fprintf(c, "334 %s\r\n", challenge)
					ok := in.Scan()
					return in.Text(), ok
				})])
			case "DATA":
				fmt.Fprint(c, "354 go\r\n")
				for in.Scan() && in.Text() != "." {
				}
				fmt.Fprint(c, "250 ok\r\n")
			case "NOOP":
				fmt.Fprint(c, "250 ok\r\n421 4.4.2 you idle\r\n")
				return
			default:
				fmt.Fprint(c, "250 ok\r\n")
			}
		}
	}
}

// SMTP-04: each mechanism, with the right secret and with a wrong one. C08,
// SMTP-16: no trace shows the secret, in whatever form a mechanism sends it.
func TestMechanisms(t *testing.T) {
	for _, l := range saslserver.Cases() {
		secret := map[bool]string{true: password, false: "other"}[l.Right]
		peer := conformance.Serve(t, smtp.Protocols()[0].Schemes[l.Scheme()], logins(func() string { return secret }))
		var seen strings.Builder
		var mu sync.Mutex
		d := &wire.Dialer{Options: wire.Options{Insecure: true, NoProxy: "*"}, Trace: func(e wire.Event) {
			mu.Lock()
			defer mu.Unlock()
			seen.Write(e.Data)
			seen.WriteString(e.Note + "\n")
		}}
		u, err := connectBy(t, d, peer.Target, "-u", "ann", "--mech", l.Mech)
		mu.Lock()
		for _, form := range forms(password) {
			if strings.Contains(seen.String(), form) {
				t.Errorf("%+v: the trace has %q in it: %s", l, form, seen.String())
			}
		}
		if !l.Unbound() && !strings.Contains(seen.String(), "AUTH ") {
			t.Errorf("%+v: there is no login in the trace: %s", l, seen.String())
		}
		mu.Unlock()
		switch {
		case l.Unbound():
			fails(t, err, fault.TLSRequired, "auth", "binds the login to TLS")
		case l.Right && err != nil:
			t.Errorf("%+v: %v", l, err)
		case l.Right:
			u.sess.Close()
		default:
			fails(t, err, fault.Login, "auth", "535")
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

// a token that was kept, and that the server has ended, is looked for
// anew; one that has just come is not tried twice, nor is a password. On a new
// connection the token of that time is said (T15).
func TestTokens(t *testing.T) {
	for _, mech := range []string{"XOAUTH2", "OAUTHBEARER", "PLAIN"} {
		for _, kept := range []bool{true, false} {
			var asked int
			var wants atomic.Value
			wants.Store("token-2")
			peer := conformance.Serve(t, smtp.Protocols()[0].Schemes[0], logins(func() string { return wants.Load().(string) }))
			p := protocols.Peer{
				Dialer: &wire.Dialer{Options: wire.Options{NoProxy: "*"}}, Target: peer.Target,
				Keys: func(context.Context, wire.Target, string) (string, string, error) {
					asked++
					return "ann", fmt.Sprint("token-", asked), nil
				},
				Refused: func(context.Context) bool { return kept },
			}
			u, err := meets(t, smtp.Protocols()[0], p, "-u", "ann", "--mech", mech)
			if !kept || mech == "PLAIN" {
				fails(t, err, fault.Login, "auth", "535")
				if asked != 1 {
					t.Errorf("%s: asked %d times for a secret", mech, asked)
				}
				continue
			}
			if err != nil || asked != 2 {
				t.Fatalf("%s: %v, asked %d times for a token", mech, err, asked)
			}
			wants.Store("token-3")
			u.do(t.Context(), "noop", "")
			smtp.Rest(u.sess)
			if _, err := u.do(t.Context(), "send", small, "m.eml", "-t", "b@y"); err != nil || asked != 3 {
				t.Errorf("%s: %v, asked %d times for a token", mech, err, asked)
			}
			u.sess.Close()
		}
	}
}
