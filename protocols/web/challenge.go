package web

import (
	"slices"
	"strings"

	"golang.org/x/net/http/httpguts"
)

// A challenge is one way to say who asks that a server offers.
type challenge struct {
	scheme string            // in lower case
	params map[string]string // names in lower case
}

// challenges reads the WWW-Authenticate headers (RFC 9110, section 11.6.1).
// What it cannot read it leaves out.
func challenges(values []string) (all []challenge) {
	for _, v := range values {
		for v = strings.TrimLeft(v, ", \t"); v != ""; v = strings.TrimLeft(v, ", \t") {
			name, rest := token(v)
			if name == "" {
				break
			}
			c := challenge{strings.ToLower(name), map[string]string{}}
			v = strings.TrimLeft(rest, " \t")
			for v != "" {
				key, after := token(v)
				after = strings.TrimLeft(after, " \t")
				if key == "" || !strings.HasPrefix(after, "=") {
					break
				}
				var value string
				if value, v = parameter(strings.TrimLeft(after[1:], " \t")); len(c.params) < 32 {
					c.params[strings.ToLower(key)] = value
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

func offers(all []challenge, scheme string) bool {
	return slices.ContainsFunc(all, func(c challenge) bool { return c.scheme == scheme })
}

// strongest is the best Digest on offer that we can do for a request with that
// body, or nil.
func strongest(all []challenge, body *Body) (best *challenge) {
	for i, c := range all {
		if c.scheme != "digest" || !c.possible(body) {
			continue
		}
		if best == nil || strings.HasPrefix(strings.ToUpper(c.params["algorithm"]), "SHA-256") && !strings.HasPrefix(strings.ToUpper(best.params["algorithm"]), "SHA-256") {
			best = &all[i]
		}
	}
	return best
}

func (c *challenge) stale() bool { return strings.EqualFold(c.params["stale"], "true") }
