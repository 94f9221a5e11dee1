package nntp_test

import (
	"io"
	"strings"

	"wireline/protocols/verb"
	"wireline/repl/render"
)

// text reads a result to its end.
func text(res any) (string, error) {
	if b, ok := res.(*verb.Blob); ok {
		got, err := io.ReadAll(b)
		if cerr := b.Close(); err == nil {
			err = cerr
		}
		return string(got), err
	}
	var out strings.Builder
	err := render.Show(&out, &out, render.Options{}, res)
	return out.String(), err
}
