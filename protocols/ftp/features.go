package ftp

import (
	"context"
	"slices"
	"strings"

	"wireline/protocols/verb"
)

// A Feature is a line of the answer to FEAT (RFC 2389).
type Feature struct {
	Name   string `json:"name"`
	Detail string `json:"detail,omitempty"`
}

// features are what the server says it can.
type features struct{ all []Feature }

func parseFeatures(r Reply) (f features) {
	if r.Code != 211 {
		return f
	}
	for _, line := range r.inner() {
		name, detail, _ := strings.Cut(strings.TrimSpace(line), " ")
		if name != "" {
			f.all = append(f.all, Feature{strings.ToUpper(name), strings.TrimSpace(detail)})
		}
	}
	return f
}

// has reports whether the server can name, and what it says of it.
func (f features) has(name string) (detail string, ok bool) {
	i := slices.IndexFunc(f.all, func(x Feature) bool { return x.Name == name })
	if i < 0 {
		return "", false
	}
	return f.all[i].Detail, true
}

// word reports whether a detail such as "MD5;SHA-1*;" has a word.
func word(detail, name string) bool {
	return slices.ContainsFunc(strings.FieldsFunc(detail, func(r rune) bool { return strings.ContainsRune(" ,;|", r) }),
		func(w string) bool { return strings.EqualFold(strings.TrimRight(w, "*"), name) })
}

// Caps asks what the server can.
func (s *Session) Caps(ctx context.Context, _ struct{}) (verb.Stream[Feature], error) {
	if err := s.ready(ctx); err != nil {
		return nil, err
	}
	r, err := s.must(ctx, "FEAT")
	if err != nil {
		return nil, err
	}
	s.caps = parseFeatures(r)
	return func(yield func(Feature, error) bool) {
		for _, f := range s.caps.all {
			if !yield(f, nil) {
				return
			}
		}
	}, nil
}
