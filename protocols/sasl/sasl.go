// Package sasl logs in by SASL (RFC 4422): the mechanisms that mail and news
// servers offer, and which of them to take.
package sasl

import (
	"crypto/tls"
	"slices"
	"strings"

	"github.com/emersion/go-sasl"

	"wireline/protocols/fault"
)

// A Client is one login, as the libraries want it.
type Client = sasl.Client

// Credentials are who logs in, and how he proves it.
type Credentials struct {
	Name     string // of the user
	Secret   string // a password, or an OAuth token for a mechanism that takes one
	Identity string // to act as, if that is another one (authzid)
	Host     string // of the server, for OAUTHBEARER
	Port     int
}

// A Channel is what a login goes over.
type Channel struct {
	TLS     *tls.ConnectionState // nil on a plain connection
	Private bool                 // nobody else can read it, or the user does not mind
	Offered []string             // the mechanisms that the server offers, where that is known
}

// A mechanism is one line of the table.
type mechanism struct {
	name  string
	clear bool // the secret itself goes over the wire
	token bool // the secret is a token
	plus  bool // binds to TLS
	asked bool // only when asked for by name
	make  func(Credentials, Channel) (Client, error)
}

// table lists the mechanisms, the strongest first.
func table() []mechanism {
	return []mechanism{
		{name: "SCRAM-SHA-256-PLUS", plus: true, make: scramClient("SCRAM-SHA-256-PLUS")},
		{name: "SCRAM-SHA-1-PLUS", plus: true, make: scramClient("SCRAM-SHA-1-PLUS")},
		{name: "SCRAM-SHA-256", make: scramClient("SCRAM-SHA-256")},
		{name: "SCRAM-SHA-1", make: scramClient("SCRAM-SHA-1")},
		{name: "CRAM-MD5", make: cramMD5},
		{name: "PLAIN", clear: true, make: plain},
		{name: "LOGIN", clear: true, make: login},
		{name: "OAUTHBEARER", clear: true, token: true, asked: true, make: oauthBearer},
		{name: "XOAUTH2", clear: true, token: true, asked: true, make: xoauth2},
		{name: "EXTERNAL", asked: true, make: external},
		{name: "ANONYMOUS", asked: true, make: anonymous},
	}
}

// Names lists the mechanisms that New makes, the strongest first.
func Names() (names []string) {
	for _, m := range table() {
		names = append(names, m.name)
	}
	return names
}

func find(name string) (mechanism, bool) {
	all := table()
	i := slices.IndexFunc(all, func(m mechanism) bool { return strings.EqualFold(m.name, name) })
	if i < 0 {
		return mechanism{}, false
	}
	return all[i], true
}

// Clear reports whether the mechanism sends the secret so that whoever reads
// the connection learns it.
func Clear(name string) bool {
	m, ok := find(name)
	return ok && m.clear
}

// Secretless reports whether the mechanism needs no name and no password.
func Secretless(name string) bool {
	return strings.EqualFold(name, "EXTERNAL") || strings.EqualFold(name, "ANONYMOUS")
}

// Choose takes a mechanism: the one that is wanted, which need not be offered
// for the server to know it, or the strongest of those offered. A password
// does not go over a connection that others can read (kind TLSRequired).
func Choose(offered []string, want string, ch Channel) (string, error) {
	if want != "" {
		m, ok := find(want)
		switch {
		case !ok:
			return "", fault.New(fault.Unsupported, "the mechanism %q is not built in", want).WithHint("there are %s", strings.Join(Names(), ", "))
		case m.plus && ch.TLS == nil:
			return "", fault.New(fault.TLSRequired, "%s binds the login to TLS, and there is none", m.name)
		case m.clear && !ch.Private:
			return "", cleartext(m.name)
		}
		return m.name, nil
	}
	exposed := ""
	for _, m := range table() {
		if m.asked || m.plus && ch.TLS == nil || !slices.ContainsFunc(offered, func(o string) bool { return strings.EqualFold(o, m.name) }) {
			continue
		}
		if !m.clear || ch.Private {
			return m.name, nil
		}
		exposed = m.name
	}
	if exposed != "" {
		return "", cleartext(exposed)
	}
	if len(offered) == 0 {
		return "", fault.New(fault.Unsupported, "the server offers no way to log in").WithHint("some servers do only after TLS; --mech NAME tries one all the same")
	}
	return "", fault.New(fault.Unsupported, "the server offers no mechanism that is built in: %s", strings.Join(offered, ", ")).WithHint("--mech NAME takes one of %s", strings.Join(Names(), ", "))
}

func cleartext(mech string) error {
	return fault.New(fault.TLSRequired, "with %s the password would go over the network in the clear", mech).
		WithHint("--tls require, a scheme that has TLS, or --allow-cleartext if it must be")
}

// New begins a login. What it asks of the server is bounded: after ten rounds
// it gives up.
func New(name string, c Credentials, ch Channel) (Client, error) {
	m, ok := find(name)
	if !ok {
		return nil, fault.New(fault.Unsupported, "the mechanism %q is not built in", name)
	}
	inner, err := m.make(c, ch)
	if err != nil {
		return nil, err
	}
	return &bounded{Client: inner}, nil
}
