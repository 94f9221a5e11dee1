package wire

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"wireline/protocols/fault"
)

// An Answer is what the name system says of a host.
type Answer struct {
	Host      string        `json:"host"`
	Canonical string        `json:"canonical"`
	Aliases   []string      `json:"aliases,omitempty"`
	Addrs     []netip.Addr  `json:"addrs"`
	Took      time.Duration `json:"took"`
}

// Lookup resolves host in all the forms that ParseHost reads, within
// Limits.Connect. Its errors are of kind Resolve, phase resolve.
func (d *Dialer) Lookup(ctx context.Context, host string) (*Answer, error) {
	name, err := ParseHost(host)
	if err != nil {
		return nil, err
	}
	ctx, stop := d.limited(ctx, d.InForce().Connect)
	defer stop()
	start := time.Now()
	addrs, err := d.lookup(ctx, name)
	if err != nil {
		return nil, err
	}
	a := &Answer{Host: name, Canonical: strings.TrimSuffix(name, "."), Addrs: addrs}
	if _, err := netip.ParseAddr(name); err != nil && name != "" {
		o := &oracle{host: name}
		defer o.end()
		r, _ := d.resolver(o)
		if c, err := r.LookupCNAME(ctx, name); err == nil {
			if c = strings.TrimSuffix(c, "."); !strings.EqualFold(c, a.Canonical) {
				a.Aliases = []string{a.Canonical}
				a.Canonical = c
			}
		}
	}
	a.Took = time.Since(start)
	return a, nil
}

// Reverse finds the names of an address, as gethostbyaddr does.
func (d *Dialer) Reverse(ctx context.Context, addr string) ([]string, error) {
	h, err := ParseHost(addr)
	if err != nil {
		return nil, err
	}
	if _, err := netip.ParseAddr(h); err != nil {
		return nil, fault.New(fault.BadArgument, "%q is not an address", addr)
	}
	ctx, stop := d.limited(ctx, d.InForce().Connect)
	defer stop()
	o := &oracle{host: h}
	defer o.end()
	r, server := d.resolver(o)
	names, err := r.LookupAddr(ctx, h)
	if err != nil {
		e := dnsFault(ctx, h, "", server, o, err)
		var f *fault.Error
		if errors.As(e, &f) && (o.rcode() == 3 || o.rcode() == 0) {
			f.Text, f.Hint = "the address has no name", ""
		}
		return nil, e
	}
	for i := range names {
		names[i] = strings.TrimSuffix(names[i], ".")
	}
	return names, nil
}

// resolver is the name service to ask, reporting to o.
func (d *Dialer) resolver(o *oracle) (r *net.Resolver, server string) {
	r = &net.Resolver{PreferGo: runtime.GOOS == "linux"}
	if s := d.Options.DNS; s != "" {
		r.PreferGo = true
		server = s
		if _, err := netip.ParseAddr(strings.Trim(s, "[]")); err == nil {
			server = net.JoinHostPort(strings.Trim(s, "[]"), "53")
		}
	}
	r.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
		if server != "" {
			address = server
		}
		var nd net.Dialer
		c, err := nd.DialContext(ctx, network, address)
		if err == nil {
			err = o.track(c)
		}
		if err != nil {
			return nil, err
		}
		if u, ok := c.(*net.UDPConn); ok {
			return udpOracle{u, o}, nil
		}
		return tcpOracle{c, o}, nil
	}
	return r, server
}

// family is what -4 and -6 leave: ip, ip4 or ip6.
func (d *Dialer) family() string {
	switch {
	case d.Options.IPv4 && !d.Options.IPv6:
		return "ip4"
	case d.Options.IPv6 && !d.Options.IPv4:
		return "ip6"
	}
	return "ip"
}

// lookup finds the addresses of a host that ParseHost has read.
func (d *Dialer) lookup(ctx context.Context, host string) ([]netip.Addr, error) {
	family := d.family()
	word := map[string]string{"ip4": "IPv4 ", "ip6": "IPv6 "}[family]
	fits := func(a netip.Addr) bool {
		return family == "ip" || a.Unmap().Is4() == (family == "ip4")
	}
	if a, err := netip.ParseAddr(host); err == nil {
		if !fits(a) {
			return nil, &fault.Error{At: host, Phase: "resolve", Kind: fault.Resolve, Text: "not an " + word + "address"}
		}
		return []netip.Addr{a}, nil
	}
	start := time.Now()
	o := &oracle{host: host}
	defer o.end()
	r, server := d.resolver(o)
	addrs, err := r.LookupNetIP(ctx, family, host)
	d.phase(func(t *Timing) { t.DNS += time.Since(start) })
	if err != nil {
		return nil, dnsFault(ctx, host, word, server, o, err)
	}
	for i := range addrs {
		addrs[i] = addrs[i].Unmap()
	}
	addrs = slices.DeleteFunc(addrs, func(a netip.Addr) bool { return !fits(a) })
	if len(addrs) == 0 {
		return nil, &fault.Error{At: host, Phase: "resolve", Kind: fault.Resolve, Text: "the name exists but has no " + word + "address"}
	}
	var b strings.Builder
	for i, a := range addrs[:min(4, len(addrs))] {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(a.String())
	}
	if n := len(addrs) - 4; n > 0 {
		b.WriteString(" and " + strconv.Itoa(n) + " more")
	}
	d.note(0, "resolve", host+" is "+b.String())
	return addrs, nil
}

// pinned applies --resolve: the addresses the user gave for host:port.
func (d *Dialer) pinned(host string, port int) ([]netip.Addr, error) {
	for _, s := range d.Options.Resolve {
		h, p, list, ok := splitRule(s)
		if !ok {
			return nil, fault.New(fault.BadArgument, "--resolve %q is not HOST:PORT:ADDR", s)
		}
		if h != "*" && !strings.EqualFold(h, host) || p != strconv.Itoa(port) {
			continue
		}
		var addrs []netip.Addr
		for a := range strings.SplitSeq(list, ",") {
			ip, err := netip.ParseAddr(strings.Trim(a, "[]"))
			if err != nil {
				return nil, fault.New(fault.BadArgument, "--resolve %q: %q is not an address", s, a)
			}
			addrs = append(addrs, ip)
		}
		return addrs, nil
	}
	return nil, nil
}

// diverted applies --connect-to: where to go instead of host:port.
func (d *Dialer) diverted(network, host string, port int) (string, int, error) {
	for _, s := range d.Options.ConnectTo {
		h, p, to, ok := splitRule(s)
		h2, p2, ok2 := lastColon(to)
		if !ok || !ok2 {
			return "", 0, fault.New(fault.BadArgument, "--connect-to %q is not HOST:PORT:HOST2:PORT2", s)
		}
		if h != "" && !strings.EqualFold(h, host) || p != "" && p != strconv.Itoa(port) {
			continue
		}
		var err error
		if h2 != "" {
			if host, err = ParseHost(h2); err != nil {
				return "", 0, err
			}
		}
		if p2 != "" {
			port, err = Port(network, p2)
		}
		return host, port, err
	}
	return host, port, nil
}

// splitRule cuts HOST:PORT:REST, where HOST may be an address in brackets.
func splitRule(s string) (host, port, rest string, ok bool) {
	if strings.HasPrefix(s, "[") {
		if host, rest, ok = strings.Cut(s[1:], "]:"); !ok {
			return "", "", "", false
		}
	} else if host, rest, ok = strings.Cut(s, ":"); !ok {
		return "", "", "", false
	}
	port, rest, ok = strings.Cut(rest, ":")
	return host, port, rest, ok
}

func lastColon(s string) (host, port string, ok bool) {
	i := strings.LastIndexByte(s, ':')
	if i < 0 {
		return "", "", false
	}
	return strings.Trim(s[:i], "[]"), s[i+1:], true
}
