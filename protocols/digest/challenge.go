// Package digest says who asks over HTTP without saying the password: Digest
// access authentication (RFC 7616). It reads the challenges of servers and proxies
// (RFC 9110, section 11.3), for other schemes, too.
package digest

import (
	"slices"
	"strings"

	"golang.org/x/net/http/httpguts"
)

// A Challenge is one way to say who asks that a server offers.
type Challenge struct {
	Scheme string            // in lower case
	Params map[string]string // names in lower case
}

// Challenges reads WWW-Authenticate or Proxy-Authenticate headers (RFC 9110,
// section 11.6.1). What it cannot read it leaves out.
func Challenges(values []string) (all []Challenge) {
	for _, v := range values {
		for v = strings.TrimLeft(v, ", \t"); v != ""; v = strings.TrimLeft(v, ", \t") {
			name, rest := token(v)
			if name == "" {
				break
			}
			c := Challenge{strings.ToLower(name), map[string]string{}}
			v = strings.TrimLeft(rest, " \t")
			for v != "" {
				key, after := token(v)
				after = strings.TrimLeft(after, " \t")
				if key == "" || !strings.HasPrefix(after, "=") {
					break
				}
				var value string
				if value, v = parameter(strings.TrimLeft(after[1:], " \t")); len(c.Params) < 32 {
					c.Params[strings.ToLower(key)] = value
				}
				v = strings.TrimLeft(v, " \t")
				if !strings.HasPrefix(v, ",") {
					break
				}
				v = strings.TrimLeft(v, ", \t")
			}
			all = append(all, c)
			if !strings.HasPrefix(rest, " ") && rest != "" && rest[0] != ',' {
				break
			}
		}
	}
	return all
}

func token(s string) (name, rest string) {
	i := strings.IndexFunc(s, func(r rune) bool { return r >= 0x80 || !httpguts.IsTokenRune(r) })
	if i < 0 {
		return s, ""
	}
	return s[:i], s[i:]
}

// parameter reads a token or a quoted string.
func parameter(s string) (value, rest string) {
	if !strings.HasPrefix(s, `"`) {
		i := strings.IndexAny(s, ", \t")
		if i < 0 {
			i = len(s)
		}
		return s[:i], s[i:]
	}
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s):
			i++
			b.WriteByte(s[i])
		case s[i] == '"':
			return b.String(), s[i+1:]
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String(), ""
}

// Offers reports whether a scheme is among the challenges.
func Offers(all []Challenge, scheme string) bool {
	return slices.ContainsFunc(all, func(c Challenge) bool { return c.Scheme == scheme })
}

// Strongest is the best Digest on offer that can be answered, or nil. again is
// whether the body of the request can be read twice, as one that is nothing can.
func Strongest(all []Challenge, again bool) (best *Challenge) {
	for i, c := range all {
		if c.Scheme != "digest" || !c.possible(again) {
			continue
		}
		if best == nil || c.strong() && !best.strong() {
			best = &all[i]
		}
	}
	return best
}

func (c *Challenge) strong() bool {
	return strings.HasPrefix(strings.ToUpper(c.Params["algorithm"]), "SHA-256")
}

// Stale reports whether the answer was right but for its nonce, which is old.
func (c *Challenge) Stale() bool { return strings.EqualFold(c.Params["stale"], "true") }
