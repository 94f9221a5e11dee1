package wire

import (
	"context"
	"errors"
	"net"
	"strings"
)

// LookupMX asks which hosts take mail for a domain, within Limits.Connect:
// the lowest preference first, those of one preference in random order, their
// names without the final dot. There are none, and no error, for a domain
// that exists and names no host (RFC 5321, section 5.1); a single host "" is
// the null MX of RFC 7505. Its errors are of kind Resolve, phase resolve.
func (d *Dialer) LookupMX(ctx context.Context, domain string) ([]*net.MX, error) {
	ctx, stop := d.limited(ctx, d.InForce().Connect)
	defer stop()
	o := &oracle{host: domain}
	defer o.end()
	r, server := d.resolver(o)
	// The final dot keeps search domains out of it.
	hosts, err := r.LookupMX(ctx, strings.TrimSuffix(domain, ".")+".")
	if err != nil && len(hosts) == 0 {
		var d *net.DNSError
		if errors.As(err, &d) && d.IsNotFound && o.rcode() == 0 && o.inCircle() == "" {
			return nil, nil
		}
		return nil, dnsFault(ctx, domain, "", server, o, err)
	}
	for _, h := range hosts {
		h.Host = strings.TrimSuffix(h.Host, ".")
	}
	return hosts, nil
}
