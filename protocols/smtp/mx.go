package smtp

import (
	"context"
	"net"
	"net/netip"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
	"wireline/protocols/wire"
)

// An Exchanger is a host that takes mail for a domain.
type Exchanger struct {
	Preference uint16 `json:"preference"` // the lowest is tried first
	Host       string `json:"host"`
}

// MXArgs are the arguments of mx.
type MXArgs struct {
	Domain string `arg:"domain?" help:"domain, as after the @ of an address; that of the server if left out"`
}

// MX lists the hosts that take mail for a domain, in the order in which they
// are to be tried.
func (s *Session) MX(ctx context.Context, a MXArgs) (verb.Stream[Exchanger], error) {
	if a.Domain == "" {
		a.Domain = s.peer.Target.Hostname()
	}
	hosts, err := s.exchangers(ctx, a.Domain)
	if err != nil {
		return nil, err
	}
	return rows(hosts), nil
}

// exchangers asks the name system. A domain without MX is a host itself (RFC
// 5321, section 5.1).
func (s *Session) exchangers(ctx context.Context, domain string) ([]Exchanger, error) {
	name, err := wire.ParseHost(domain)
	if err != nil {
		return nil, err
	}
	if _, err := netip.ParseAddr(name); err == nil {
		return []Exchanger{{0, name}}, nil
	}
	answer, err := s.wire.LookupMX(ctx, name)
	switch {
	case err != nil:
		return nil, err
	case len(answer) == 0:
		return []Exchanger{{0, name}}, nil
	case len(answer) == 1 && answer[0].Host == "":
		return nil, &fault.Error{Kind: fault.Refused, At: name, Phase: "resolve", Text: "the domain takes no mail (RFC 7505)"}
	}
	hosts := make([]Exchanger, len(answer))
	for i, mx := range answer {
		hosts[i] = Exchanger{mx.Pref, mx.Host}
	}
	return hosts, nil
}

// withHost is the target at another host, on the port that mail goes to.
func withHost(t wire.Target, host string) wire.Target {
	port := t.Port()
	if port == "" {
		port = t.Scheme.Port
	}
	u := *t.URL
	u.Host = net.JoinHostPort(host, port)
	t.URL = &u
	return t
}

// rows is a list as a stream.
func rows[T any](list []T) verb.Stream[T] {
	return func(yield func(T, error) bool) {
		for _, x := range list {
			if !yield(x, nil) {
				return
			}
		}
	}
}
