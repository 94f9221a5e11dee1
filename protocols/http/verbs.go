package http

import (
	"context"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

// Get fetches a URL.
func (s *Session) Get(ctx context.Context, a Args) (*verb.Blob, error) {
	return s.fetch(ctx, "GET", a, verb.Input{})
}

// Post sends fields or a body to a URL.
func (s *Session) Post(ctx context.Context, a SendArgs) (*verb.Blob, error) {
	return s.fetch(ctx, "POST", a.Args, a.Body)
}

// Put stores fields or a body at a URL.
func (s *Session) Put(ctx context.Context, a SendArgs) (*verb.Blob, error) {
	return s.fetch(ctx, "PUT", a.Args, a.Body)
}

// Patch changes what is at a URL.
func (s *Session) Patch(ctx context.Context, a SendArgs) (*verb.Blob, error) {
	return s.fetch(ctx, "PATCH", a.Args, a.Body)
}

// Delete removes what is at a URL.
func (s *Session) Delete(ctx context.Context, a Args) (*verb.Blob, error) {
	return s.fetch(ctx, "DELETE", a, verb.Input{})
}

// Request sends a request with any method.
func (s *Session) Request(ctx context.Context, a MethodArgs) (*verb.Blob, error) {
	return s.fetch(ctx, a.Method, a.Args, a.Body)
}

// Head fetches the headers of a URL.
func (s *Session) Head(ctx context.Context, a HeadArgs) (*Response, error) {
	return s.ask(ctx, "HEAD", a)
}

// Options asks which methods a URL has.
func (s *Session) Options(ctx context.Context, a HeadArgs) (*Response, error) {
	return s.ask(ctx, "OPTIONS", a)
}

// fetch is a request whose result is its body.
func (s *Session) fetch(ctx context.Context, method string, a Args, in verb.Input) (*verb.Blob, error) {
	r, err := s.request(method, a, in)
	if err != nil {
		return nil, err
	}
	x, err := s.perform(ctx, r)
	if err != nil {
		return nil, err
	}
	return s.blob(x, r), nil
}

// ask is a request whose result is its headers.
func (s *Session) ask(ctx context.Context, method string, a HeadArgs) (*Response, error) {
	r, err := s.request(method, a.args(), verb.Input{})
	if err != nil {
		return nil, err
	}
	x, err := s.perform(ctx, r)
	if err != nil {
		return nil, err
	}
	if err := x.drain(); err != nil {
		return nil, err
	}
	return s.last, r.verdict(s.last)
}

// Headers are those of the last response, in the order of their names.
func (s *Session) Headers(context.Context, struct{}) (verb.Stream[Field], error) {
	if s.last == nil {
		return nil, located(fault.New(fault.Usage, "no response yet"), s.base).WithHint("get / fetches the first page")
	}
	return rows(s.last.Headers), nil
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
