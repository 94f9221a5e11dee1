package web

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"wireline/protocols/digest"
	"wireline/protocols/fault"
	"wireline/protocols/wire"
)

// maxRounds is how often credentials are offered for one request.
const maxRounds = 3

// A Login is who asks, for one origin. It answers what a server demands
// (RFC 9110, section 11): Basic (RFC 7617), Digest (RFC 7616), Bearer
// (RFC 6750). A nil Login is nobody.
type Login struct {
	User   string
	Ask    func(context.Context) (user, password string, err error) // for what is missing; nil: nobody can be asked
	Drop   func(context.Context) bool                               // tells that what Ask gave was refused, as protocols.Peer.Refused; may be nil
	Token  string                                                   // for Bearer
	Scheme string                                                   // "basic", "digest", "bearer", "auto" for what the server asks for; "" is basic unless it asks for better

	mu       sync.Mutex
	wire     *wire.Dialer
	cleared  bool // a password may be sent as it is
	where    *url.URL
	password *string
	digest   *digest.Digest
	asked    bool // the token is new, and has not been taken yet
}

// Login prepares l for requests to the origin of u.
func (c *Client) Login(u *url.URL, l *Login) *Login {
	l.wire, l.where = c.Wire, u
	l.cleared = u.Scheme == "https" || c.Wire.Options.Cleartext || c.local(u.Hostname())
	if _, has := u.User.Password(); u.User != nil && l.User == "" {
		l.User = u.User.Username()
		if has {
			l.SetPassword(password(u))
		}
	}
	if l.Token != "" {
		c.Wire.Secret(l.Token)
	}
	return l
}

func password(u *url.URL) string {
	p, _ := u.User.Password()
	return p
}

// SetPassword gives the password of User, so that nobody need be asked.
func (l *Login) SetPassword(p string) {
	l.password = &p
	if l.wire != nil && p != "" {
		l.wire.Secret(p)
	}
}

// local reports whether a connection to host stays on this machine.
func (c *Client) local(host string) bool {
	if o := c.Wire.Options; o.Proxy != "" || len(o.Resolve) > 0 || len(o.ConnectTo) > 0 {
		return false
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// knows reports whether there is a name, or somebody to ask for one.
func (l *Login) knows() bool { return l != nil && (l.User != "" || l.Token != "" || l.Ask != nil) }

// offer adds to r what can be said before the server asks.
func (l *Login) offer(ctx context.Context, r *Request) error {
	if l == nil || r.Fields.Has("Authorization") {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.digest != nil:
		return l.sign(r)
	case l.Token != "" || l.Scheme == "bearer":
		return l.bear(ctx, r)
	case l.Scheme != "basic" && (l.Scheme != "" || l.User == ""):
		return nil
	case !l.cleared:
		return l.clear("a password")
	}
	if err := l.find(ctx); err != nil {
		return err
	}
	return l.basic(r)
}

// Plan is the Authorization header that would be sent unasked, without what
// is secret in it; "" is none.
func (l *Login) Plan() string {
	switch {
	case l == nil || !l.cleared:
		return ""
	case l.Token != "" || l.Scheme == "bearer":
		return "Bearer ***"
	case l.digest != nil:
		return "Digest ***"
	case l.Scheme == "basic" || l.Scheme == "" && l.User != "":
		return "Basic ***"
	}
	return ""
}

// say adds the header, which no trace shows.
func (l *Login) say(r *Request, value string) error {
	l.wire.Secret(value)
	r.Fields.Set("Authorization", value)
	return CheckField(Field{"Authorization", value})
}

func (l *Login) basic(r *Request) error {
	text := pair(url.UserPassword(l.User, *l.password))
	l.wire.Secret(text)
	return l.say(r, "Basic "+text)
}

// sign adds the answer to a server that wants Digest.
func (l *Login) sign(r *Request) error {
	var sum []byte
	if h := l.digest.Body(); h != nil {
		if !r.Body.Again() {
			return fault.New(fault.Unsupported, "the server wants Digest with a hash of the body, and one that is piped in cannot be read twice").WithHint("put it into a file and send @FILE")
		}
		if r.Body != nil {
			from := r.Body.Open()
			_, err := io.Copy(h, from)
			_ = from.Close()
			if err != nil {
				return unreadable(err)
			}
		}
		sum = h.Sum(nil)
	}
	return l.say(r, l.digest.Answer(l.User, *l.password, r.Method, r.URL.RequestURI(), sum))
}

func (l *Login) clear(what string) error {
	return fault.New(fault.TLSRequired, "%s would go to %s in the clear", what, Address(l.where)).
		WithHint("https://%s, or --allow-cleartext if it must be", l.where.Host)
}

// find asks for the name and the password, once.
func (l *Login) find(ctx context.Context) error {
	if l.password != nil {
		return nil
	}
	if l.Ask == nil {
		l.SetPassword("")
		return nil
	}
	user, password, err := l.Ask(ctx)
	if err != nil {
		return err
	}
	l.User = user
	l.SetPassword(password)
	return nil
}

// challenged reports whether r is to be sent again, because res asks for
// credentials that we have and have not offered in sent.
func (l *Login) challenged(ctx context.Context, r, sent *Request, res *Response) (again bool, err error) {
	if !l.knows() || r.Fields.Has("Authorization") {
		return false, nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	offered := sent.Fields.Get("Authorization") // by this request; others may be under way with l
	if res.Code != http.StatusUnauthorized {
		l.asked = false
		if l.digest != nil && l.digest.Signed(offered) {
			l.digest.Good = true
		}
		return false, nil
	}
	if l.Scheme == "bearer" {
		return l.renew(ctx, sent)
	}
	all := digest.Challenges(res.Fields.Values("WWW-Authenticate"))
	if d := digest.Strongest(all, r.Body.Again()); d != nil && l.Scheme != "basic" {
		return l.redigest(ctx, d, offered)
	}
	switch {
	case offered != "": // it was wrong
		l.drop(ctx)
		return false, nil
	case l.Scheme == "digest" || !digest.Offers(all, "basic"):
		return false, nil
	case !l.cleared:
		return false, l.clear("a password")
	}
	if err := l.find(ctx); err != nil {
		return false, err
	}
	l.Scheme = "basic"
	return true, nil
}

// redigest takes up the challenge d, which a request met that offered what it
// says, and reports whether there is another answer to give.
func (l *Login) redigest(ctx context.Context, d *digest.Challenge, offered string) (bool, error) {
	if l.digest != nil && !l.digest.Signed(offered) {
		return true, nil // another request has seen to it
	}
	if l.digest != nil && !d.Stale() && !l.digest.Good && d.Params["realm"] == l.digest.Params["realm"] {
		l.drop(ctx)
		return false, nil
	}
	if err := l.find(ctx); err != nil {
		return false, err
	}
	l.digest = digest.New(*d)
	return true, nil
}

// drop has the next Ask not give what was refused.
func (l *Login) drop(ctx context.Context) {
	if l.Drop != nil {
		l.Drop(ctx)
	}
}

// Forget has the next request ask again for what was refused.
func (l *Login) Forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.Ask == nil {
		return
	}
	l.password, l.digest, l.asked = nil, nil, false
	if l.Scheme == "bearer" {
		l.Token = ""
	}
}

// Refused reports whether res says that the credentials were wrong.
func (l *Login) Refused(res *Response) bool {
	return res.Code == http.StatusUnauthorized && l != nil && strings.Contains(res.Sent(), "\r\nAuthorization: ")
}
