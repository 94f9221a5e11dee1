// Package saslserver is the other side of a login by SASL, for the tests of
// adapters. SCRAM is that of github.com/xdg-go/scram, which has nothing in
// common with the client that is tested.
package saslserver

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/tls"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/xdg-go/scram"
)

// A User may log in with the secret, which is a password or a token.
type User struct{ Name, Secret string }

// Mechanisms are those that Begin knows.
var Mechanisms = []string{
	"PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-256-PLUS", "XOAUTH2", "OAUTHBEARER",
}

// A Step takes what the client said, or nil where it has said nothing yet. It
// gives a challenge, or when over is set whether the login is right.
type Step func(answer []byte) (challenge []byte, over, right bool)

// Begin begins a login. TLS is the state to which a mechanism may be bound, as
// the server has it; nil on a plain connection.
func (u User) Begin(mech string, cs *tls.ConnectionState) (Step, error) {
	first := func(f func(answer string) bool) Step {
		return func(answer []byte) ([]byte, bool, bool) {
			if answer == nil {
				return []byte{}, false, false
			}
			return nil, true, f(string(answer))
		}
	}
	switch mech {
	case "PLAIN":
		return first(func(a string) bool { return a == "\x00"+u.Name+"\x00"+u.Secret }), nil
	case "LOGIN":
		return u.asks("Username:", u.Name, "Password:", u.Secret), nil
	case "CRAM-MD5":
		const challenge = "<1896.697170952@mail.example>"
		m := hmac.New(md5.New, []byte(u.Secret))
		m.Write([]byte(challenge))
		return u.asks(challenge, u.Name+" "+hex.EncodeToString(m.Sum(nil))), nil
	case "XOAUTH2":
		return token("user=" + u.Name + "\x01auth=Bearer " + u.Secret + "\x01\x01"), nil
	case "OAUTHBEARER":
		return token("n,a=" + u.Name + ",\x01*\x01auth=Bearer " + u.Secret + "\x01\x01"), nil
	case "SCRAM-SHA-1", "SCRAM-SHA-256", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-256-PLUS":
		return u.scram(mech, cs)
	}
	return nil, fmt.Errorf("no mechanism %s", mech)
}

// asks has pairs of a challenge and its right answer.
func (u User) asks(pairs ...string) Step {
	n, right := 0, true
	return func(answer []byte) ([]byte, bool, bool) {
		if n > 0 {
			right = right && string(answer) == pairs[n-1]
		}
		if n += 2; n > len(pairs)+1 {
			return nil, true, right
		}
		return []byte(pairs[n-2]), false, false
	}
}

// token is a login by a token. In what is wanted * is any fields.
func token(want string) Step {
	head, tail, any := strings.Cut(want, "*")
	refused := false
	return func(answer []byte) ([]byte, bool, bool) {
		got := string(answer)
		switch {
		case answer == nil:
			return []byte{}, false, false
		case refused:
			return nil, true, false
		case !any && got == want, any && strings.HasPrefix(got, head) && strings.HasSuffix(got, tail):
			return nil, true, true
		}
		refused = true
		return []byte(`{"status":"401"}`), false, false
	}
}

func (u User) scram(mech string, cs *tls.ConnectionState) (Step, error) {
	hash := scram.SHA256
	if strings.HasPrefix(mech, "SCRAM-SHA-1") {
		hash = scram.SHA1
	}
	server, err := hash.NewServer(func(name string) (scram.StoredCredentials, error) {
		if name != u.Name {
			return scram.StoredCredentials{}, fmt.Errorf("no user %q", name)
		}
		c, err := hash.NewClient(u.Name, u.Secret, "")
		if err != nil {
			return scram.StoredCredentials{}, err
		}
		return c.GetStoredCredentialsWithError(scram.KeyFactors{Salt: "salt", Iters: 4096})
	})
	if err != nil {
		return nil, err
	}
	talk := server.NewConversation()
	if strings.HasSuffix(mech, "-PLUS") {
		if cs == nil {
			return nil, fmt.Errorf("%s without TLS", mech)
		}
		bound, err := scram.NewTLSExporterBinding(cs)
		if err != nil {
			return nil, err
		}
		talk = server.NewConversationWithChannelBinding(bound)
	}
	return func(answer []byte) ([]byte, bool, bool) {
		switch {
		case answer == nil:
			return []byte{}, false, false
		case talk.Done():
			return nil, true, talk.Valid()
		}
		say, err := talk.Step(string(answer))
		if err != nil {
			return nil, true, false
		}
		return []byte(say), false, false
	}, nil
}
