package wire

import (
	"net/netip"
	"strconv"
	"strings"

	"golang.org/x/net/idna"

	"wireline/protocols/fault"
)

// ParseHost reads a host as people write it: a name, a dotted quad, an IPv6
// address with or without brackets and zone, an integer (a binary IPv4
// address in host order), <broadcast>, or * or <any> for any address. It
// returns an address in canonical form, or the name that will be looked up, a
// name in other scripts as punycode. The empty string stays empty. Whatever
// could be taken for one host here and for another elsewhere is refused.
func ParseHost(s string) (string, error) {
	switch s {
	case "":
		return "", nil
	case "<broadcast>":
		return "255.255.255.255", nil
	case "*", "<any>":
		return "0.0.0.0", nil
	}
	h := s
	if strings.HasPrefix(h, "[") && strings.HasSuffix(h, "]") {
		if h = h[1 : len(h)-1]; !strings.Contains(h, ":") {
			return "", badHost(s, "brackets are for IPv6 addresses")
		}
	}
	if a, err := netip.ParseAddr(h); err == nil {
		if z := a.Zone(); z != "" {
			if !a.IsLinkLocalUnicast() && !a.IsLinkLocalMulticast() && !a.IsInterfaceLocalMulticast() {
				return "", badHost(s, "only a link-local address has a zone")
			}
			if strings.Trim(z, zoneChars) != "" {
				return "", badHost(s, "no interface is named so")
			}
		}
		if a.Is4() {
			return h, nil // there is but one form
		}
		return a.String(), nil
	}
	if n, err := strconv.ParseUint(h, 10, 32); err == nil && (h == "0" || h[0] != '0') {
		return netip.AddrFrom4([4]byte{byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}).String(), nil
	}
	if strings.Contains(h, ":") {
		return "", badHost(s, "not an IPv6 address")
	}
	return parseName(s, h)
}

const zoneChars = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_."

// parseName checks the name h against RFC 1123, with underscores allowed.
func parseName(s, h string) (string, error) {
	dot := strings.HasSuffix(h, ".")
	h = strings.TrimSuffix(h, ".")
	for i := range len(h) {
		switch c := h[i]; {
		case c <= ' ' || c == 0x7f:
			return "", badHost(s, "a blank or control character is not allowed")
		case c < 0x80 && strings.IndexByte(zoneChars, c) < 0:
			return "", badHost(s, "the character "+strconv.QuoteRune(rune(c))+" is not allowed")
		case c >= 0x80:
			a, err := idna.Lookup.ToASCII(h)
			if err != nil {
				return "", badHost(s, "not a valid international name")
			}
			h = a
		}
		if i >= len(h)-1 {
			break
		}
	}
	labels := strings.Split(h, ".")
	for _, l := range labels {
		switch {
		case l == "":
			return "", badHost(s, "a part of the name is empty")
		case len(l) > 63:
			return "", badHost(s, "a part of the name is longer than 63 bytes")
		case l[0] == '-' || l[len(l)-1] == '-':
			return "", badHost(s, "a part of the name begins or ends with a hyphen")
		case len(l) > 4 && strings.EqualFold(l[:4], "xn--"):
			if _, err := idna.Lookup.ToUnicode(l); err != nil {
				return "", badHost(s, "not valid punycode")
			}
		}
	}
	if last := strings.ToLower(labels[len(labels)-1]); strings.Trim(last, "0123456789") == "" || strings.HasPrefix(last, "0x") {
		return "", badHost(s, "it looks like an address but is not one").WithHint("write an IPv4 address as four decimal numbers, such as 127.0.0.1")
	}
	if len(h) > 253 {
		return "", badHost(s, "longer than 253 bytes")
	}
	if dot {
		h += "."
	}
	return h, nil
}

func badHost(s, why string) *fault.Error {
	if len(s) > 80 {
		s = s[:80] + "..."
	}
	return fault.New(fault.BadArgument, "%q is not a host: %s", s, why)
}
