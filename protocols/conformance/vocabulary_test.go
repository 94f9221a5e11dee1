package conformance

import (
	"context"
	"testing"

	"wireline/protocols/fault"
)

func TestVocabulary(t *testing.T) {
	files := map[string][]byte{}
	put := func(_ context.Context, name string, data []byte) error {
		files[name] = data
		return nil
	}
	get := func(_ context.Context, name string) ([]byte, error) {
		data, ok := files[name]
		if !ok {
			return nil, &fault.Error{At: "memory", Kind: fault.NotFound, Text: "no such file"}
		}
		return data, nil
	}
	GetPut(t, put, get)
	if len(files) != len(contents()) {
		t.Errorf("%d files were put", len(files))
	}
	Removed(t, func(_ context.Context, name string) error { delete(files, name); return nil }, get, "dots")
}
