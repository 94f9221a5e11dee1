package wire

import (
	"encoding/base64"
	"net/url"
	"strings"
	"sync"

	"wireline/protocols/digest"
)

// A Proxy is an HTTP proxy, to which we may have to say who asks (RFC 9110,
// section 11.7). Several goroutines may use it.
type Proxy struct {
	URL *url.URL

	how    string  // Options.ProxyAuth
	d      *Dialer // hears of what is secret
	mu     sync.Mutex
	digest *digest.Digest
}

// proxy is the one that u names, with what it has asked for.
func (d *Dialer) proxy(u *url.URL) *Proxy {
	how := d.Options.ProxyAuth
	for d.up != nil {
		d = d.up
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	key := how + " " + u.String()
	p := d.proxies[key]
	if p == nil {
		if d.proxies == nil {
			d.proxies = map[string]*Proxy{}
		}
		p = &Proxy{URL: u, how: how, d: d}
		d.proxies[key] = p
	}
	return p
}

// Authorization is what a request says of who asks, the value of
// Proxy-Authorization, or "". uri is what the request line names.
func (p *Proxy) Authorization(method, uri string) string {
	if p.URL.User == nil {
		return ""
	}
	name := p.URL.User.Username()
	password, _ := p.URL.User.Password()
	p.mu.Lock()
	defer p.mu.Unlock()
	var said string
	switch {
	case p.digest != nil:
		said = p.digest.Answer(name, password, method, uri, nil)
	case p.how != "digest":
		said = "Basic " + base64.StdEncoding.EncodeToString([]byte(name+":"+password))
	}
	if _, pair, ok := strings.Cut(said, " "); ok {
		p.d.Secret(pair)
	}
	return said
}

// Challenged takes the Proxy-Authenticate headers of an answer 407 to a request
// that said what Authorization had given, and reports whether there is another
// thing to say.
func (p *Proxy) Challenged(challenges []string, said string) (again bool) {
	if p.URL.User == nil || p.how == "basic" {
		return false
	}
	c := digest.Strongest(digest.Challenges(challenges), false)
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case c == nil:
		return false
	case p.digest == nil:
	case !p.digest.Signed(said): // another request has seen to it
		return true
	case !c.Stale():
		return false // it was wrong
	}
	p.digest = digest.New(*c)
	return true
}
