package sasl

import (
	"context"
	"strconv"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/wire"
)

// Lookup finds who logs in by mech at p's target, and the secret, which no
// trace shows from then on. A name or a secret with the end of a line in it is
// refused (kind BadArgument).
func Lookup(ctx context.Context, p protocols.Peer, mech, user, identity string) (c Credentials, err error) {
	c = Credentials{Name: user, Identity: identity, Host: p.Target.Hostname()}
	c.Port, _ = strconv.Atoi(p.Target.Port())
	if Secretless(mech) {
		return c, nil
	}
	if c.Name, c.Secret, err = p.Keys(ctx, p.Target, user); err != nil {
		return c, err
	}
	p.Dialer.Secret(c.Secret)
	if err = protocols.OneLine("user", c.Name); err == nil {
		err = protocols.OneLine("password", c.Secret)
	}
	return c, err
}

// Check refuses what a user says of a login that would end a line.
func Check(user, mech, identity string) error {
	for _, f := range []struct{ name, value string }{{"user", user}, {"mech", mech}, {"authzid", identity}} {
		if err := protocols.OneLine(f.name, f.value); err != nil {
			return err
		}
	}
	return nil
}

// Located adds to an error of a login where it was: the place, the phase, and
// why the connection is not under TLS if that is the matter.
func Located(err error, at, phase, noTLS string) error {
	if f, ok := err.(*fault.Error); ok {
		f.At, f.Phase = at, phase
		if noTLS != "" && f.Kind == fault.TLSRequired {
			f.Text += "; TLS: " + noTLS
		}
	}
	return err
}

// Renew looks for another token when err says that the one of c was refused,
// and it was one that was kept from an earlier login: its server may end a
// token at any time (RFC 6750, section 3.1). ok is false where there is none.
func (c Credentials) Renew(ctx context.Context, p protocols.Peer, mech string, err error) (fresh Credentials, ok bool) {
	m, _ := find(mech)
	if fault.Of(err) != fault.Login || !m.token || p.Refused == nil || !p.Refused(ctx) {
		return c, false
	}
	fresh, err = Lookup(ctx, p, mech, c.Name, c.Identity)
	return fresh, err == nil && fresh.Secret != c.Secret
}

// Again is p for another login by what c was before: nobody is asked twice for
// a password. A token is looked for anew, since it may have expired.
func (c Credentials) Again(p protocols.Peer, mech string) protocols.Peer {
	if m, ok := find(mech); ok && m.token || c.Secret == "" {
		return p
	}
	p.Keys = func(context.Context, wire.Target, string) (string, string, error) { return c.Name, c.Secret, nil }
	return p
}
