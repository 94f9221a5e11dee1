package digest

import (
	"crypto/md5"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"strings"
)

// A Digest is what is known of a server's way to ask for Digest. One goroutine at
// a time may use it.
type Digest struct {
	Challenge
	Good bool // the server has taken an answer; for the caller to set

	hash  func() hash.Hash
	qop   string // "auth" or "auth-int", or "" for that of RFC 2069
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

// New is what answers c, which must be one that Strongest gave.
func New(c Challenge) *Digest {
	return &Digest{Challenge: c, hash: hashOf(c.Params["algorithm"]), qop: c.qop()}
}

// qop is the one to use of those that are on offer, "" if there is none. That of
// the body is used where there is no other.
func (c *Challenge) qop() string {
	found := ""
	for word := range strings.SplitSeq(c.Params["qop"], ",") {
		switch word = strings.ToLower(strings.TrimSpace(word)); word {
		case "auth":
			return word
		case "auth-int":
			found = word
		}
	}
	return found
}

// possible reports whether c can be answered.
func (c *Challenge) possible(again bool) bool {
	_, wanted := c.Params["qop"]
	qop := c.qop()
	return hashOf(c.Params["algorithm"]) != nil && (!wanted || qop == "auth" || qop == "auth-int" && again)
}

// Signed reports whether a header is an answer to this challenge.
func (d *Digest) Signed(authorization string) bool {
	return strings.HasPrefix(authorization, "Digest ") && strings.Contains(authorization, ", nonce="+quoted(d.Params["nonce"])+",")
}

// Body is what the body of a request is to be hashed with, or nil if the server
// does not want that.
func (d *Digest) Body() hash.Hash {
	if d.qop != "auth-int" {
		return nil
	}
	return d.hash()
}

// Answer is the value of the header for a request. sum is the hash of its body, if
// Body is not nil.
func (d *Digest) Answer(name, password, method, uri string, sum []byte) string {
	return d.answer(name, password, method, uri, strings.ToLower(rand.Text()), hex.EncodeToString(sum))
}

// answer is what proves that we know the password (RFC 7616, section 3.4). body
// is the hash of the request's, for a qop that wants it.
func (d *Digest) answer(name, password, method, uri, cnonce, body string) string {
	d.count++
	nonce, realm := d.Params["nonce"], d.Params["realm"]
	nc := fmt.Sprintf("%08x", d.count)
	a1 := d.sum(name + ":" + realm + ":" + password)
	if strings.HasSuffix(strings.ToUpper(d.Params["algorithm"]), "-SESS") {
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
	hashed := strings.EqualFold(d.Params["userhash"], "true")
	if hashed {
		user = d.sum(user + ":" + realm)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "Digest username=%s, realm=%s, nonce=%s, uri=%s", quoted(user), quoted(realm), quoted(nonce), quoted(uri))
	if a := d.Params["algorithm"]; a != "" {
		b.WriteString(", algorithm=" + a)
	}
	fmt.Fprintf(&b, `, response="%s"`, d.sum(text))
	if o, ok := d.Params["opaque"]; ok {
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

func (d *Digest) sum(s string) string {
	h := d.hash()
	h.Write([]byte(s))
	return hex.EncodeToString(h.Sum(nil))
}

func quoted(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}
