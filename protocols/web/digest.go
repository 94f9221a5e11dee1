package web

import (
	"crypto/md5"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"strings"

	"wireline/protocols/fault"
)

// A digest is what is known of a server's way to ask for Digest.
type digest struct {
	challenge
	hash  func() hash.Hash
	qop   string // "auth", or "" for that of RFC 2069
	count int    // how often the nonce was used
}

// hashOf is the hash function of an algorithm, or nil if it is unknown.
func hashOf(algorithm string) func() hash.Hash {
	switch strings.TrimSuffix(strings.ToUpper(algorithm), "-SESS") {
	case "", "MD5":
		return md5.New
	case "SHA-256":
		return sha256.New
	}
	return nil
}

func newDigest(c challenge) (*digest, error) {
	d := &digest{challenge: c, hash: hashOf(c.params["algorithm"])}
	if offered, ok := c.params["qop"]; ok {
		for word := range strings.SplitSeq(offered, ",") {
			if strings.EqualFold(strings.TrimSpace(word), "auth") {
				d.qop = "auth"
			}
		}
		if d.qop == "" {
			return nil, fault.New(fault.Unsupported, "the server wants Digest with qop %q, which is not supported", Cut(offered, 40))
		}
	}
	return d, nil
}

// sign adds the answer to r.
func (d *digest) sign(l *Login, r *Request) error {
	return l.say(r, d.answer(l.User, *l.password, r.Method, r.URL.RequestURI(), strings.ToLower(rand.Text())))
}

// answer is what proves that we know the password (RFC 7616, section 3.4).
func (d *digest) answer(name, password, method, uri, cnonce string) string {
	d.count++
	nonce, realm := d.params["nonce"], d.params["realm"]
	nc := fmt.Sprintf("%08x", d.count)
	a1 := d.sum(name + ":" + realm + ":" + password)
	if strings.HasSuffix(strings.ToUpper(d.params["algorithm"]), "-SESS") {
		a1 = d.sum(a1 + ":" + nonce + ":" + cnonce)
	}
	a2 := d.sum(method + ":" + uri)
	text := a1 + ":" + nonce + ":" + a2
	if d.qop != "" {
		text = a1 + ":" + nonce + ":" + nc + ":" + cnonce + ":" + d.qop + ":" + a2
	}
	user := name
	hashed := strings.EqualFold(d.params["userhash"], "true")
	if hashed {
		user = d.sum(user + ":" + realm)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "Digest username=%s, realm=%s, nonce=%s, uri=%s", quoted(user), quoted(realm), quoted(nonce), quoted(uri))
	if a := d.params["algorithm"]; a != "" {
		b.WriteString(", algorithm=" + a)
	}
	fmt.Fprintf(&b, `, response="%s"`, d.sum(text))
	if o, ok := d.params["opaque"]; ok {
		b.WriteString(", opaque=" + quoted(o))
	}
	if d.qop != "" {
		fmt.Fprintf(&b, `, qop=%s, nc=%s, cnonce="%s"`, d.qop, nc, cnonce)
	}
	if hashed {
		b.WriteString(", userhash=true")
	}
	return b.String()
}

func (d *digest) sum(s string) string {
	h := d.hash()
	h.Write([]byte(s))
	return hex.EncodeToString(h.Sum(nil))
}

func quoted(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}
