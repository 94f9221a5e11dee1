package saslserver

import (
	"crypto/tls"
	"encoding/base64"
	"net"
	"strings"
)

// A Verdict is how a login ended.
type Verdict int

// What a server says to a login.
const (
	Right     Verdict = iota
	Wrong             // another secret
	Cancelled         // by the client, or because it went
	Unknown           // the mechanism
)

// Exchange is the server's side of AUTH on c, from the words behind it. ask
// says a challenge and gives the line that the client answers; not ok is a
// client that has gone.
func (u User) Exchange(c net.Conn, words []string, ask func(challenge string) (line string, ok bool)) Verdict {
	var state *tls.ConnectionState
	if t, ok := c.(*tls.Conn); ok {
		cs := t.ConnectionState()
		state = &cs
	}
	step, err := u.Begin(words[0], state)
	if err != nil {
		return Unknown
	}
	var answer []byte
	if len(words) > 1 {
		answer = decode(words[1])
	}
	for {
		challenge, over, right := step(answer)
		switch {
		case over && right:
			return Right
		case over:
			return Wrong
		}
		line, ok := ask(base64.StdEncoding.EncodeToString(challenge))
		if !ok || line == "*" {
			return Cancelled
		}
		answer = decode(line)
	}
}

// decode is never nil: an empty answer is one.
func decode(text string) []byte {
	data, _ := base64.StdEncoding.DecodeString(text)
	return append([]byte{}, data...)
}

// A Case is a login that an adapter is tested with.
type Case struct {
	Mech  string // "" is the strongest
	TLS   bool
	Right bool // the secret
}

// Cases are all mechanisms, plain and under TLS, with the right secret and
// with another one.
func Cases() (all []Case) {
	for _, mech := range append([]string{""}, Mechanisms...) {
		for _, secure := range []bool{false, true} {
			all = append(all, Case{mech, secure, true}, Case{mech, secure, false})
		}
	}
	return all
}

// Unbound reports whether the login must fail since it is to be bound to TLS,
// and there is none.
func (c Case) Unbound() bool { return strings.HasSuffix(c.Mech, "-PLUS") && !c.TLS }

// Scheme is the index of the scheme that a Case is tested with, of one without
// TLS and one with it.
func (c Case) Scheme() int {
	if c.TLS {
		return 1
	}
	return 0
}
