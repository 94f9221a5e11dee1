package http

import (
	"context"
	"errors"
	"io"
	"net/url"
	"strings"
	"unicode/utf8"

	"wireline/protocols/fault"
)

// located adds to e where it happened.
func located(e *fault.Error, u *url.URL) *fault.Error {
	if e.At == "" {
		e.At = at(u)
	}
	return e
}

// copyOf is f to be added to; what it was is its cause, so that errors.Is
// still finds it.
func copyOf(f *fault.Error) *fault.Error {
	e := *f
	if e.Code == "" && e.Text == "" && f.Err != nil {
		e.Text = f.Err.Error()
	}
	e.Err = f
	return &e
}

// ended is why ctx ended, or nil if it has not.
func ended(ctx context.Context) *fault.Error {
	cause := context.Cause(ctx)
	if cause == nil {
		return nil
	}
	if f, ok := cause.(*fault.Error); ok {
		return copyOf(f)
	}
	k := fault.Of(cause)
	if k == fault.Internal {
		k = fault.Interrupt
	}
	return fault.New(k, "%w", cause)
}

// explain is an error of net/http, before there was a response, in the words
// of the house: closed tells whether the server ended the connection, and
// answered whether any of the response had come.
func explain(ctx context.Context, err error, u *url.URL, closed, answered bool) error {
	if e := ended(ctx); e != nil {
		return located(e, u)
	}
	var f *fault.Error
	if errors.As(err, &f) {
		return located(copyOf(f), u)
	}
	text := err.Error()
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF), closed && answered: // net/http calls half a line malformed
		return located(fault.New(fault.Partial, "the response ends within its headers"), u)
	case errors.Is(err, io.EOF), strings.Contains(text, "server closed idle connection"):
		return located(fault.New(fault.Empty, "the connection was closed without a byte of a response"), u)
	case strings.Contains(text, "response headers exceeded"):
		return located(fault.New(fault.Limit, "headers of more than %d KiB", maxHead>>10), u)
	case strings.Contains(text, "ContentLength="):
		return located(fault.New(fault.ReadLocal, "the body is not as long as it was when the request began"), u)
	}
	if k := fault.Of(err); k != fault.Internal {
		return located(&fault.Error{Kind: k, Err: err, Text: k.Short}, u)
	}
	return located(fault.New(fault.Protocol, "no HTTP response: %s", brief(text)), u)
}

// brief is what net/http says, without its own name, and not longer than a
// line: it may quote the server.
func brief(text string) string {
	for _, prefix := range []string{"net/http: ", "HTTP/1.x transport connection broken: ", "http: ", "net/http: "} {
		text = strings.TrimPrefix(text, prefix)
	}
	const most = 200
	if len(text) <= most {
		return text
	}
	end := most
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + "…"
}
