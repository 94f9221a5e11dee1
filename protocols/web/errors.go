package web

import (
	"context"
	"errors"
	"io"
	"net/url"
	"strings"
	"unicode/utf8"

	"wireline/protocols/fault"
)

// Locate adds to e where it happened, unless it says so.
func Locate(e *fault.Error, u *url.URL) *fault.Error {
	if e.At == "" && u != nil {
		e.At = Place(u)
	}
	return e
}

// Place is u for messages: the path may say something, the query may be a
// secret.
func Place(u *url.URL) string { return Address(u) + u.EscapedPath() }

// at is err with where it happened.
func at(err error, u *url.URL) error {
	var f *fault.Error
	if !errors.As(err, &f) {
		return err
	}
	return Locate(copyOf(f), u)
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

// Ended is why ctx ended, or nil if it has not.
func Ended(ctx context.Context) *fault.Error {
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

// explain is an error from before there was a response: in HTTP/1 of ours, in
// HTTP/2 of net/http.
func explain(ctx context.Context, err error, u *url.URL) error {
	if e := Ended(ctx); e != nil {
		return Locate(e, u)
	}
	var f *fault.Error
	var ours *fault.Panic
	switch {
	case errors.As(err, &f):
		return Locate(copyOf(f), u)
	case errors.As(err, &ours):
		return err
	}
	text := err.Error()
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return Locate(fault.New(fault.Partial, "the response ends within its headers"), u)
	case errors.Is(err, io.EOF), strings.Contains(text, "connection is not established"):
		return Locate(fault.New(fault.Empty, "the connection was closed without a byte of a response"), u)
	case strings.Contains(text, "header list larger"):
		return Locate(fault.New(fault.Limit, "headers of more than %d KiB", maxHead>>10), u)
	}
	if k := fault.Of(err); k != fault.Internal {
		return Locate(&fault.Error{Kind: k, Err: err, Text: k.Short}, u)
	}
	return Locate(fault.New(fault.Protocol, "no HTTP response: %s", brief(text)), u)
}

// brief is what a library or a server says, without the library's own name,
// and not longer than a line.
func brief(text string) string {
	for _, prefix := range []string{"net/http: ", "http2: ", "http: "} {
		text = strings.TrimPrefix(text, prefix)
	}
	return Cut(text, 200)
}

// Cut shortens text to so many bytes.
func Cut(text string, most int) string {
	if len(text) <= most {
		return text
	}
	end := most
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + "…"
}
