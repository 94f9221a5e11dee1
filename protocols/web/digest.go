package web

import (
	"crypto/md5"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"strings"

	"wireline/protocols/fault"
)

// A digest is what is known of a server's way to ask for Digest.
type digest struct {
	challenge
	hash  func() hash.Hash
	qop   string // "auth" or "auth-int", or "" for that of RFC 2069
	count int    // how often the nonce was used
	good  bool   // the server has taken an answer
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

func newDigest(c challenge) *digest {
	return &digest{challenge: c, hash: hashOf(c.params["algorithm"]), qop: c.qop()}
}

// qop is the one to use of those that are on offer, "" if there is none. That of
// the body is used where there is no other.
func (c *challenge) qop() string {
	found := ""
	for word := range strings.SplitSeq(c.params["qop"], ",") {
		switch word = strings.ToLower(strings.TrimSpace(word)); word {
		case "auth":
			return word
		case "auth-int":
			found = word
		}
	}
	return found
}

// possible reports whether c can be answered for a request with that body.
func (c *challenge) possible(body *Body) bool {
	_, wanted := c.params["qop"]
	qop := c.qop()
	return hashOf(c.params["algorithm"]) != nil && (!wanted || qop == "auth" || qop == "auth-int" && body.Again())
}

// signed reports whether a header is an answer to this challenge.
func (d *digest) signed(authorization string) bool {
	return strings.HasPrefix(authorization, "Digest ") && strings.Contains(authorization, ", nonce="+quoted(d.params["nonce"])+",")
}

// sign adds the answer to r.
func (d *digest) sign(l *Login, r *Request) error {
	text := ""
	if d.qop == "auth-int" {
		if !r.Body.Again() {
			return fault.New(fault.Unsupported, "the server wants Digest with a hash of the body, and one that is piped in cannot be read twice").WithHint("put it into a file and send @FILE")
		}
		h := d.hash()
		if r.Body != nil {
			from := r.Body.Open()
			_, err := io.Copy(h, from)
			_ = from.Close()
			if err != nil {
				return unreadable(err)
			}
		}
		text = hex.EncodeToString(h.Sum(nil))
	}
	return l.say(r, d.answer(l.User, *l.password, r.Method, r.URL.RequestURI(), strings.ToLower(rand.Text()), text))
}

// answer is what proves that we know the password (RFC 7616, section 3.4). body
// is the hash of the request's, for a qop that wants it.
func (d *digest) answer(name, password, method, uri, cnonce, body string) string {
	d.count++
	nonce, realm := d.params["nonce"], d.params["realm"]
	nc := fmt.Sprintf("%08x", d.count)
	a1 := d.sum(name + ":" + realm + ":" + password)
	if strings.HasSuffix(strings.ToUpper(d.params["algorithm"]), "-SESS") {
		a1 = d.sum(a1 + ":" + nonce + ":" + cnonce)
	}
	a2 := method + ":" + uri
	if d.qop == "auth-int" {
		a2 += ":" + body
	}
	a2 = d.sum(a2)
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
