package http

import (
	"context"
	"encoding/base64"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/net/http/httpguts"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

// A request is what the user asked for; redirects make others of it.
type request struct {
	method string
	url    *url.URL        // tidy; its user is who asks
	host   string          // instead of the URL's, if not ""
	header http.Header     // a nil value takes a default away
	typed  map[string]bool // the headers that the user chose
	body   payload
	follow bool
	expect []int
	print  string
}

// request reads the arguments. Nothing has been sent when it fails.
func (s *Session) request(method string, a Args, in verb.Input) (*request, error) {
	if !httpguts.ValidHeaderFieldName(method) { // both are tokens (RFC 9110, section 9.1)
		return nil, fault.New(fault.BadArgument, "%q is not a method", method)
	}
	if bad := strings.Trim(a.Print, "HBhbm"); bad != "" {
		if err := protocols.OneLine("--print", a.Print); err != nil {
			return nil, err
		}
		return nil, fault.New(fault.Usage, "--print %s: the letters are H, B, h, b and m", a.Print)
	}
	if isItem(a.URL) {
		a.URL, a.Items = "", append([]string{a.URL}, a.Items...)
	}
	u, err := s.resolve(a.URL)
	if err != nil {
		return nil, err
	}
	r := &request{
		method: method, url: u, typed: map[string]bool{},
		header: http.Header{"User-Agent": {"wireline"}, "Accept": {"*/*"}},
		follow: a.Follow, expect: a.Expect, print: a.Print,
	}
	if err := r.apply(a.Items, a.Form); err != nil {
		return nil, err
	}
	if in.ReadCloser != nil && r.body.empty() {
		r.body = inputPayload(in)
	} else if in.ReadCloser != nil {
		if in.Name != "" {
			return nil, fault.New(fault.Usage, "fields and < %s both make the body; one is enough", in.Name)
		}
		_ = in.Close()
	}
	if r.body.ctype != "" && !r.typed["Content-Type"] {
		r.header.Set("Content-Type", r.body.ctype)
	}
	if r.body.accept != "" && !r.typed["Accept"] {
		r.header.Set("Accept", r.body.accept)
	}
	return r, s.authorize(r)
}

// authorize adds the password of the URL. Others would read it on its way
// unless the way is TLS or stays on this machine.
func (s *Session) authorize(r *request) error {
	password, ok := r.url.User.Password()
	if !ok || r.typed["Authorization"] {
		return nil
	}
	if r.url.Scheme == "http" && !s.isLocal(r.url.Hostname()) && !s.wire.Options.Cleartext {
		return fault.New(fault.TLSRequired, "a password would go to %s in the clear", address(r.url)).
			WithHint("https://%s, or --allow-cleartext if it must be", r.url.Host)
	}
	if password != "" {
		s.wire.Secret(password)
	}
	pair := base64.StdEncoding.EncodeToString([]byte(r.url.User.Username() + ":" + password))
	s.wire.Secret(pair)
	r.header.Set("Authorization", "Basic "+pair)
	return nil
}

// isLocal reports whether a connection to host stays on this machine.
func (s *Session) isLocal(host string) bool {
	if o := s.wire.Options; o.Proxy != "" || len(o.Resolve) > 0 || len(o.ConnectTo) > 0 {
		return false
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// message is r as net/http wants it. moved is told of every piece of the body
// that is taken.
func (r *request) message(ctx context.Context, moved func()) *http.Request {
	u := *r.url
	u.User = nil
	m := &http.Request{
		Method: r.method, URL: &u, Host: r.host, Header: r.header.Clone(),
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
	}
	if !r.body.empty() {
		m.ContentLength = r.body.size
		m.Body = &progress{r.body.open(), moved}
		if r.body.size == 0 && r.body.again() {
			_ = m.Body.Close()
			m.Body = http.NoBody
		}
		if r.body.again() {
			m.GetBody = func() (io.ReadCloser, error) { return &progress{r.body.open(), moved}, nil }
		}
	}
	return m.WithContext(ctx)
}

// progress is a body that tells when it moves.
type progress struct {
	io.ReadCloser
	moved func()
}

func (p *progress) Read(b []byte) (int, error) {
	n, err := p.ReadCloser.Read(b)
	p.moved()
	return n, err
}
