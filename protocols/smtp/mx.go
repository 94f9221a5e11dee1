package smtp

import (
	"bufio"
	"context"
	"encoding/binary"
	"io"
	"math/rand/v2"
	"net"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strings"

	"golang.org/x/net/dns/dnsmessage"

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
	hosts, err := s.askMX(ctx, strings.TrimSuffix(name, "."))
	switch {
	case err != nil:
		return nil, err
	case len(hosts) == 0:
		return []Exchanger{{0, name}}, nil
	case len(hosts) == 1 && hosts[0].Host == "":
		return nil, &fault.Error{Kind: fault.Refused, At: name, Phase: "resolve", Text: "the domain takes no mail (RFC 7505)"}
	}
	rand.Shuffle(len(hosts), func(i, j int) { hosts[i], hosts[j] = hosts[j], hosts[i] })
	slices.SortStableFunc(hosts, func(a, b Exchanger) int { return int(a.Preference) - int(b.Preference) })
	return hosts, nil
}

// askMX puts the question over UDP, and again over TCP where the answer is
// too long for that.
func (s *Session) askMX(ctx context.Context, domain string) ([]Exchanger, error) {
	q, err := dnsmessage.NewName(domain + ".")
	if err != nil {
		return nil, fault.New(fault.BadArgument, "%q is no domain", domain)
	}
	m := dnsmessage.Message{
		Header:    dnsmessage.Header{ID: uint16(rand.Uint32()), RecursionDesired: true},
		Questions: []dnsmessage.Question{{Name: q, Type: dnsmessage.TypeMX, Class: dnsmessage.ClassINET}},
	}
	ask, err := m.Pack()
	if err != nil {
		return nil, fault.New(fault.BadArgument, "%q is no domain", domain)
	}
	for _, network := range []string{"udp", "tcp"} {
		var answer []byte
		if answer, err = s.resolver(ctx, network, ask); err != nil {
			break
		}
		var r dnsmessage.Message
		if err = r.Unpack(answer); err != nil || r.ID != m.ID || !r.Response {
			return nil, &fault.Error{Kind: fault.Resolve, At: domain, Phase: "resolve", Text: "the name server's answer is malformed"}
		}
		if !r.Truncated {
			return readMX(domain, r)
		}
	}
	if err == nil {
		err = &fault.Error{Kind: fault.Resolve, At: domain, Phase: "resolve", Text: "the name server's answer is cut short"}
	}
	return nil, err
}

func readMX(domain string, r dnsmessage.Message) (hosts []Exchanger, err error) {
	switch r.RCode {
	case dnsmessage.RCodeSuccess:
	case dnsmessage.RCodeNameError:
		return nil, &fault.Error{Kind: fault.Resolve, At: domain, Phase: "resolve", Text: "the domain does not exist"}
	default:
		return nil, &fault.Error{Kind: fault.Resolve, At: domain, Phase: "resolve", Text: "the name server cannot tell who takes the mail: " + r.RCode.String()}
	}
	for _, a := range r.Answers {
		if mx, ok := a.Body.(*dnsmessage.MXResource); ok {
			hosts = append(hosts, Exchanger{mx.Pref, strings.TrimSuffix(mx.MX.String(), ".")})
		}
	}
	return hosts, nil
}

// resolver sends a question to the name server, and returns its answer.
func (s *Session) resolver(ctx context.Context, network string, ask []byte) ([]byte, error) {
	c, err := s.wire.Dial(ctx, wire.Target{
		URL:    &url.URL{Scheme: "dns", Host: nameServer(s.wire.Options.DNS)},
		Scheme: wire.Scheme{Name: "dns", Port: "53", Network: network},
	})
	if err != nil {
		return nil, err
	}
	defer c.Close()
	defer context.AfterFunc(ctx, c.Interrupt)()
	defer c.Reply()()
	answer := make([]byte, 64<<10)
	n := 0
	if network == "udp" {
		if _, err = c.Write(ask); err == nil {
			n, err = c.Read(answer)
		}
	} else if _, err = c.Write(binary.BigEndian.AppendUint16(nil, uint16(len(ask)))); err == nil {
		if _, err = c.Write(ask); err == nil {
			if _, err = io.ReadFull(c, answer[:2]); err == nil {
				n, err = io.ReadFull(c, answer[:binary.BigEndian.Uint16(answer)])
			}
		}
	}
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if err != nil && fault.Of(err) == fault.Internal {
		err = &fault.Error{Kind: fault.Resolve, Phase: "resolve", At: c.Info().Host, Text: "the name server closed the connection"}
	}
	return answer[:n], err
}

// nameServer is the one of --dns, or the first of this machine's.
func nameServer(option string) string {
	if option != "" {
		if _, err := netip.ParseAddr(strings.Trim(option, "[]")); err == nil {
			return net.JoinHostPort(strings.Trim(option, "[]"), "53")
		}
		return option
	}
	if f, err := os.Open("/etc/resolv.conf"); err == nil {
		defer f.Close()
		for lines := bufio.NewScanner(f); lines.Scan(); {
			if w := strings.Fields(lines.Text()); len(w) > 1 && w[0] == "nameserver" {
				return net.JoinHostPort(w[1], "53")
			}
		}
	}
	return "127.0.0.1:53"
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
