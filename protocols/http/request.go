package http

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
	"wireline/protocols/web"
)

// A request is what the user asked for; redirects make others of it.
type request struct {
	method string
	url    *url.URL // tidy; its user is who asks
	host   string   // instead of the URL's, if not ""
	fields web.Fields
	typed  map[string]bool // the headers that the user chose, in lower case
	body   payload
	ways   Ways
	how    *How
	show   *Show
	from   int64 // the first byte that is wanted
	name   string
	login  *web.Login

	redirected schemes // where redirects may lead
	moved      bool    // it has been redirected to another origin

	segments int // ranges that are fetched at a time; 0: the whole

	alone   bool // no other request is under way with it
	browsed bool // somebody goes from page to page
}

// request reads the arguments. Nothing has been sent when it fails.
func (s *Session) request(method string, a Args, in verb.Input) (*request, error) {
	return s.requestFor(method, a.URL, &a, in)
}

// requestFor is request for another URL than that of a, which many requests may
// share.
func (s *Session) requestFor(method, word string, a *Args, in verb.Input) (*request, error) {
	if err := a.check(); err != nil {
		return nil, err
	}
	if strings.Trim(a.Print, "HBhbm") != "" {
		return nil, fault.New(fault.Usage, "--print %s: the letters are H, B, h, b and m", a.Print)
	}
	items := a.Items
	if isItem(word) {
		word, items = "", append([]string{word}, items...)
	}
	u, err := s.resolve(word)
	if err != nil {
		return nil, err
	}
	first, redirected, err := a.schemes()
	if err != nil {
		return nil, err
	}
	if !first.has(u.Scheme) {
		return nil, fault.New(fault.BadArgument, "%s: --proto does not allow %s", u.Redacted(), u.Scheme)
	}
	r := &request{
		redirected: redirected,
		method:     method, url: u, how: &a.How, show: &a.Show, ways: a.Ways.or(s.ways),
		fields: web.Fields{{Name: "User-Agent", Value: "wireline"}, {Name: "Accept", Value: "*/*"}},
		moved:  !web.SameOrigin(u, s.home), name: nameOf(u),
	}
	if r.ways.Compressed {
		r.fields.Add("Accept-Encoding", web.Accepted)
	}
	if err := r.apply(items, fields{form: a.Form || a.Multipart, parts: a.Multipart}); err != nil {
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
	if r.body.accept != "" && !r.typed["accept"] {
		r.fields.Set("Accept", r.body.accept)
	}
	if r.body.ctype != "" && !r.typed["content-type"] {
		r.fields.Add("Content-Type", r.body.ctype)
	}
	if r.login, err = s.login(u, a.Ways); err != nil {
		return nil, err
	}
	m := r.message()
	return r, m.Check()
}

// message is r as it is sent.
func (r *request) message() web.Request {
	m := web.Request{
		Method: r.method, URL: r.url, Host: r.host, Fields: r.fields, Version: r.ways.Version,
		Socket: r.ways.Socket, NoCert: r.moved,
	}
	if r.url.User != nil {
		u := *r.url
		u.User, m.URL = nil, &u
	}
	if !r.body.empty() {
		m.Body = &web.Body{Size: r.body.size, Once: !r.body.again(), Open: r.body.open}
	}
	return m
}

// part asks for a part of a body only.
func (r *request) part(a GetArgs) error {
	if a.Range != "" || a.From != 0 || a.IfRange != "" {
		r.fields = slices.Clone(r.fields)
	}
	switch {
	case a.Range != "":
		if strings.Trim(a.Range, "0123456789-,") != "" || !strings.Contains(a.Range, "-") {
			return fault.New(fault.BadArgument, "--range %q: a part is 0-99, 100- or -100", a.Range)
		}
		r.fields.Set("Range", "bytes="+a.Range)
	case a.From < 0:
		return fault.New(fault.BadArgument, "--from %d: a byte has no number below 0", a.From)
	case a.From > 0:
		r.from = a.From
		r.fields.Set("Range", "bytes="+strconv.FormatInt(a.From, 10)+"-")
		r.fields.Del("Accept-Encoding")
	}
	if a.IfRange != "" {
		f := web.Field{Name: "If-Range", Value: a.IfRange}
		if err := web.CheckField(f); err != nil {
			return err
		}
		if strings.HasPrefix(a.IfRange, "W/") {
			return fault.New(fault.ResumeMismatch, "%s is a weak ETag: two versions may share it", a.IfRange)
		}
		r.fields.Set(f.Name, f.Value)
	}
	return nil
}
