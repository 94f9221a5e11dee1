package xmlrpc

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"strconv"
	"strings"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/verb"
	"wireline/protocols/web"
)

// CallArgs are the arguments of call.
type CallArgs struct {
	Method string   `arg:"method" help:"name of the method" complete:"method"`
	Args   []string `arg:"argument..." help:"what it is given" dash:"yes"`
	Dump   bool     `flag:"dump" help:"show the XML of the request and of the response"`
}

// Call calls a method.
func (s *Session) Call(ctx context.Context, a CallArgs) (any, error) {
	words, err := s.aim(append([]string{a.Method}, a.Args...))
	if err != nil {
		return nil, err
	}
	text, err := encode(words)
	if err != nil {
		return nil, err
	}
	if a.Dump {
		return s.dump(ctx, text)
	}
	m, err := s.exchange(ctx, text)
	if err != nil {
		return nil, err
	}
	v, err := s.result(m)
	return plain(v), err
}

// encode is the XML of a call that was typed.
func encode(words []string) (string, error) {
	if len(words) == 0 || strings.TrimSpace(words[0]) == "" {
		return "", fault.New(fault.Usage, "missing METHOD")
	}
	method := words[0]
	if err := protocols.OneLine("method", method); err != nil {
		return "", err
	}
	var args []any
	for _, w := range words[1:] {
		v, err := valueOf(w)
		if err != nil {
			return "", err
		}
		args = append(args, v)
	}
	return call(method, args)
}

// value calls a method and gives its value.
func (s *Session) value(ctx context.Context, method string, args ...any) (any, error) {
	text, err := call(method, args)
	if err != nil {
		return nil, err
	}
	m, err := s.exchange(ctx, text)
	if err != nil {
		return nil, err
	}
	return s.result(m)
}

// result is what a response says.
func (s *Session) result(m *message) (any, error) {
	switch {
	case m.fault != nil:
		return nil, s.refused(m.fault)
	case m.method != "":
		return nil, web.Locate(fault.New(fault.Protocol, "the response is a call"), s.url)
	case len(m.params) != 1:
		return nil, web.Locate(fault.New(fault.Protocol, "a response has one value, this has %d", len(m.params)), s.url)
	}
	return m.params[0], nil
}

// exchange sends the XML of a call and reads the response.
func (s *Session) exchange(ctx context.Context, text string) (*message, error) {
	body, err := s.post(ctx, text)
	if err != nil {
		return nil, err
	}
	defer body.Close()
	m, err := parse(body)
	if err == nil {
		_, err = io.Copy(io.Discard, io.LimitReader(body, 64<<10)) // what follows the document
	}
	var f *fault.Error
	if errors.As(err, &f) {
		return nil, web.Locate(f, s.url)
	}
	return m, err
}

// post sends XML and gives what comes back.
func (s *Session) post(ctx context.Context, text string) (io.ReadCloser, error) {
	s.code, s.text = "", ""
	u := *s.url
	u.User = nil
	r := &web.Request{
		Method: "POST", URL: &u, Socket: s.ways.Socket, Body: web.Text(text),
		Fields: web.Fields{
			{Name: "User-Agent", Value: "wireline"}, {Name: "Accept", Value: "text/xml"},
			{Name: "Accept-Encoding", Value: "gzip"}, {Name: "Content-Type", Value: "text/xml"},
		},
	}
	if s.ways.Gzip {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		_, _ = io.WriteString(z, text)
		_ = z.Close()
		r.Body = web.Text(b.String())
		r.Fields.Add("Content-Encoding", "gzip")
	}
	res, err := s.client.Send(ctx, r, s.login)
	if err != nil {
		return nil, err
	}
	s.last = res
	s.code, s.text = strconv.Itoa(res.Code), res.Text
	if res.Code != 200 {
		_ = res.Drain()
		e := web.Locate(&fault.Error{Kind: fault.Refused, Code: s.code, Text: res.Text}, s.url)
		if s.login.Refused(res) {
			e.Kind = fault.Login
			s.login.Forget()
		} else if res.Code == 401 {
			e.Hint = "connect xmlrpc … -u NAME says who asks"
		}
		return nil, e
	}
	body, err := web.Decode(res)
	if err != nil {
		_ = res.Body.Close()
		return nil, err
	}
	return body, nil
}

// dump shows both texts. A fault is told of by the text itself.
func (s *Session) dump(ctx context.Context, text string) (any, error) {
	body, err := s.post(ctx, text)
	if err != nil {
		return nil, err
	}
	return &verb.Blob{Size: -1, Type: "text/xml", ReadCloser: both{io.MultiReader(strings.NewReader(text), body), body}}, nil
}

type both struct {
	io.Reader
	io.Closer
}

// Encode shows the XML of a call.
func (s *Session) Encode(_ context.Context, a EncodeArgs) (string, error) {
	return encode(append([]string{a.Method}, a.Args...))
}

// EncodeArgs are the arguments of encode.
type EncodeArgs struct {
	Method string   `arg:"method" help:"name of the method" complete:"method"`
	Args   []string `arg:"argument..." help:"what it is given" dash:"yes"`
}

// Offline tells that nothing is sent.
func (EncodeArgs) Offline() bool { return true }

// DecodeArgs are the arguments of decode.
type DecodeArgs struct {
	File verb.Input `arg:"file?" help:"file of XML; else < or a pipe feeds it" complete:"local"`
}

// Offline tells that nothing is sent.
func (DecodeArgs) Offline() bool { return true }

// RawArgs are the arguments of raw.
type RawArgs struct {
	URL string `arg:"url?" help:"URL of the service, if it is not the session's"`
	XML verb.Input
}

// Decoded is a message as a value.
type Decoded struct {
	Method string `json:"method,omitempty"` // of a call
	Params []any  `json:"params"`
	Fault  *Fault `json:"fault,omitempty"`
}

// Decode shows what is in the XML of a message.
func (s *Session) Decode(_ context.Context, a DecodeArgs) (*Decoded, error) {
	if a.File.ReadCloser == nil {
		return nil, fault.New(fault.Usage, "missing FILE").WithHint("decode FILE, or < FILE")
	}
	defer a.File.Close()
	m, err := parse(a.File)
	if err != nil {
		return nil, &fault.Error{Kind: fault.ReadLocal, Phase: "file", At: a.File.Name, Text: err.Error(), Err: err}
	}
	d := &Decoded{Method: m.method, Fault: m.fault, Params: []any{}}
	for _, v := range m.params {
		d.Params = append(d.Params, plain(v))
	}
	return d, nil
}

// Raw sends XML as it is.
func (s *Session) Raw(ctx context.Context, a RawArgs) (*verb.Blob, error) {
	if _, err := s.aim([]string{a.URL}); err != nil {
		return nil, err
	}
	if a.XML.ReadCloser == nil {
		return nil, fault.New(fault.Usage, "missing XML").WithHint("raw < FILE, or raw <<EOF")
	}
	defer a.XML.Close()
	text, err := web.Whole(a.XML, maxText, "the XML")
	if err != nil {
		return nil, err
	}
	body, err := s.post(ctx, string(text))
	if err != nil {
		return nil, err
	}
	return &verb.Blob{Size: -1, Type: "text/xml", ReadCloser: body}, nil
}
