package wire

import (
	"encoding/binary"
	"slices"
	"strings"
)

// aliases are the CNAME records in the answer section of a DNS message, by
// the names they are of, in lower case (RFC 1035, sections 3.2.2 and 4.1).
func aliases(p []byte) map[string]string {
	if len(p) < 12 {
		return nil
	}
	at := 12
	for range binary.BigEndian.Uint16(p[4:]) {
		if _, at = dnsName(p, at); at < 0 || at+4 > len(p) {
			return nil
		}
		at += 4
	}
	found := map[string]string{}
	for range binary.BigEndian.Uint16(p[6:]) {
		var name string
		if name, at = dnsName(p, at); at < 0 || at+10 > len(p) {
			break
		}
		kind, size := binary.BigEndian.Uint16(p[at:]), int(binary.BigEndian.Uint16(p[at+8:]))
		if at += 10; at+size > len(p) {
			break
		}
		if kind == 5 {
			if real, end := dnsName(p, at); end >= 0 {
				found[name] = real
			}
		}
		at += size
	}
	return found
}

// dnsName reads the name at an offset, and where it ends; -1 if it is none.
func dnsName(p []byte, at int) (name string, end int) {
	var labels []string
	end = -1
	for range 128 { // pointers could lead in a circle
		if at >= len(p) {
			return "", -1
		}
		n := int(p[at])
		switch {
		case n == 0:
			if end < 0 {
				end = at + 1
			}
			return strings.ToLower(strings.Join(labels, ".")), end
		case n >= 0xc0 && at+1 < len(p):
			if end < 0 {
				end = at + 2
			}
			at = n&0x3f<<8 | int(p[at+1])
		case n < 0x40 && at+1+n <= len(p):
			labels = append(labels, string(p[at+1:at+1+n]))
			at += 1 + n
		default:
			return "", -1
		}
	}
	return "", -1
}

// circle is the way from name along its aliases, if that comes back to where
// it has been, or "".
func circle(aliases map[string]string, name string) string {
	way := []string{strings.ToLower(name)}
	for {
		next, ok := aliases[way[len(way)-1]]
		if !ok {
			return ""
		}
		seen := slices.Contains(way, next)
		way = append(way, next)
		if seen {
			return strings.Join(way[max(0, len(way)-5):], ", ")
		}
	}
}
