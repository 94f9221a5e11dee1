package http

import (
	"context"
	"fmt"
	"io"
	"strings"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
	"wireline/protocols/web"
)

// RawArgs are the arguments of raw.
type RawArgs struct {
	Text  []string `arg:"text..." help:"the request; else it is read from < or a pipe" dash:"yes" escapes:"yes"`
	Exact bool     `flag:"exact" help:"send the bytes as they are, without CR LF at the ends of the head's lines"`
	Body  verb.Input
}

// Raw sends a request as it was typed, on a connection of its own, and gives
// the response with its head.
func (s *Session) Raw(ctx context.Context, a RawArgs) (*verb.Blob, error) {
	text := strings.Join(a.Text, " ")
	if text == "" && a.Body.ReadCloser != nil {
		defer a.Body.Close()
		b, err := web.Whole(a.Body, maxLaid, "the request")
		if err != nil {
			return nil, err
		}
		text = string(b)
	}
	if text == "" {
		return nil, fault.New(fault.Usage, "missing request").WithHint(`such as: raw "GET / HTTP/1.0\r\n\r\n", or raw <<EOF`)
	}
	if !a.Exact {
		text = networkLines(text)
	}
	t, err := s.talk(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := io.WriteString(t, text); err != nil {
		_ = t.Close()
		return nil, err
	}
	method, _, _ := strings.Cut(text, " ")
	return &verb.Blob{Size: -1, ReadCloser: t.Answer(ctx, method)}, nil
}

func (s *Session) talk(ctx context.Context) (*web.Talk, error) {
	u := *s.base
	u.User = nil
	return s.client.Talk(ctx, &web.Request{URL: &u, Socket: s.ways.Socket})
}

// networkLines ends the lines of a head with CR LF, and the head with an
// empty line. The body stays as it is.
func networkLines(text string) string {
	head, body, found := strings.Cut(text, "\r\n\r\n")
	if !found {
		head, body, found = strings.Cut(text, "\n\n")
	}
	if !found {
		head = strings.TrimRight(head, "\r\n")
	}
	head = strings.ReplaceAll(strings.ReplaceAll(head, "\r\n", "\n"), "\n", "\r\n")
	return head + "\r\n\r\n" + body
}

// A draft is a request that is put together step by step, as with Python's
// putrequest, putheader, endheaders and send.
type draft struct {
	method string
	head   strings.Builder
	talk   *web.Talk // once the head has been sent
}

// drop forgets a draft.
func (s *Session) drop() {
	if s.draft != nil && s.draft.talk != nil {
		_ = s.draft.talk.Close()
	}
	s.draft = nil
}

// BeginArgs are the arguments of begin.
type BeginArgs struct {
	Method string `arg:"method" help:"method, such as GET"`
	URL    string `arg:"url?" help:"path, or what to add to the session's base" complete:"remote"`
	Bare   bool   `flag:"bare" help:"without a Host header"`
}

// Begin starts a request that header, endheaders and send go on with.
func (s *Session) Begin(_ context.Context, a BeginArgs) (any, error) {
	r, err := s.request(a.Method, Args{URL: a.URL}, verb.Input{})
	if err != nil {
		return nil, err
	}
	if !web.SameOrigin(r.url, s.home) {
		return nil, fault.New(fault.Usage, "%s is another server", web.Address(r.url))
	}
	s.drop()
	s.draft = &draft{method: a.Method}
	fmt.Fprintf(&s.draft.head, "%s %s HTTP/1.1\r\n", a.Method, r.url.RequestURI())
	if !a.Bare {
		s.draft.head.WriteString("Host: " + s.base.Host + "\r\n")
	}
	return nil, nil
}

// HeaderArgs are the arguments of header.
type HeaderArgs struct {
	Name  string   `arg:"name" help:"name of the header, or Name:value"`
	Value []string `arg:"value..." help:"its value"`
}

// Header adds a header to the request that was begun.
func (s *Session) Header(_ context.Context, a HeaderArgs) (any, error) {
	if err := oneLine("name", a.Name, "value", strings.Join(a.Value, " ")); err != nil {
		return nil, err
	}
	if err := s.drafting(false); err != nil {
		return nil, err
	}
	f := web.Field{Name: a.Name, Value: strings.Join(a.Value, " ")}
	if name, value, found := strings.Cut(a.Name, ":"); found {
		f = web.Field{Name: name, Value: strings.TrimSpace(strings.TrimSpace(value) + " " + f.Value)}
	}
	if err := web.CheckField(f); err != nil {
		return nil, err
	}
	s.draft.head.WriteString(f.Name + ": " + f.Value + "\r\n")
	return nil, nil
}

// EndHeaders sends the head of the request that was begun.
func (s *Session) EndHeaders(ctx context.Context, _ struct{}) (any, error) {
	if err := s.drafting(false); err != nil {
		return nil, err
	}
	t, err := s.talk(ctx)
	if err != nil {
		return nil, err
	}
	s.draft.talk = t
	_, err = io.WriteString(t, s.draft.head.String()+"\r\n")
	return nil, err
}

// SendBodyArgs are the arguments of send.
type SendBodyArgs struct {
	Text []string `arg:"text..." help:"what to send; else it is read from < or a pipe" dash:"yes" escapes:"yes"`
	Body verb.Input
}

// Send sends a piece of the body of the request that was begun.
func (s *Session) Send(_ context.Context, a SendBodyArgs) (any, error) {
	if err := s.drafting(true); err != nil {
		return nil, err
	}
	if a.Body.ReadCloser != nil && len(a.Text) == 0 {
		defer a.Body.Close()
		_, err := io.Copy(s.draft.talk, a.Body)
		return nil, err
	}
	_, err := io.WriteString(s.draft.talk, strings.Join(a.Text, " "))
	return nil, err
}

// drafting refuses a step that is not due.
func (s *Session) drafting(sent bool) error {
	switch {
	case s.draft == nil:
		return fault.New(fault.Usage, "no request was begun").WithHint("begin GET / begins one")
	case sent && s.draft.talk == nil:
		return fault.New(fault.Usage, "the head has not been sent").WithHint("endheaders sends it")
	case !sent && s.draft.talk != nil:
		return fault.New(fault.Usage, "the head has been sent").WithHint("send sends a body, response shows the answer")
	}
	return nil
}

// Response is the answer to the request that was begun, or else the head of
// the last response once more.
func (s *Session) Response(ctx context.Context, _ struct{}) (any, error) {
	if s.draft != nil {
		if err := s.drafting(true); err != nil {
			return nil, err
		}
		d := s.draft
		s.draft = nil
		return &verb.Blob{Size: -1, ReadCloser: d.talk.Answer(ctx, d.method)}, nil
	}
	if s.last == nil {
		return nil, s.nothingYet()
	}
	return s.last, nil
}
