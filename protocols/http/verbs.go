package http

import (
	"context"
	"slices"
	"strings"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
	"wireline/protocols/web"
)

// Get fetches a URL, or several.
func (s *Session) Get(ctx context.Context, a GetArgs) (*verb.Blob, error) {
	if urls := a.several(); len(urls) > 1 {
		return s.fetchAll(ctx, urls, a)
	}
	r, err := s.request("GET", a.Args, verb.Input{})
	if err != nil {
		return nil, err
	}
	if err := r.part(a); err != nil {
		return nil, err
	}
	if a.Parts > 1 {
		return s.getSegments(ctx, r, a.Parts)
	}
	return s.fetch(ctx, r)
}

// Post sends fields or a body to a URL.
func (s *Session) Post(ctx context.Context, a SendArgs) (*verb.Blob, error) {
	return s.sendBody(ctx, "POST", a)
}

// Put stores fields or a body at a URL.
func (s *Session) Put(ctx context.Context, a SendArgs) (*verb.Blob, error) {
	return s.sendBody(ctx, "PUT", a)
}

// Patch changes what is at a URL.
func (s *Session) Patch(ctx context.Context, a SendArgs) (*verb.Blob, error) {
	return s.sendBody(ctx, "PATCH", a)
}

// Delete removes what is at a URL.
func (s *Session) Delete(ctx context.Context, a SendArgs) (*verb.Blob, error) {
	return s.sendBody(ctx, "DELETE", a)
}

// Request sends a request with any method.
func (s *Session) Request(ctx context.Context, a MethodArgs) (*verb.Blob, error) {
	return s.sendBody(ctx, a.Method, a.SendArgs)
}

// Head fetches the headers of a URL.
func (s *Session) Head(ctx context.Context, a HeadArgs) (any, error) {
	return s.ask(ctx, "HEAD", a)
}

// Options asks which methods a URL has.
func (s *Session) Options(ctx context.Context, a HeadArgs) (any, error) {
	return s.ask(ctx, "OPTIONS", a)
}

func (s *Session) sendBody(ctx context.Context, method string, a SendArgs) (*verb.Blob, error) {
	r, err := s.request(method, a.Args, a.Body)
	if err != nil {
		return nil, err
	}
	if a.Data != "" {
		if !r.body.empty() && (r.body.once == nil || a.Body.Name != "") {
			return nil, fault.New(fault.Usage, "fields, or a file, and --data both make the body; one is enough")
		}
		r.setText(a.Data)
	}
	if a.Chunked && !r.body.empty() {
		r.body.size = -1
	}
	return s.fetch(ctx, r)
}

// fetch is a request whose result is its body.
func (s *Session) fetch(ctx context.Context, r *request) (*verb.Blob, error) {
	if err := r.body.look(ctx); err != nil {
		return nil, err
	}
	if r.how.Dry || r.how.As != "" {
		return s.unsent(r)
	}
	if r.show.JQ != "" {
		if _, err := compile(r.show.JQ); err != nil {
			return nil, err
		}
	}
	r.alone = true
	res, err := s.perform(ctx, r)
	if err != nil {
		return nil, err
	}
	return s.blob(ctx, res, r)
}

// ask is a request whose result is its headers.
func (s *Session) ask(ctx context.Context, method string, a HeadArgs) (any, error) {
	r, err := s.request(method, Args{URL: a.URL, Items: a.Items, How: a.How}, verb.Input{})
	if err != nil {
		return nil, err
	}
	if r.how.Dry || r.how.As != "" {
		return s.unsent(r)
	}
	r.alone = true
	res, err := s.perform(ctx, r)
	if err != nil {
		return nil, err
	}
	if err := res.Drain(); err != nil {
		return nil, err
	}
	return s.last, r.verdict(res)
}

// HeadersArgs are the arguments of headers.
type HeadersArgs struct {
	Name string `arg:"name?" help:"show those of this name only"`
}

// Headers are those of the last response, as they came.
func (s *Session) Headers(_ context.Context, a HeadersArgs) (verb.Stream[web.Field], error) {
	if err := oneLine("name", a.Name); err != nil {
		return nil, err
	}
	if s.last == nil {
		return nil, s.nothingYet()
	}
	all := web.Fields(s.last.Headers)
	if a.Name != "" {
		all = slices.DeleteFunc(slices.Clone(all), func(f web.Field) bool { return !strings.EqualFold(f.Name, a.Name) })
		if len(all) == 0 {
			return nil, web.Locate(fault.New(fault.NotFound, "the last response has no header %q", a.Name), s.base)
		}
	}
	return rows([]web.Field(all)), nil
}

func (s *Session) nothingYet() error {
	return web.Locate(fault.New(fault.Usage, "no response yet"), s.base).WithHint("get / fetches the first page")
}

func rows[T any](all []T) verb.Stream[T] {
	return func(yield func(T, error) bool) {
		for _, x := range all {
			if !yield(x, nil) {
				return
			}
		}
	}
}
