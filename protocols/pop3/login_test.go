package pop3_test

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"strings"
	"sync/atomic"
	"testing"

	"wireline/protocols"
	"wireline/protocols/conformance"
	"wireline/protocols/fault"
	"wireline/protocols/pop3"
	"wireline/protocols/sasl/saslserver"
	"wireline/protocols/wire"
)

// logins is a server at which ann logs in by SASL. secret is asked for at each
// login.
func logins(secret func() string) func(net.Conn) {
	verdicts := map[saslserver.Verdict]string{
		saslserver.Right: "+OK welcome\r\n", saslserver.Wrong: "-ERR [AUTH] not you\r\n",
		saslserver.Cancelled: "-ERR cancelled\r\n", saslserver.Unknown: "-ERR not that\r\n",
	}
	return func(c net.Conn) {
		fmt.Fprint(c, "+OK ready\r\n")
		for in := bufio.NewScanner(c); in.Scan(); {
			switch f := strings.Fields(in.Text()); f[0] {
			case "CAPA":
				fmt.Fprintf(c, "+OK\r\nSASL %s\r\nUIDL\r\n.\r\n", strings.Join(saslserver.Mechanisms, " "))
			case "AUTH":
				u := saslserver.User{Name: "ann", Secret: secret()}
				fmt.Fprint(c, verdicts[u.Exchange(c, f[1:], func(challenge string) (string, bool) {
					fmt.Fprintf(c, "+ %s\r\n", challenge)
					ok := in.Scan()
					return in.Text(), ok
				})])
			case "STAT":
				fmt.Fprint(c, "+OK 0 0\r\n")
			case "LIST", "UIDL":
				fmt.Fprint(c, "+OK\r\n.\r\n")
			case "NOOP":
				fmt.Fprint(c, "+OK\r\n")
				return
			default:
				fmt.Fprint(c, "+OK\r\n")
			}
		}
	}
}

// POP-02: each mechanism of SASL, with the right secret and with a wrong one.
func TestMechanisms(t *testing.T) {
	for _, l := range saslserver.Cases() {
		secret := map[bool]string{true: password, false: "other"}[l.Right]
		peer := conformance.Serve(t, pop3.Protocol().Schemes[l.Scheme()], logins(func() string { return secret }))
		u, err := connect(t, peer.Target, wire.Options{Insecure: true}, "-u", "ann", "--mech", l.Mech)
		switch {
		case l.Unbound():
			fails(t, err, fault.TLSRequired, "binds the login to TLS")
		case l.Right && err != nil:
			t.Errorf("%+v: %v", l, err)
		case l.Right:
			u.sess.Close()
		default:
			fails(t, err, fault.Login, "")
		}
	}
}

// a token that was kept, and that the server has ended, is looked for
// anew. On a new connection the token of that time is said (T15).
func TestTokens(t *testing.T) {
	var wants atomic.Value
	wants.Store("token-2")
	peer := conformance.Serve(t, pop3.Protocol().Schemes[0], logins(func() string { return wants.Load().(string) }))
	asked := 0
	p := protocols.Peer{
		Dialer: &wire.Dialer{Options: wire.Options{NoProxy: "*"}}, Target: peer.Target,
		Keys: func(context.Context, wire.Target, string) (string, string, error) {
			asked++
			return "ann", fmt.Sprint("token-", asked), nil
		},
		Refused: func(context.Context) bool { return true },
	}
	u, err := meets(t, p, "-u", "ann", "--mech", "xoauth2")
	if err != nil || asked != 2 {
		t.Fatalf("%v, asked %d times for a token", err, asked)
	}
	wants.Store("token-3")
	u.must("noop")
	pop3.Rest(u.sess)
	u.must("ls")
	if asked != 3 {
		t.Errorf("asked %d times for a token", asked)
	}
	p.Refused = nil
	_, err = meets(t, p, "-u", "ann", "--mech", "xoauth2")
	fails(t, err, fault.Login, "not you")
}
